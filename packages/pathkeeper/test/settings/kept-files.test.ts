import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../src/runtime/real-runtime.ts";
import { serverCertificate } from "../../src/serve/certificate.ts";
import { openStore } from "../../src/store/open-store.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "pk-kept-"));
	for (const name of ["ca", "cert", "key", "password"]) {
		writeFileSync(join(folder, name), "x");
		chmodSync(join(folder, name), 0o600);
	}
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

describe("a file that the daemon trusts", () => {
	const open = () =>
		openStore(
			{
				kind: "etcd",
				endpoints: ["https://127.0.0.1:1"],
				tls: { ca: at("ca"), cert: at("cert"), key: at("key") },
				user: "u",
				passwordFile: at("password"),
				prefix: "/pathkeeper/",
			},
			realRuntime,
		);

	test.each(["ca", "cert", "key", "password"])(
		"for etcd is not one that others can change: %s",
		async (name) => {
			chmodSync(at(name), 0o620 | 0o002);
			await expect(open()).rejects.toMatchObject({
				code: "INPUT_UNREADABLE",
				message: `${at(name)} cannot be read: ${at(name)} is writable by users other than root; chown it to root and chmod go-w it`,
			});
		},
	);

	test.each(["key", "password"])("for etcd is not a secret that everybody may read: %s", async (name) => {
		chmodSync(at(name), 0o604);
		await expect(open()).rejects.toThrow(`${at(name)} cannot be read: everybody may read it; chmod o-rwx it`);
	});

	test("for HTTPS is none in a folder that others can change", async () => {
		const certificate = () =>
			serverCertificate({ tls: { cert: at("cert"), key: at("key") }, stateFolder: folder, host: null });
		chmodSync(at("key"), 0o604);
		await expect(certificate()).rejects.toThrow(
			`its key ${at("key")}: everybody may read it; chmod o-rwx it`,
		);
		chmodSync(folder, 0o777);
		await expect(certificate()).rejects.toThrow(`${folder} is writable by users other than root`);
	});
});
