import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, DaemonProcess, main, until } from "./daemon-process.ts";

let daemon: DaemonProcess;
let password = "";
let url = "";
let fingerprint = "";
let ca = "";
beforeAll(async () => {
	daemon = await DaemonProcess.start(["--simulate", "2x3x2", "--listen", "127.0.0.1:0"]);
	password = await daemon.password();
	({ url, fingerprint, ca } = await daemon.https());
});
afterAll(async () => {
	await daemon[Symbol.asyncDispose]();
});

const online = (...args: string[]) => cli(["--server", url, "--fingerprint", fingerprint, ...args]);

describe("the first administrator", () => {
	test("has a password that only root can read, that no log holds, and whose file goes at the first login", async () => {
		const file = join(daemon.stateFolder, "simulated/first-administrator");
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
		expect(daemon.printed).not.toContain(password);
		const wrong = { username: "root@local", password: "not this" };
		expect(await daemon.call("POST", "/access/ticket", { body: wrong })).toMatchObject({ status: 401 });
		expect(existsSync(file)).toBe(true);
		await expect(daemon.session(password)).resolves.toHaveProperty("cookie");
		expect(existsSync(file)).toBe(false);
	});

	test("is shown on the terminal that the daemon was started in, and in no file", {
		timeout: 120_000,
	}, async () => {
		const other = new DaemonProcess([]);
		await using _ = other;
		const state = join(other.folder, "state");
		const command = `timeout 100 ${process.execPath} ${main} --socket ${other.socket} daemon --settings ${join(other.folder, "settings")} --simulate 1x1x1 --listen 127.0.0.1:0 --state ${state}`;
		// The terminal's record begins with the command itself, which must not look like what is waited for.
		const ends = `${command} & for n in $(seq 900); do sleep 0.1; grep -q "Fir[s]t administrator.*password" ${other.folder}/typed && break; done; kill -TERM $!; wait`;
		spawnSync("script", ["-qfec", ends, join(other.folder, "typed")], { stdio: "ignore" });
		const typed = readFileSync(join(other.folder, "typed"), "utf8");
		expect(typed).toMatch(/First administrator: root@local, password [a-z2-9-]{23}/);
		expect(typed.split("First administrator")).toHaveLength(2);
		expect(existsSync(join(state, "simulated/first-administrator"))).toBe(false);
	});
});

describe("over HTTPS", () => {
	test("nobody is let in who is not known, and what is told to all is told", async () => {
		expect(await daemon.call("GET", "/access/domains")).toMatchObject({ status: 200, simulated: true });
		expect(await daemon.call("GET", "/version")).toMatchObject({ status: 401, reason: "No ticket" });
		expect(await daemon.call("GET", "/nodes")).toMatchObject({
			status: 401,
			reason: "No ticket",
			data: null,
		});
		const login = await daemon.call("POST", "/access/ticket", {
			body: { username: "root@local", password: "not this" },
		});
		expect(login).toMatchObject({ status: 401, reason: "authentication failure", data: null });
		expect(daemon.printed).toContain('"msg":"access: login failed"');
	});

	test("a ticket reads, and changes things together with its token against cross-site requests", async () => {
		const { cookie = "", ...rest } = await daemon.session(password);
		expect(await daemon.call("GET", "/nodes", { headers: { cookie } })).toMatchObject({ status: 200 });
		const body = { userid: "jane@local" };
		expect(await daemon.call("POST", "/access/users", { headers: { cookie }, body })).toMatchObject({
			status: 401,
			reason: "Permission denied - invalid csrf token",
		});
		const headers = { cookie, ...rest };
		expect(await daemon.call("POST", "/access/users", { headers, body })).toMatchObject({ status: 200 });
	});

	test("strangers cannot make the server read much", async () => {
		const body = { username: "root@local", password: "x".repeat(100_000) };
		expect(await daemon.call("POST", "/access/ticket", { body })).toMatchObject({ status: 413 });
	});
});

describe("the command line", () => {
	test("refuses a certificate that nobody vouches for, and says how to go on", async () => {
		const { code, err, out } = await cli(["--server", url, "--token", "root@local!x=secret", "node", "list"]);
		expect({ code, out }).toEqual({ code: 1, out: "" });
		expect(err).toContain(`Its fingerprint is ${fingerprint}: compare it`);
	});

	test("refuses another certificate than the one that was named", async () => {
		const other = fingerprint.replace(/^../, (pair) => (pair === "00" ? "01" : "00"));
		const { code, err } = await cli(["--server", url, "--fingerprint", other, "status"]);
		expect(code).toBe(3);
		expect(err).toContain("the connection may be intercepted");
	});

	test("makes users, tokens and entries here, and asks with the token from anywhere", async () => {
		expect((await daemon.cli("user", "add", "ops@local", "--comment", "on call")).code).toBe(0);
		const made = await daemon.cli("-o", "json", "token", "add", "ops@local!cli");
		const { token }: { token: string } = JSON.parse(made.out);
		const env = { PATHKEEPER_TOKEN: token };
		const nodes = () => cli(["--server", url, "--ca", ca, "-o", "json", "node", "list"], env);
		const refused = await nodes();
		expect(refused.code).toBe(1);
		expect(JSON.parse(refused.err)).toMatchObject({
			error: { message: "Permission check failed (/, Sys.Audit)" },
		});
		expect((await daemon.cli("acl", "add", "/", "Auditor", "ops@local", "ops@local!cli")).code).toBe(0);
		expect(JSON.parse((await nodes()).out)).toMatchObject([{ node: "n1" }, { node: "n2" }]);
		const change = ["--token", token, "lun", "allow", "360014050000000000000000000000001", "--no-wait"];
		expect(await online(...change)).toMatchObject({
			code: 1,
			err: "Permission check failed (/, Sys.Modify)\n",
		});
		expect((await daemon.cli("acl", "list")).out).toMatch(/^\/ +ops@local!cli +Auditor +yes$/m);
		expect((await daemon.cli("token", "remove", "ops@local!cli")).code).toBe(0);
		expect(JSON.parse((await nodes()).err)).toMatchObject({ error: { message: "Authentication failed!" } });
		expect((await daemon.cli("user", "remove", "ops@local")).code).toBe(0);
		expect((await daemon.cli("user", "list")).out).not.toContain("ops@local");
	});

	test("lets nobody name a server and a socket", async () => {
		expect(await daemon.cli("--server", url, "node", "list")).toMatchObject({ code: 2 });
		expect((await cli(["--server", "http://127.0.0.1:1", "node", "list"])).err).toContain(
			"is not like https://HOST",
		);
	});
});

