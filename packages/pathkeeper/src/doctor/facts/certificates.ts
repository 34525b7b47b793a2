import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@pathkeeper/model";
import { checkOwnFile } from "../../settings/own-file.ts";
import { type Fact, reasonOf } from "./fact.ts";
import type { OwnSettings } from "./own-settings.ts";

/** One certificate that is used here, with its key where it has one. */
export interface CertificateFacts {
	/** What it is for, such as `the server's certificate`. */
	readonly use: string;
	readonly path: string;
	readonly keyPath: string | null;
	/** What is in the file; not known: it cannot be read, or holds none. */
	readonly content: Fact<{
		/** Milliseconds since the epoch. */
		readonly validFrom: number;
		readonly validUntil: number;
		/** Subject, for people. */
		readonly subject: string;
	}>;
	/** Others than root may change the certificate; in words. */
	readonly problem: string | null;
	/** Others may change or read the key; in words. */
	readonly keyProblem: string | null;
	/** Whether the key is that of the certificate. */
	readonly keyFits: Fact<boolean>;
}

interface Named {
	readonly use: string;
	readonly path: string;
	readonly keyPath: string | null;
}

export function gatherCertificates(own: OwnSettings): readonly CertificateFacts[] {
	const named = new Map<string, Named>();
	for (const [role, settings] of own.settings) {
		const { store, tls, stateFolder, listen } = settings;
		const made = join(stateFolder, "tls");
		if (role !== "agent" && listen !== null) {
			const server = tls ?? { cert: join(made, "server.crt"), key: join(made, "server.key") };
			// It is made at the first start.
			if (tls !== null || existsSync(server.cert))
				named.set(server.cert, { use: "the server's certificate", path: server.cert, keyPath: server.key });
		}
		if (store.kind !== "etcd") continue;
		const { ca, cert, key } = store.tls;
		if (ca !== undefined)
			named.set(ca, { use: "the authority of etcd's certificates", path: ca, keyPath: null });
		if (cert !== undefined)
			named.set(cert, { use: "our certificate for etcd", path: cert, keyPath: key ?? null });
	}
	return [...named.values()].map(lookAt);
}

function lookAt({ use, path, keyPath }: Named): CertificateFacts {
	const content = lookedAt(() => {
		const { validFromDate, validToDate, subject } = new X509Certificate(readFileSync(path));
		return { validFrom: validFromDate.getTime(), validUntil: validToDate.getTime(), subject };
	});
	return {
		use,
		path,
		keyPath,
		content,
		problem: problemOf(path, false),
		keyProblem: keyPath === null ? null : problemOf(keyPath, true),
		keyFits:
			keyPath === null
				? { known: true, value: true }
				: lookedAt(() =>
						new X509Certificate(readFileSync(path)).checkPrivateKey(createPrivateKey(readFileSync(keyPath))),
					),
	};
}

function lookedAt<T>(look: () => T): Fact<T> {
	try {
		return { known: true, value: look() };
	} catch (error) {
		return { known: false, why: reasonOf(error) };
	}
}

/** Null also for a file that is not there: that is said of its content. */
function problemOf(path: string, isSecret: boolean): string | null {
	try {
		statSync(path);
	} catch {
		return null;
	}
	try {
		checkOwnFile(path, { isSecret });
		return null;
	} catch (error) {
		return messageOf(error);
	}
}
