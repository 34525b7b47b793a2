import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Paths of PEM files. */
export interface Certificate {
	readonly cert: string;
	readonly key: string;
}

/** Makes an authority of its own in a folder, with openssl. */
export class Authority {
	readonly ca: string;
	readonly #folder: string;
	readonly #name: string;

	constructor(folder: string, name: string) {
		this.#folder = folder;
		this.#name = name;
		this.ca = join(folder, `${name}.crt`);
		const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", this.#caKey];
		openssl("req", "-x509", ...key, "-out", this.ca, "-subj", `/CN=${name}`, "-days", "2");
	}

	/** A certificate for 127.0.0.1, and for whoever shows it to etcd. */
	issue(name: string): Certificate {
		const path = (end: string) => join(this.#folder, `${this.#name}-${name}.${end}`);
		const [cert, key, request, extensions] = [path("crt"), path("key"), path("csr"), path("ext")];
		writeFileSync(extensions, "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n");
		const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key];
		openssl("req", ...made, "-out", request, "-subj", `/CN=${name}`);
		const signed = ["-CA", this.ca, "-CAkey", this.#caKey, "-CAcreateserial", "-extfile", extensions];
		openssl("x509", "-req", "-in", request, ...signed, "-out", cert, "-days", "2");
		return { cert, key };
	}

	get #caKey(): string {
		return join(this.#folder, `${this.#name}.key`);
	}
}

function openssl(...args: readonly string[]): void {
	execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}
