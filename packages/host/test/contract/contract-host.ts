import assert from "node:assert/strict";
import type { Socket } from "node:net";

/**
 * What a check needs of a host with a multipathd, real or simulated. The checks know nothing of a test runner, so
 * the same list runs under vitest here and under plain Node inside a virtual machine.
 */
export interface ContractHost {
	/** Release of multipath-tools, such as `0.11.1`. */
	readonly release: string;
	/** Two LUNs of equal size with two paths each, on nothing that anybody needs. */
	readonly luns: readonly [ContractLun, ContractLun];
	/** Reply to one command, with its last newline and without the NUL. */
	command(text: string): Promise<string>;
	/** A fresh connection to the control socket. */
	connect(): Promise<Socket>;
	/** `echo offline > /sys/block/sdX/device/state`, and back. */
	offline(dev: string): Promise<void>;
	online(dev: string): Promise<void>;
	/** Holds the map of a WWID open until the returned function is called. */
	hold(wwid: string): Promise<() => Promise<void>>;
	/** The kernel's word on a map: how many paths its table has; null when there is no map. */
	kernelPaths(wwid: string): Promise<number | null>;
	/** Files below /etc/multipath; null when there is none, and writing null removes. */
	readFile(path: string): Promise<string | null>;
	writeFile(path: string, text: string | null): Promise<void>;
	/** `multipath ARGS`. */
	runMultipath(args: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string }>;
	/** Lets so many seconds of the daemon go by. */
	pause(seconds: number): Promise<void>;
}

export interface ContractLun {
	readonly wwid: string;
	/** Kernel names of its paths. */
	readonly paths: readonly [string, string];
}

export interface Check {
	readonly name: string;
	run(host: ContractHost): Promise<void>;
}

export interface HostRequirements {
	/** WWIDs that the blacklist lets through; both LUNs by default. */
	readonly allowed?: readonly string[];
	/** WWIDs in the wwids file; `allowed` by default. */
	readonly listed?: readonly string[];
	/** Lines for `defaults`. */
	readonly defaults?: readonly string[];
	/** Lines of `multipath` blocks by WWID. */
	readonly maps?: Readonly<Record<string, readonly string[]>>;
	/** Text put after everything. */
	readonly extra?: string;
}

const confPath = "/etc/multipath/conf.d/zz-contract.conf";
let round = 0;

/** Brings a host to a known configuration and waits until the daemon says that it runs on it. */
export async function configure(host: ContractHost, wanted: HostRequirements = {}): Promise<void> {
	const allowed = wanted.allowed ?? host.luns.map((lun) => lun.wwid);
	const mark = 4001 + (round++ % 5000);
	const blocks = Object.entries(wanted.maps ?? {}).map(
		([wwid, lines]) => `multipath {\nwwid "${wwid}"\n${lines.join("\n")}\n}\n`,
	);
	const text = `defaults {
user_friendly_names no
find_multipaths strict
polling_interval 1
max_polling_interval 2
uxsock_timeout ${mark}
${(wanted.defaults ?? []).join("\n")}
}
blacklist {
wwid ".*"
}
blacklist_exceptions {
${allowed.map((wwid) => `wwid "^${wwid}$"`).join("\n")}
}
multipaths {
${blocks.join("")}}
${wanted.extra ?? ""}`;
	await host.writeFile(confPath, text);
	const listed = (wanted.listed ?? allowed).map((wwid) => `/${wwid}/\n`).join("");
	await host.writeFile("/etc/multipath/wwids", `# Multipath wwids, Version : 1.0\n# Valid WWIDs:\n${listed}`);
	assert.equal(await host.command("reconfigure"), "ok\n");
	await until("the daemon runs on the new configuration", async () =>
		(await host.command("show config local")).includes(`uxsock_timeout ${mark}`),
	);
	await idle(host);
}

/** Waits until the daemon has nothing left to do. */
export async function idle(host: ContractHost): Promise<void> {
	await until("the daemon is idle", async () => {
		const phase = await host.command("show daemon");
		return / (idle|running)\n$/.test(phase) && (await host.command("show status")).includes("busy: False");
	});
}

/** Asks again and again, for as long as a real daemon under emulation may need. */
export async function until(what: string, so: () => Promise<boolean>): Promise<void> {
	const end = Date.now() + 60_000;
	while (!(await so())) {
		if (Date.now() > end) assert.fail(`did not come true: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/** Rows of a raw listing, split at `|`. */
export async function rows(host: ContractHost, command: string): Promise<readonly (readonly string[])[]> {
	const text = await host.command(command);
	if (text === "ok\n") return [];
	return text
		.trimEnd()
		.split("\n")
		.map((line) => line.split("|"));
}

/** Name and further wildcards of every map. */
export async function maps(host: ContractHost, format: string): Promise<readonly string[]> {
	return (await rows(host, `show maps raw format "${format}"`)).map((row) => row.join("|"));
}

/** True from the release on. */
export function since(host: ContractHost, release: string): boolean {
	const numbers = (text: string) => text.split(".").map(Number);
	const [ours, theirs] = [numbers(host.release), numbers(release)];
	for (const at of [0, 1, 2]) {
		const difference = (ours[at] ?? 0) - (theirs[at] ?? 0);
		if (difference !== 0) return difference > 0;
	}
	return true;
}

/** How a release words a refusal. */
export function refusal(host: ContractHost, reason: string): string {
	return since(host, "0.9.8") ? `fail\n${reason}` : "fail\n";
}
