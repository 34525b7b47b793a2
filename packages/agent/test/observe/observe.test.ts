import { releases, type SimulatedHost } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { HeldReconfigure } from "../held-reconfigure.ts";
import { hostWith } from "../intercepted-host.ts";
import { milk, oil, oneNode } from "../one-node.ts";
import { lookOnce as look } from "./look-once.ts";

const options = { pollingIntervalS: null, deadlineMs: 1_500 };

/** A host that has two maps, one of them in use. */
async function hostWithMaps(release: (typeof releases)[number] = "0.15.1"): Promise<SimulatedHost> {
	const node = await oneNode({ release });
	const { host } = node;
	node.listByHand(milk);
	node.listByHand(oil);
	await host.multipathd.reconfigure();
	await expect.poll(() => host.kernel.maps.length).toBe(2);
	host.kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
	return host;
}

describe.each(releases)("a look at a host with multipathd %s", (release) => {
	it("lays what the daemon says over what the kernel shows", async () => {
		const host = await hostWithMaps(release);
		const { daemon, kernelMaps, candidates } = await look(host, options);
		expect(daemon).toMatchObject({ state: "running", problem: null, calm: true, reconfiguring: false });
		const map = daemon.maps.find(({ wwid }) => wwid === milk);
		expect(map?.sizeBytes).toBe(512 * 1024 ** 3);
		const paths = map?.groups.flatMap((group) => group.paths) ?? [];
		expect(paths).toHaveLength(4);
		expect(paths[0]).toMatchObject({
			hctl: expect.stringMatching(/^\d+:0:0:1$/),
			transport: { protocol: "iscsi", portal: expect.stringMatching(/:3260$/) },
		});
		expect(kernelMaps.find(({ wwid }) => wwid === milk)?.users).toEqual(["mounted on /srv"]);
		expect(candidates.some(({ wwid }) => wwid === milk)).toBe(false);
	});

	it("takes the kernel's finer word on a device that the daemon still calls running", async () => {
		const host = await hostWithMaps(release);
		const facts = { hctl: "9:0:0:1", deviceState: "blocked", sizeBytes: 1, transport: null };
		const blocked = hostWith(host, "sysfs", "paths", () => Promise.resolve(new Map([["sda", facts]])));
		const { daemon } = await look(blocked, options);
		const paths = daemon.maps.flatMap((map) => map.groups.flatMap((group) => group.paths));
		const states = new Map(paths.map(({ dev, deviceState }) => [dev, deviceState]));
		expect(states.get("sda")).toBe("blocked");
		expect(states.get("sdb")).toBe("running");
	});
});

/** New connections are closed at once, and those there are as well. */
async function hangUp(host: SimulatedHost): Promise<void> {
	await host.daemon.setFaults({ refuse: true });
	await host.daemon.setFaults({ refuse: false, hangUp: true });
}

describe("a daemon that gives no list is never an empty host", () => {
	const trouble: readonly [string, (host: SimulatedHost) => Promise<unknown>, string, RegExp][] = [
		["was stopped", (host) => host.daemon.stop(), "not-running", /systemctl start multipathd/],
		["was killed", (host) => host.daemon.kill(), "not-running", /not there or not multipathd/],
		[
			"hangs",
			(host) => host.daemon.setFaults({ hang: true }),
			"silent",
			/does not answer on .*'show daemon'/,
		],
		["hangs up", hangUp, "silent", /closed the connection/],
		["does not listen", (host) => host.daemon.setFaults({ refuse: true }), "not-running", /multipathd/],
		["breaks off", (host) => host.daemon.setFaults({ cutAfterBytes: 12 }), "unreadable", /was cut off/],
		["is locked", (host) => host.daemon.setFaults({ locked: true }), "silent", /gave up|timeout|busy/],
	];
	it.each(trouble)("when it %s", async (_, cause, state, problem) => {
		const host = await hostWithMaps();
		await cause(host);
		const { daemon, kernelMaps } = await look(host, options);
		expect(daemon.state).toBe(state);
		expect(daemon.problem).toMatch(problem);
		expect(daemon.calm).toBe(false);
		expect(daemon.maps).toEqual([]);
		expect(kernelMaps.map(({ wwid }) => wwid).sort()).toEqual([milk, oil]);
	});

	it("when its list breaks off in the middle", async () => {
		const host = await hostWithMaps();
		const whole = await host.multipathd.command("show maps json");
		await host.daemon.setFaults({ cutAfterBytes: Math.floor(whole.length / 2) });
		const { daemon, kernelMaps } = await look(host, options);
		expect(daemon.state).not.toBe("running");
		expect(kernelMaps).toHaveLength(2);
	});

	it("when multipath-tools is not installed, and it says that", async () => {
		const { host } = await oneNode({ installed: false });
		const { daemon } = await look(host, options);
		expect(daemon.state).toBe("not-installed");
		expect(daemon.problem).toMatch(/^multipath-tools is not installed/);
	});
});

it("calls a daemon unreadable that is too old to know JSON", async () => {
	const host = await hostWithMaps();
	await host.daemon.setFaults({ knowsNoJson: true });
	const { daemon, kernelMaps } = await look(host, options);
	expect(daemon.state).toBe("unreadable");
	expect(daemon.problem).toBe("this multipathd does not know 'show maps json'");
	expect(kernelMaps).toHaveLength(2);
});

it("takes noise before the list for a problem at most, and not for a healthy empty host", async () => {
	const host = await hostWithMaps();
	await host.daemon.setFaults({ noiseBeforeJson: "error calling out /lib/udev/scsi_id\n" });
	const { daemon } = await look(host, options);
	expect(daemon.maps.map(({ wwid }) => wwid).sort()).toEqual([milk, oil]);
	expect(daemon.problems).not.toEqual([]);
});

it("is not calm while the daemon says busy", async () => {
	const host = await hostWithMaps();
	await host.daemon.setFaults({ busy: true });
	const { daemon } = await look(host, options);
	expect(daemon).toMatchObject({ state: "running", calm: false, reconfiguring: false });
});

it("tells a daemon that reads its configuration from one that is silent", async () => {
	const reconfigure = new HeldReconfigure();
	const { host } = await oneNode(reconfigure.options);
	reconfigure.hold();
	await host.multipathd.reconfigure();
	const { daemon } = await look(host, options);
	expect(daemon).toMatchObject({
		state: "running",
		problem: null,
		reconfiguring: true,
		calm: false,
		maps: [],
	});
});
