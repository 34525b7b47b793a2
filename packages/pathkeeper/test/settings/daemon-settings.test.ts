import { chmodSync, chownSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultSockets } from "@pathkeeper/cli";
import { PathkeeperError } from "@pathkeeper/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DaemonSettings, daemonSettings } from "../../src/settings/daemon-settings.ts";
import { gatherSettings, type Sources } from "../../src/settings/given.ts";
import { settingDescription, settingNames } from "../../src/settings/settings-table.ts";

let folder = "";
let file = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "pk-settings-"));
	file = join(folder, "pathkeeper.conf");
});
afterEach(() => rmSync(folder, { recursive: true }));

function settings(flags: Sources["flags"], env: Sources["env"] = {}, text = ""): DaemonSettings {
	writeFileSync(file, text);
	return daemonSettings(gatherSettings({ flags, env, file }));
}

function problems(
	flags: Sources["flags"],
	env: Sources["env"] = {},
	text = "",
): Readonly<Record<string, string>> {
	try {
		settings(flags, env, text);
	} catch (error) {
		if (error instanceof PathkeeperError && error.code === "SETTINGS_INVALID") return error.fields;
		throw error;
	}
	throw new Error("the settings were taken");
}

describe("a daemon that is told nothing", () => {
	test("looks after this host over the embedded store, and serves on loopback", () => {
		expect(settings({})).toEqual({
			role: "both",
			store: { kind: "embedded", path: "/var/lib/pathkeeper/agent/store.db" },
			logLevel: "info",
			node: null,
			intervalMs: 5000,
			stateFolder: "/var/lib/pathkeeper/agent",
			hostRoot: "/",
			socketPath: "/run/pathkeeper/api.sock",
			listen: { host: "127.0.0.1", port: 8010, required: false },
			tls: null,
			metricsFor: { has: expect.any(Function) },
			logDays: 7,
			taskDays: 30,
			auditDays: 365,
			simulate: null,
		});
		expect(settings({}).metricsFor.has("127.0.0.1")).toBe(false);
	});
});

describe("folders and sockets", () => {
	const etcd = "https://etcd1:2379";
	test("are those of an agent for whoever looks after this host, and other ones for a server", () => {
		const agent = { stateFolder: "/var/lib/pathkeeper/agent", socketPath: "/run/pathkeeper/api.sock" };
		const server = {
			stateFolder: "/var/lib/pathkeeper/server",
			socketPath: "/run/pathkeeper-server/api.sock",
		};
		expect(settings({ role: "agent", etcd })).toMatchObject(agent);
		expect(settings({ role: "both", etcd })).toMatchObject(agent);
		expect(settings({ role: "server", etcd })).toMatchObject(server);
		expect(settings({ role: "server", etcd, state: "/s", socket: "/x" })).toMatchObject({
			stateFolder: "/s",
			socketPath: "/x",
		});
	});

	test("of a server are where the command line looks for them", () => {
		const [first, second] = defaultSockets;
		expect(settings({}).socketPath).toBe(first);
		expect(settings({ role: "server", etcd }).socketPath).toBe(second);
	});
});

