/** Who may speak to the fleet's etcd: an authority of the lab's own, made with openssl. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../run-program.ts";

/** Paths of PEM files. */
export interface Certificates {
	readonly ca: string;
	/** Of etcd, for this machine's loopback under the name that it has here and under the one that guests call it by. */
	readonly server: Pair;
	/** What agents and server show to etcd. */
	readonly client: Pair;
}

export interface Pair {
	readonly cert: string;
	readonly key: string;
}

/** The address of this machine's loopback in QEMU's user-mode network. */
export const hostAddress = "10.0.2.2";

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const;
/** A fleet for a person may stay up for a while. */
const days = ["-days", "30"] as const;

export async function makeCertificates(folder: string): Promise<Certificates> {
	const ca = join(folder, "ca.crt");
	const caKey = join(folder, "ca.key");
	await openssl("req", "-x509", ...curve, "-keyout", caKey, "-out", ca, "-subj", "/CN=lab", ...days);
	const issue = async (name: string, uses: string): Promise<Pair> => {
		const path = (end: string) => join(folder, `${name}.${end}`);
		const [cert, key, request, extensions] = [path("crt"), path("key"), path("csr"), path("ext")];
		await writeFile(extensions, uses);
		await openssl("req", ...curve, "-keyout", key, "-out", request, "-subj", `/CN=${name}`);
		const signed = ["-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-extfile", extensions];
		await openssl("x509", "-req", "-in", request, ...signed, "-out", cert, ...days);
		return { cert, key };
	};
	const names = `subjectAltName=IP:127.0.0.1,IP:${hostAddress}\n`;
	return {
		ca,
		// etcd's own gateway calls it as a client.
		server: await issue("etcd", `${names}extendedKeyUsage=serverAuth,clientAuth\n`),
		client: await issue("fleet", "extendedKeyUsage=clientAuth\n"),
	};
}

async function openssl(...args: readonly string[]): Promise<void> {
	await runProgram(["openssl", ...args]);
}
