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

/** The paths of what `makeCertificates` makes in a folder. */
export function certificatesIn(folder: string): Certificates {
	const pair = (name: string): Pair => ({
		cert: join(folder, `${name}.crt`),
		key: join(folder, `${name}.key`),
	});
	return { ca: join(folder, "ca.crt"), server: pair("etcd"), client: pair("fleet") };
}

export async function makeCertificates(folder: string): Promise<Certificates> {
	const { ca, server, client } = certificatesIn(folder);
	const caKey = join(folder, "ca.key");
	await openssl("req", "-x509", ...curve, "-keyout", caKey, "-out", ca, "-subj", "/CN=lab", ...days);
	const issue = async (name: string, { cert, key }: Pair, extensions: string): Promise<void> => {
		const [request, file] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
		await writeFile(file, extensions);
		await openssl("req", ...curve, "-keyout", key, "-out", request, "-subj", `/CN=${name}`);
		const signed = ["-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-extfile", file];
		await openssl("x509", "-req", "-in", request, ...signed, "-out", cert, ...days);
	};
	const names = `subjectAltName=IP:127.0.0.1,IP:${hostAddress}\n`;
	// etcd's own gateway calls it as a client.
	await issue("etcd", server, `${names}extendedKeyUsage=serverAuth,clientAuth\n`);
	await issue("fleet", client, "extendedKeyUsage=clientAuth\n");
	return { ca, server, client };
}

async function openssl(...args: readonly string[]): Promise<void> {
	await runProgram(["openssl", ...args]);
}
