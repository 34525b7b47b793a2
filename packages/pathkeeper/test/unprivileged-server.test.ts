/** A server as its unit runs it: as a user who may do nothing on this machine. */
import {
	chmodSync,
	chownSync,
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EtcdProcess, startEtcd } from "../../store/test/etcd/etcd-process.ts";
import { DaemonProcess, until } from "./daemon-process.ts";

const user = 65_534;
const isRoot = process.getuid?.() === 0;

let etcd: EtcdProcess;
let folder = "";
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "pk-keys-"));
	chmodSync(folder, 0o755);
	etcd = await startEtcd();
});
afterAll(async () => {
	await etcd.dispose();
	rmSync(folder, { recursive: true });
});

// Only root can become somebody else.
test.runIf(isRoot)("serves, and everything it leaves behind is its own and nobody else's", async () => {
	await using server = await DaemonProcess.start(
		["--role", "server", "--etcd", etcd.url, "--listen", "127.0.0.1:0"],
		{ user },
	);
	await until("somebody can log in", async () => (await server.password()) !== "");
	const headers = await server.session(await server.password());
	expect(await server.call("GET", "/nodes", { headers })).toMatchObject({ status: 200, data: [] });
	expect(await server.cli("user", "list")).toMatchObject({
		code: 0,
		out: expect.stringContaining("root@local"),
	});
	const owners = (path: string) => {
		const { uid, mode } = statSync(path);
		return { path, uid, others: mode & 0o077 };
	};
	const left = readdirSync(server.stateFolder, { recursive: true, encoding: "utf8" });
	expect(left).toEqual(expect.arrayContaining(["tls/server.key", "tls/server.crt"]));
	for (const path of [server.stateFolder, join(server.stateFolder, "tls/server.key"), server.socket])
		expect(owners(path)).toEqual({ path, uid: user, others: 0 });
	for (const name of left) expect(owners(join(server.stateFolder, name))).toMatchObject({ uid: user });
	expect(server.printed).not.toContain('"level":"error"');

	// Keys that root keeps for it, as in /etc/pathkeeper/pki: it may read them, and not change them.
	const pki = join(folder, "pki");
	mkdirSync(pki);
	for (const name of ["server.key", "server.crt"]) {
		copyFileSync(join(server.stateFolder, "tls", name), join(pki, name));
		chmodSync(join(pki, name), 0o640);
		chownSync(join(pki, name), 0, user);
	}
	chmodSync(pki, 0o750);
	chownSync(pki, 0, user);
	const { fingerprint } = await server.https();
	expect(await server.stop()).toBe(0);
	const tls = ["--tls-cert", join(pki, "server.crt"), "--tls-key", join(pki, "server.key")];
	await using second = await DaemonProcess.start(
		["--role", "server", "--etcd", etcd.url, "--listen", "127.0.0.1:0", ...tls],
		{ user },
	);
	expect((await second.https()).fingerprint).toBe(fingerprint);
	expect(await second.stop()).toBe(0);
});