describe("addresses that may read metrics", () => {
	const allowed = (text: string, address: string) => settings({ metricsAllow: text }).metricsFor.has(address);

	test("are single ones and networks, however they are written", () => {
		expect(allowed("10.0.0.7", "10.0.0.7")).toBe(true);
		expect(allowed("10.0.0.7", "10.0.0.8")).toBe(false);
		expect(allowed("10.0.0.0/24, fd00::/64", "::ffff:10.0.0.8")).toBe(true);
		expect(allowed("10.0.0.0/24, fd00::/64", "fd00::1")).toBe(true);
		expect(allowed("10.0.0.0/24, fd00::/64", "fd00:0:0:1::1")).toBe(false);
		expect(allowed("fe80::/10", "fe80::1%eth0")).toBe(true);
		expect(allowed("0.0.0.0/0", "not an address")).toBe(false);
	});

	test.each(["here", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/2/4", "10.0.0/24", "fd00::/129", "10.0.0.1/-1"])(
		"are not '%s'",
		(text) => {
			expect(problems({ metricsAllow: text })).toEqual({
				"--metrics-allow": `'${text}' is not an address, nor a network such as 10.0.0.0/24`,
			});
		},
	);
});

describe("the log of the fleet", () => {
	test("is kept as many days as was said, of a year", () => {
		expect(settings({ logDays: "30" }).logDays).toBe(30);
		for (const text of ["0", "366", "a week"])
			expect(problems({ logDays: text })).toEqual({
				"--log-days": `'${text}' is not a number of days from 1 to 365`,
			});
	});
});

describe("what the daemon logs", () => {
	test("is as much as was said, from the file too, and a level nobody knows is refused", () => {
		expect(settings({}, {}, "PATHKEEPER_LOG=warn\n").logLevel).toBe("warn");
		expect(settings({ log: "debug" }).logLevel).toBe("debug");
		expect(problems({}, { PATHKEEPER_LOG: "loud" })).toEqual({
			"environment PATHKEEPER_LOG": "'loud' is not one of debug, info, warn, error",
		});
	});
});

describe("a settings file that agent and server of one machine share", () => {
	const shared = `PATHKEEPER_ETCD=https://e:2379
PATHKEEPER_NODE=n1
PATHKEEPER_INTERVAL=9
PATHKEEPER_TASK_DAYS=9
PATHKEEPER_LISTEN=*:8443
PATHKEEPER_LOG_DAYS=9
`;

	test("gives each of them what it makes use of, and the rest is skipped", () => {
		expect(settings({ role: "agent" }, {}, shared)).toMatchObject({
			node: "n1",
			intervalMs: 9000,
			taskDays: 9,
			listen: null,
			logDays: 7,
		});
		expect(settings({ role: "server" }, {}, shared)).toMatchObject({
			node: null,
			intervalMs: 5000,
			taskDays: 30,
			listen: { host: null, port: 8443 },
			logDays: 9,
		});
	});

	test.each(settingNames)("%s is never the reason that one of them does not start", (name) => {
		const { key, example, usedBy } = settingDescription(name);
		for (const role of ["agent", "server"] as const) {
			if (usedBy.some((user) => user === role)) continue;
			const text = `PATHKEEPER_ETCD=https://e:2379\n${key}=${example}\n`;
			expect(settings({ role }, {}, text)).toEqual(settings({ role, etcd: "https://e:2379" }));
		}
	});
});

describe("tasks that have ended", () => {
	test("are kept as many days as was said, by the agent of their node", () => {
		expect(settings({ taskDays: "90" }).taskDays).toBe(90);
		expect(problems({ taskDays: "0" })).toEqual({
			"--task-days": "'0' is not a number of days from 1 to 365",
		});
		expect(problems({ role: "server", etcd: "https://e:2379", taskDays: "9" })).toEqual({
			"--task-days": "the agent of each node keeps its tasks; set it there",
		});
	});
});

describe("the audit", () => {
	test("is kept as many days as was said, and at least 90", () => {
		expect(settings({ auditDays: "90" }).auditDays).toBe(90);
		expect(settings({}, { PATHKEEPER_AUDIT_DAYS: "3650" }).auditDays).toBe(3650);
		for (const text of ["0", "89", "3651", "a year"])
			expect(problems({ auditDays: text })).toEqual({
				"--audit-days": `'${text}' is not a number of days from 90 to 3650`,
			});
	});
});

describe("the quota of the store", () => {
	test("is a size, in bytes or with a unit, for either store", () => {
		const quota = (text: string, more = {}) => settings({ storeQuota: text, ...more }).store.quota;
		expect(quota("16777216")).toBe(16 * 1024 ** 2);
		expect(quota("512M")).toBe(512 * 1024 ** 2);
		expect(quota("4G", { etcd: "https://etcd1:2379" })).toBe(4 * 1024 ** 3);
		expect(quota("4GiB")).toBe(4 * 1024 ** 3);
		expect(settings({}).store.quota).toBeUndefined();
		for (const text of ["0", "15M", "65G", "2T", "2g", "-1", "much"])
			expect(problems({ storeQuota: text })).toEqual({
				"--store-quota": `'${text}' is not a size from 16M to 64G, such as 2G`,
			});
	});
});

describe("settings", () => {
	test("come from flags before the environment, and from there before the file", () => {
		const text = "PATHKEEPER_NODE=of-file\nPATHKEEPER_STATE=/of-file\nPATHKEEPER_HOST_ROOT=/of-file\n";
		const env = { PATHKEEPER_NODE: "of-environment", PATHKEEPER_STATE: "/of-environment" };
		expect(settings({ node: "of-flag" }, env, text)).toMatchObject({
			node: "of-flag",
			stateFolder: "/of-environment",
			hostRoot: "/of-file",
		});
	});

	test("that name members of etcd mean etcd, and a server for the fleet serves it everywhere", () => {
		expect(
			settings({ role: "server" }, { PATHKEEPER_ETCD: "https://a:2379, http://127.0.0.1:2379" }),
		).toMatchObject({
			store: { kind: "etcd", endpoints: ["https://a:2379", "http://127.0.0.1:2379"], prefix: "/pathkeeper/" },
			listen: { host: null, port: 8010, required: true },
		});
	});

	test.each(["http://localhost:2379", "http://127.3.2.1:2379", "http://[::1]:2379", "https://etcd1:2379"])(
		"that name %s as etcd are taken",
		(etcd) => expect(settings({ etcd })).toMatchObject({ store: { endpoints: [etcd] } }),
	);

	test.each([
		"http://etcd1:2379",
		"http://10.0.0.1:2379",
		"http://[::2]:2379",
		"http://127.0.0.1.example:2379",
		"HTTP://etcd1:2379",
	])("that name %s as etcd are refused, unless somebody wants it so", (etcd) => {
		const refusal = { "--etcd": expect.stringContaining(`'${etcd}' is not encrypted`) };
		expect(problems({ etcd: `https://a:1,${etcd}` })).toEqual(refusal);
		expect(problems({ etcd, etcdUser: "u", etcdPasswordFile: "p" })).toEqual(refusal);
		expect(settings({ etcd }, { PATHKEEPER_ETCD_INSECURE: "1" })).toMatchObject({
			store: { endpoints: [etcd] },
		});
		expect(problems({ etcd, etcdInsecure: "perhaps" })).toHaveProperty("--etcd-insecure");
	});

	test("of a trial keep it apart from a fleet in the same etcd", () => {
		expect(settings({ simulate: "3x4x4", etcd: "https://a:2379" })).toMatchObject({
			simulate: { nodes: 3, luns: 4, pathsPerLun: 4 },
			stateFolder: "/var/lib/pathkeeper/agent/simulated",
			store: { prefix: "/pathkeeper-simulated/" },
		});
	});

	test.each([
		["8010", "127.0.0.1", 8010],
		["*:8010", null, 8010],
		["*:443", null, 443],
		["[::1]:9000", "::1", 9000],
		["10.0.0.1:0", "10.0.0.1", 0],
		["n1.example:8010", "n1.example", 8010],
	])("take %s as an address to listen on", (listen, host, port) => {
		expect(settings({ listen }).listen).toEqual({ host, port, required: true });
	});

	test("tell how often an agent looks at its host", () => {
		expect(settings({ interval: "15" })).toMatchObject({ intervalMs: 15_000 });
	});

	test("switch the network off", () => {
		expect(settings({ listen: "off" }).listen).toBeNull();
		expect(settings({ role: "agent", etcd: "https://a:1" }).listen).toBeNull();
	});
});

describe("settings that make no sense", () => {
	test("are all named with the place they stand at, and nothing is started", () => {
		const text = "PATHKEEPER_ROLE=boss\nPATHKEEPER_ROL=agent\nwhat\nHTTP_PROXY=x\n";
		expect(problems({ listen: "nowhere" }, { PATHKEEPER_STORE: "paper" }, text)).toEqual({
			[`${file}:1 PATHKEEPER_ROLE`]: "'boss' is not one of agent, server, both",
			[`${file}:2`]: "there is no setting PATHKEEPER_ROL",
			[`${file}:3`]: "'what' is not KEY=VALUE",
			"environment PATHKEEPER_STORE": "'paper' is not one of embedded, etcd",
			"--listen": "'nowhere' is not ADDRESS:PORT, such as 127.0.0.1:8010, [::1]:8010 or *:8010; or off",
		});
	});

	test("a settings file that was named and is not there is one", () => {
		const missing = join(folder, "none");
		expect(gatherSettings({ flags: {}, env: {}, file: missing }).problems.get(missing)).toMatch("ENOENT");
	});

	test("are those of a file that others can change, wherever on the way to it", () => {
		writeFileSync(file, "PATHKEEPER_NODE=n1\n");
		const link = join(folder, "link");
		symlinkSync(file, link);
		const found = (path: string) => gatherSettings({ flags: {}, env: {}, file: path }).problems.get(path);
		for (const path of [file, link]) {
			expect(found(path)).toBeUndefined();
			chmodSync(file, 0o646);
			expect(found(path)).toBe(
				`${file} is writable by users other than root; chown it to root and chmod go-w it`,
			);
			chmodSync(file, 0o644);
			chmodSync(folder, 0o777);
			expect(found(path)).toContain(`${folder} is writable by users other than root`);
			chmodSync(folder, 0o755);
		}
		rmSync(link);
		if (process.geteuid?.() !== 0) return;
		chownSync(file, 1000, 0);
		expect(found(file)).toContain(`${file} does not belong to root (uid 1000)`);
		expect(gatherSettings({ flags: {}, env: {}, file }).settings.size).toBe(0);
		chownSync(file, 0, 0);
	});

	test("are a token that everybody may read", () => {
		writeFileSync(file, "PATHKEEPER_TOKEN=root@local!t=s\n");
		chmodSync(file, 0o644);
		const found = () => [...gatherSettings({ flags: {}, env: {}, file }).problems.values()];
		expect(found()).toEqual([`everybody may read the token in ${file}; chmod o-rwx it`]);
		chmodSync(file, 0o640);
		expect(found()).toEqual([]);
		chmodSync(file, 0o644);
	});

	test.each<[Sources["flags"], string, string]>([
		[{ role: "agent" }, "--role", "agent needs --store etcd: the embedded store belongs to one process"],
		[{ role: "server" }, "--role", "server needs --store etcd: the embedded store belongs to one process"],
		[{ store: "etcd" }, "--etcd", "name at least one member, such as https://etcd1:2379"],
		[{ store: "embedded", etcd: "https://a:1" }, "--etcd", "only with --store etcd; the store is embedded"],
		[{ etcd: "https://a:1", etcdUser: "u" }, "--etcd-user", "needs --etcd-password-file as well"],
		[{ etcd: "https://a:1", etcdKey: "k" }, "--etcd-key", "needs --etcd-cert as well"],
		[{ tlsCert: "c" }, "--tls-cert", "needs --tls-key as well"],
		[{ role: "agent", etcd: "https://a:1", listen: "8010" }, "--listen", "an agent serves nothing"],
		[{ node: "a b" }, "--node", "'a b' is not the name of a node"],
		[{ node: "n1", simulate: "demo" }, "--node", "simulated nodes have names of their own"],
		[{ role: "server", etcd: "https://a:1", node: "n1" }, "--node", "a server is not a node"],
		[{ interval: "0" }, "--interval", "'0' is not a number of seconds from 1 to 60"],
		[{ interval: "61" }, "--interval", "'61' is not a number of seconds from 1 to 60"],
		[{ interval: "2.5" }, "--interval", "'2.5' is not a number of seconds from 1 to 60"],
		[
			{ role: "server", etcd: "https://a:1", interval: "9" },
			"--interval",
			"a server does not observe a host",
		],
		[{ simulate: "1x2" }, "--simulate", "use NODESxLUNSxPATHS, such as 3x4x4; at most 200x5000x32"],
		[{ listen: "1.2.3.4:70000" }, "--listen", ""],
	])("%j", (flags, place, problem) => {
		expect(problems(flags)).toEqual({ [place]: problem === "" ? expect.any(String) : problem });
	});
});