describe("a simulated SAN", () => {
	test("is broken and mended while the daemon runs, and says that it is simulated", async () => {
		const wwid = "360014050000000000000000000000002";
		expect((await daemon.cli("lun", "allow", wwid, "--no-wait")).code).toBe(0);
		const headers = await daemon.session(password);
		const says = (state: string) => async () => {
			const { data } = await daemon.call("GET", `/cluster/multipath/status`, { headers });
			return JSON.stringify(data).includes(`"${state}"`);
		};
		await until("the LUN is optimal", says("optimal"));
		// A path that is deleted is seen at once, one that fails when its checker comes round.
		const { err } = await daemon.cli("sim", "delete", "n1", "sdb");
		expect(err).toBe("");
		await until("the LUN is degraded", says("degraded"));
		expect((await daemon.cli("sim", "rescan", "n1")).out).toBe("SIMULATED: n1 found sdb\n");
		await until("the LUN is optimal again", says("optimal"));
		expect(await daemon.cli("sim", "fail", "port", "deneb-1")).toMatchObject({
			code: 0,
			out: "SIMULATED: port deneb-1 is down\n",
		});
		expect((await daemon.cli("sim", "show")).out).toContain("port deneb-1 of deneb on red: DOWN\n");
		expect((await daemon.cli("sim", "restore", "port", "deneb-1")).code).toBe(0);
		expect((await daemon.cli("sim", "show")).out).not.toContain("DOWN");
		expect(await daemon.cli("sim", "fail", "port", "nowhere")).toMatchObject({
			code: 2,
			err: "the simulated SAN has no port 'nowhere'\n",
		});
	});
});

describe("what else can happen to a simulated SAN", () => {
	const wwid = "360014050000000000000000000000003";
	/** States of the LUN on both nodes. */
	const seen = async () => {
		const { out } = await daemon.cli("-o", "json", "status");
		const { luns }: { luns: readonly SeenLun[] } = JSON.parse(out);
		const lun = luns.find((each) => each.wwid === wwid);
		return ["n1", "n2"].map((node) => lun?.nodes[node]?.state).join(" ");
	};
	interface SeenLun {
		readonly wwid: string;
		readonly nodes: Readonly<Record<string, { readonly state: string }>>;
	}
	const becomes = async (states: string) =>
		await until(`its states are ${states}`, async () => (await seen()) === states);
	const sim = async (...words: readonly string[]) => {
		const { code, out, err } = await daemon.cli("sim", ...words);
		expect({ code, err }).toEqual({ code: 0, err: "" });
		expect(out).toMatch(/^SIMULATED: /);
	};

	test("a multipathd that hangs makes its node unknown and no other; it comes back", async () => {
		expect((await daemon.cli("lun", "allow", wwid, "--no-wait")).code).toBe(0);
		await becomes("optimal optimal");
		await sim("hang", "n1");
		await becomes("unknown optimal");
		await sim("resume", "n1");
		await becomes("optimal optimal");
	});

	test("a LUN that is hidden from a node is failed there; shown again it is found with a rescan", async () => {
		await sim("unmap", wwid, "n2");
		await becomes("optimal failed");
		await sim("map", wwid, "n2");
		await sim("rescan", "n2");
		await becomes("optimal optimal");
	});

	test("a LUN that grows has its new size after a rescan; its map keeps the one that the kernel holds", async () => {
		const headers = await daemon.session(password);
		const sizes = async () => {
			const { data } = await daemon.call("GET", "/nodes/n1/scan/multipath", { headers });
			const luns: readonly { readonly wwid: string; readonly size: number; readonly name: string | null }[] =
				JSON.parse(JSON.stringify(data));
			return new Map(luns.map(({ wwid: id, size, name }) => [id, { size, mapped: name !== null }]));
		};
		const bare = wwid.replace(/3$/, "1");
		const before = await sizes();
		for (const each of [wwid, bare]) await sim("resize", each, "2048");
		await sim("rescan", "n1");
		await until("it has its new size", async () => (await sizes()).get(bare)?.size === 2048 * 2 ** 30);
		expect(before.get(bare)).toMatchObject({ mapped: false });
		expect((await sizes()).get(wwid)).toEqual(before.get(wwid));
		expect(before.get(wwid)).toMatchObject({ mapped: true });
	});
});

describe("a daemon that is killed", () => {
	test("comes back as it was: same certificate, same users, no other administrator", async () => {
		await daemon.kill();
		daemon.spawn();
		expect(await daemon.https()).toMatchObject({ fingerprint });
		const again = await daemon.session(password);
		expect((await daemon.call("GET", "/access/users", { headers: again })).data).toHaveLength(2);
		expect(daemon.printed).not.toContain("first administrator's password is in this file");
	});

	test("that is told to stop ends well", async () => {
		expect(await daemon.stop()).toBe(0);
	});
});
