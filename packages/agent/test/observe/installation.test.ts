import type { Host, Initramfs } from "@pathkeeper/host";
import type { Finding } from "@pathkeeper/model";
import { PathkeeperError } from "@pathkeeper/model";
import { expect, it, onTestFinished } from "vitest";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import type { Clock } from "../../src/index.ts";
import { Installation } from "../../src/observe/installation.ts";
import { hostWith, interceptedHost } from "../intercepted-host.ts";
import { configFile, fastClock, keptLog, milk, oneNode } from "../one-node.ts";

/** What is known of a host, once it was asked. */
async function factsOf(host: Host, clock: Clock = fastClock) {
	let news = 0;
	const installation = new Installation({
		host,
		clock,
		log: keptLog(),
		intervalMs: 3_000,
		answerMs: 20_000,
		onNews: () => news++,
	});
	const stop = new AbortController();
	const run = installation.run(stop.signal);
	onTestFinished(async () => {
		stop.abort();
		await run;
	});
	await expect.poll(() => news).toBe(1);
	return installation;
}

const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code);

it("knows the release, its polling interval, and that it has holes", async () => {
	const { host } = await oneNode({ release: "0.11.1" });
	const { version, pollingIntervalS, findings } = (await factsOf(host)).facts();
	expect(version).toBe("0.11.1");
	expect(pollingIntervalS).toBe(5);
	expect(codes(findings)).toEqual(["multipath-tools-known-holes"]);
});

it("finds nothing in a release without known holes", async () => {
	const { host } = await oneNode({ release: "0.15.1" });
	expect((await factsOf(host)).facts()).toMatchObject({ version: "0.15.1", findings: [] });
});

it("says so when another release is installed than runs", async () => {
	const { host } = await oneNode({ release: "0.11.1" });
	const upgraded = hostWith(host, "tools", "version", () => Promise.resolve("0.15.1"));
	const { version, findings } = (await factsOf(upgraded)).facts();
	expect(version).toBe("0.15.1");
	expect(codes(findings)).toEqual(["multipathd-restart-needed"]);
});

it("asks again when it is told that something changed, and tells only news", async () => {
	const { host } = await oneNode({ release: "0.15.1" });
	let release = "0.15.1";
	let asked = 0;
	const changing = hostWith(host, "tools", "version", () => {
		asked++;
		return Promise.resolve(release);
	});
	const installation = await factsOf(changing);
	expect(asked).toBe(1);
	release = "0.16.0";
	installation.askAgain();
	await expect.poll(() => installation.facts().version).toBe("0.16.0");
});

it("finds a main file that would end the daemon, while the daemon still runs", async () => {
	const node = await oneNode({ release: "0.15.1" });
	node.write("/etc/multipath.conf", 'blacklist {\nwwid "["\n}\n');
	const { version, findings } = (await factsOf(node.host)).facts();
	// The program does not get to say its version, but the daemon does.
	expect(version).toBe("0.15.1");
	const [finding] = findings;
	expect(finding).toMatchObject({ code: "host-conf-broken", severity: "error" });
	expect(finding?.text).toContain("multipathd would exit at its next reconfigure");
});

it("does not call multipath-tools gone whose program does not tell its version", async () => {
	const node = await oneNode({ release: "0.15.1" });
	node.host.setProgramFaults({ crash: true });
	expect((await factsOf(node.host)).facts().version).toBe("0.15.1");
});

it("asks once for five minutes", async () => {
	const { host } = await oneNode({ release: "0.15.1" });
	let asked = 0;
	const counted = interceptedHost(host, ({ port }, run) => {
		if (port === "tools") asked++;
		return run();
	});
	const clock = new ManualRuntime();
	await factsOf(counted, clock);
	const before = asked;
	// The first round has ended when the loop pauses.
	await expect.poll(() => clock.pending).toBe(1);
	for (let seconds = 3; seconds < 300; seconds += 3) await clock.pass(3_000);
	expect(clock.pending).toBe(1);
	expect(asked).toBe(before);
	await clock.pass(3_000);
	await expect.poll(() => asked).toBe(2 * before);
});

it("has the boot image looked at where the root file system is on a map, with the files there are", async () => {
	const node = await oneNode({ release: "0.15.1" });
	node.write(configFile, "# Pathkeeper\n");
	node.write("/etc/multipath/conf.d/notes.txt", "");
	node.listByHand(milk);
	const asked: (readonly [string, readonly string[]])[] = [];
	const finding: Finding = {
		code: "initramfs-without-config",
		severity: "warning",
		subject: null,
		text: "it lacks them",
	};
	const initramfs: Initramfs = {
		check: (root, needed) => {
			asked.push([root, needed]);
			return Promise.resolve(finding);
		},
	};
	const rooted = hostWith(node.host, "sysfs", "rootOnMap", () => Promise.resolve(milk));
	const { findings } = (await factsOf({ ...rooted, initramfs })).facts();
	expect(findings).toEqual([finding]);
	expect(asked).toEqual([[milk, ["/etc/multipath/wwids", configFile]]]);
	const elsewhere = (await factsOf({ ...node.host, initramfs })).facts();
	expect(elsewhere.findings).toEqual([]);
	expect(asked).toHaveLength(1);
});

it("goes on when the kernel does not tell where the root file system is", async () => {
	const { host } = await oneNode({ release: "0.15.1" });
	const problem = new PathkeeperError("PROCESS_DEADLINE", { program: "sysfs", seconds: 5 });
	const stuck = hostWith(host, "sysfs", "rootOnMap", () => Promise.reject(problem));
	const initramfs: Initramfs = { check: () => Promise.resolve(null) };
	expect((await factsOf({ ...stuck, initramfs })).facts()).toMatchObject({ version: "0.15.1", findings: [] });
});
