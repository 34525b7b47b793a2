import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { trustProblem } from "@pathkeeper/host";
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
	/** Who may own it beside root; undefined: the user of this process. */
	readonly owner?: number;
}

export function gatherCertificates(own: OwnSettings): readonly CertificateFacts[] {
	const named = new Map<string, Named>();
	for (const [role, settings] of own.settings) {
		const { store, tls, stateFolder, listen } = settings;
		const made = join(stateFolder, "tls");
		if (role !== "agent" && listen !== null) {
			const server = tls ?? { cert: join(made, "server.crt"), key: join(made, "server.key") };
			// It is made at the first start.
			const owner = tls === null ? ownerOf(stateFolder) : undefined;
			if (tls !== null || isMade(server.cert))
				named.set(server.cert, {
					use: "the server's certificate",
					path: server.cert,
					keyPath: server.key,
					...(owner === undefined ? {} : { owner }),
				});
		}
		if (store.kind !== "etcd") continue;
		const { ca, cert, key } = store.tls;
		if (ca !== undefined)
			named.set(ca, { use: "the authority of etcd's certificates", path: ca, keyPath: null });
		if (cert !== undefined)
			named.set(cert, { use: "client certificate for etcd", path: cert, keyPath: key ?? null });
	}
	return [...named.values()].map(lookAt);
}

function lookAt({ use, path, keyPath, owner }: Named): CertificateFacts {
	const content = lookedAt(() => {
		const { validFromDate, validToDate, subject } = new X509Certificate(readFileSync(path));
		return { validFrom: validFromDate.getTime(), validUntil: validToDate.getTime(), subject };
	});
	return {
		use,
		path,
		keyPath,
		content,
		problem: problemOf(path, false, owner),
		keyProblem: keyPath === null ? null : problemOf(keyPath, true, owner),
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

/** True also for one that only root may look at: that is unknown, and not the same as none. */
function isMade(path: string): boolean {
	try {
		statSync(path);
		return true;
	} catch (error) {
		return !(error instanceof Error && "code" in error && error.code === "ENOENT");
	}
}

/** A server of a fleet keeps what it makes as a user of its own. */
function ownerOf(stateFolder: string): number | undefined {
	return statSync(stateFolder, { throwIfNoEntry: false })?.uid;
}

/** As the daemon that uses the file would say it. Null also for a file that is not there: that is said of its content. */
function problemOf(path: string, isSecret: boolean, owner: number | undefined): string | null {
	try {
		const { mode } = statSync(path);
		const problem = trustProblem(resolve(path), { kind: "file", ...(owner === undefined ? {} : { owner }) });
		if (problem !== null) return problem;
		return isSecret && (mode & 0o007) !== 0 ? "everybody may read it" : null;
	} catch {
		return null;
	}
}
