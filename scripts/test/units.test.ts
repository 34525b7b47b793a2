/** The units for systemd, judged by systemd's own tools. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../packaging/systemd");
const program = "/usr/bin/pathkeeper";

const units = [
	{ name: "pathkeeper.service", role: "both", mostExposure: 4.5, isAgent: true },
	{ name: "pathkeeper-agent.service", role: "agent", mostExposure: 4.5, isAgent: true },
	{ name: "pathkeeper-server.service", role: "server", mostExposure: 1.5, isAgent: false },
] as const;

// The program is not installed where this runs, and systemd-analyze refuses a unit whose program is not there.
const copies = mkdtempSync(join(tmpdir(), "pk-units-"));
mkdirSync(join(copies, "changed"));
afterAll(() => rmSync(copies, { recursive: true }));

test("there is a test of every unit", () => {
	expect(readdirSync(folder).toSorted()).toEqual(units.map(({ name }) => name).toSorted());
});

describe.each(units)("$name", ({ name, role, mostExposure, isAgent }) => {
	const text = readFileSync(join(folder, name), "utf8");
	const settings = settingsIn(text);
	const copy = join(copies, name);
	writeFileSync(copy, runnable(text));

	test("systemd finds nothing wrong with it", () => {
		const { status, stdout, stderr } = analyze("verify", "--man=no", copy);
		expect(stdout + stderr).toBe("");
		expect(status).toBe(0);
	});

	test(`its exposure is at most ${mostExposure}`, () => {
		expect(exposure(copy)).toBeLessThanOrEqual(mostExposure);
	});

	test("it is tied to no other service, and least of all to multipathd", () => {
		for (const tie of ["Requires", "Requisite", "BindsTo", "PartOf", "Upholds", "RequiresMountsFor"])
			expect(settings.get(tie), tie).toBeUndefined();
		if (isAgent) expect(wordsOf(settings, "After")).toContain("multipathd.service");
	});

	test("it starts one role, and all else comes from the settings file", () => {
		expect(settings.get("ExecStart")).toEqual([`${program} daemon --role ${role}`]);
		for (const other of ["Environment", "EnvironmentFile", "ExecStop", "ExecReload"])
			expect(settings.get(other), other).toBeUndefined();
	});

	test("it is watched, started again, and given time to end", () => {
		expect(settings.get("Type")).toEqual(["notify"]);
		expect(settings.get("NotifyAccess")).toEqual(["all"]);
		expect(settings.get("WatchdogSec")).toEqual(["60"]);
		expect(settings.get("Restart")).toEqual(["on-failure"]);
		expect(settings.get("KillMode")).toEqual(["mixed"]);
		expect(settings.get("TimeoutStopSec")).toEqual(["45"]);
	});

	test("it has a state folder of its own that nobody else may enter", () => {
		expect(settings.get("StateDirectory")).toEqual([`pathkeeper/${isAgent ? "agent" : "server"}`]);
		expect(settings.get("StateDirectoryMode")).toEqual(["0700"]);
		expect(settings.get("User")).toEqual(isAgent ? undefined : ["pathkeeper"]);
	});
});

test("folders that an agent may write are made before it starts, since one that comes later stays read-only", () => {
	for (const { name } of units.filter(({ isAgent }) => isAgent)) {
		const settings = settingsIn(readFileSync(join(folder, name), "utf8"));
		const writable = wordsOf(settings, "ReadWritePaths").map((path) => path.replace(/^-/, ""));
		expect(writable).toContain("/etc/lvm");
		expect(settings.get("ExecStartPre")).toEqual([`+-/bin/mkdir -p -m 0755 ${writable.join(" ")}`]);
	}
});

test("agent and server share no folder, and an agent has no socket", () => {
	const runtime = (name: string) =>
		settingsIn(readFileSync(join(folder, name), "utf8")).get("RuntimeDirectory");
	expect(runtime("pathkeeper.service")).toEqual(["pathkeeper"]);
	expect(runtime("pathkeeper-agent.service")).toBeUndefined();
	expect(runtime("pathkeeper-server.service")).toEqual(["pathkeeper-server"]);
});

test("the unit for one host stops those for a fleet", () => {
	const settings = settingsIn(readFileSync(join(folder, "pathkeeper.service"), "utf8"));
	const others = ["pathkeeper-agent.service", "pathkeeper-server.service"];
	expect(wordsOf(settings, "Conflicts").toSorted()).toEqual(others);
	expect(wordsOf(settings, "After")).toEqual(expect.arrayContaining(others));
});

test("one host's unit and the agent's restrict the same, but for the port of the one", () => {
	const restrictions = (name: string) =>
		readFileSync(join(folder, name), "utf8")
			.split("# --- Restrictions")[1]
			?.replace("CAP_NET_BIND_SERVICE ", "")
			.split("\n")
			.filter((line) => line !== "" && !line.startsWith("#"));
	expect(restrictions("pathkeeper.service")).toEqual(restrictions("pathkeeper-agent.service"));
	expect(restrictions("pathkeeper.service")?.length).toBeGreaterThan(20);
});

test("what would keep an agent from its work is not set", () => {
	for (const { name, isAgent } of units) {
		if (!isAgent) continue;
		const settings = settingsIn(readFileSync(join(folder, name), "utf8"));
		// Storages below /srv, /mnt or /tmp; files of multipath, LVM and open-iscsi.
		expect(settings.get("ProtectSystem")).toEqual(["full"]);
		expect(settings.get("ProtectHome")).toEqual(["read-only"]);
		// Folders in storages have mode 0755.
		expect(settings.get("UMask")).toEqual(["0022"]);
		expect(wordsOf(settings, "ReadWritePaths")).toEqual(["-/etc/multipath", "-/etc/lvm", "-/etc/iscsi"]);
		// Maps, sysfs, abstract sockets, semaphores shared with udev, users of devices, compiled code.
		const breaking = [
			...["PrivateDevices", "ProtectKernelTunables", "PrivateNetwork", "PrivateIPC", "PrivateUsers"],
			...["ProtectProc", "ProcSubset", "PrivateTmp", "MemoryDenyWriteExecute", "DynamicUser"],
		];
		for (const each of breaking) expect(settings.get(each), `${name} ${each}`).toBeUndefined();
		expect(wordsOf(settings, "DeviceAllow")).toContain("block-*");
		expect(wordsOf(settings, "CapabilityBoundingSet")).toEqual(
			expect.arrayContaining(["CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_IPC_LOCK", "CAP_DAC_OVERRIDE"]),
		);
	}
});

test("a loosened unit would be noticed", () => {
	const server = readFileSync(join(folder, "pathkeeper-server.service"), "utf8");
	const path = join(copies, "changed", "pathkeeper-server.service");
	writeFileSync(path, runnable(server.replace(/^User=.*$/m, "").replace(/^CapabilityBoundingSet=$/m, "")));
	expect(exposure(path)).toBeGreaterThan(1.5);
});

/** The value of each setting, in order; an empty one is one that is emptied. */
function settingsIn(text: string): ReadonlyMap<string, readonly string[]> {
	const found = new Map<string, string[]>();
	for (const line of text.split("\n")) {
		const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
		if (name !== undefined && value !== undefined) found.set(name, [...(found.get(name) ?? []), value]);
	}
	return found;
}

function wordsOf(settings: ReadonlyMap<string, readonly string[]>, name: string): readonly string[] {
	return (settings.get(name) ?? []).flatMap((value) => value.split(/\s+/));
}

function runnable(text: string): string {
	return text.replaceAll(program, "/bin/true");
}

function analyze(...args: readonly string[]) {
	return spawnSync("systemd-analyze", [...args, "--no-pager"], { encoding: "utf8" });
}

function exposure(path: string): number {
	const { stdout, stderr } = analyze("security", "--offline=true", path);
	const [, level] = /Overall exposure level for .*: ([\d.]+)/.exec(stdout) ?? [];
	if (level === undefined) throw new Error(`systemd-analyze says no level: ${stdout}${stderr}`);
	return Number(level);
}
