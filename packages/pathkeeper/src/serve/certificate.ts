/** The certificate that the server shows: one that was given, or one that was made here at the first start. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { ProgramRunner } from "@pathkeeper/host";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { realRuntime } from "../runtime/real-runtime.ts";
import { readOwnFile } from "../settings/own-file.ts";

export interface Certificate {
	/** PEM, with its chain. */
	readonly cert: string;
	readonly key: string;
	/** SHA-256 of the certificate as `AB:CD:…`, for who cannot check it otherwise. */
	readonly fingerprint: string;
	readonly path: string;
	/** Milliseconds since the epoch. */
	readonly validUntil: number;
}

/** Nobody renews it, and who trusts it trusts this very one. */
const lifeDays = 3650;
const opensslDeadlineMs = 20_000;

/** Throws CERTIFICATE_UNUSABLE, saying what to do. */
export async function serverCertificate(settings: {
	readonly tls: { readonly cert: string; readonly key: string } | null;
	readonly stateFolder: string;
	/** The name or address that is listened on, if it is one. */
	readonly host: string | null;
}): Promise<Certificate> {
	if (settings.tls !== null) return read(settings.tls.cert, settings.tls.key);
	const folder = join(settings.stateFolder, "tls");
	if (!existsSync(folder)) await make(settings.stateFolder, folder, namesHere(settings.host));
	return read(join(folder, "server.crt"), join(folder, "server.key"));
}

function read(certPath: string, keyPath: string): Certificate {
	try {
		const cert = readOwnFile(certPath, { isSecret: false });
		const key = keyOf(keyPath);
		const x509 = new X509Certificate(cert);
		if (!x509.checkPrivateKey(createPrivateKey(key))) throw new Error(`${keyPath} is not its key`);
		const { fingerprint256: fingerprint, validToDate } = x509;
		return { cert, key, fingerprint, path: certPath, validUntil: validToDate.getTime() };
	} catch (error) {
		throw unusable(certPath, messageOf(error), error);
	}
}

function keyOf(path: string): string {
	try {
		return readOwnFile(path, { isSecret: true });
	} catch (error) {
		throw new Error(`its key ${path}: ${messageOf(error)}`);
	}
}

/** Both files appear together, and whole. */
async function make(parent: string, folder: string, names: readonly string[]): Promise<void> {
	const draft = mkdtempSync(join(parent, "tls.new-"));
	try {
		const config = join(draft, "openssl.cnf");
		writeFileSync(config, opensslConfig(names), { mode: 0o600 });
		const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
		const files = ["-keyout", join(draft, "server.key"), "-out", join(draft, "server.crt")];
		const { code, stderr } = await new ProgramRunner({ runtime: realRuntime }).run(
			"openssl",
			["req", "-x509", ...key, ...files, "-days", String(lifeDays), "-config", config],
			{ deadlineMs: opensslDeadlineMs },
		);
		if (code !== 0) throw new Error(`openssl ended with ${code}: ${stderr.trim().split("\n").at(-1)}`);
		rmSync(config);
		renameSync(draft, folder);
	} catch (error) {
		rmSync(draft, { recursive: true, force: true });
		const problem = `it could not be made with openssl (${messageOf(error)}); install openssl, or name your own with --tls-cert and --tls-key, or serve nothing with --listen off`;
		throw unusable(join(folder, "server.crt"), problem, error);
	}
}

/** All of it is said here, so that nothing depends on the machine's openssl.cnf. */
function opensslConfig(names: readonly string[]): string {
	const [name = "localhost"] = names;
	const alternatives = names.map((each, n) => `${/[:]|^[\d.]+$/.test(each) ? "IP" : "DNS"}.${n} = ${each}`);
	return `[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
O = Pathkeeper
CN = ${name.slice(0, 64)}
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = @names
[names]
${alternatives.join("\n")}
`;
}

/** Names and addresses under which this machine is reached, its own name first. */
function namesHere(host: string | null): readonly string[] {
	const addresses = Object.values(networkInterfaces())
		.flatMap((all) => all ?? [])
		.map(({ address }) => address)
		// Link-local ones mean something only together with an interface.
		.filter((address) => !address.startsWith("fe80:"));
	const name = hostname();
	const own = /^[A-Za-z0-9.-]+$/.test(name) ? [name, name.replace(/\..*$/, "")] : [];
	return [
		...new Set([...own, "localhost", "127.0.0.1", "::1", ...addresses, ...(host === null ? [] : [host])]),
	];
}

function unusable(path: string, problem: string, cause: unknown): PathkeeperError {
	return new PathkeeperError("CERTIFICATE_UNUSABLE", { path, problem }, { cause });
}
