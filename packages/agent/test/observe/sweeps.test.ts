import type { MultipathMap } from "@pathkeeper/model";
import type { SimulatedHost } from "@pathkeeper/simulator";
import { expect, it } from "vitest";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import { HostReader, type Observation } from "../../src/observe/observe.ts";
import { Sweeps } from "../../src/observe/sweeps.ts";
import { interceptedHost } from "../intercepted-host.ts";
import { milk, type OneNode, oil, oneNode } from "../one-node.ts";

const seconds = 1_000;
const minutes = 60 * seconds;

interface Watched {
	readonly node: OneNode;
	readonly host: SimulatedHost;
	readonly clock: ManualRuntime;
	readonly sweeps: Sweeps;
	/** How often the maps, the candidates and the signs were asked for. */
	readonly asked: { kernelMaps: number; candidates: number; signs: number };
	/** What a sweep does on the way, such as taking its time. */
	meanwhile: () => void | Promise<void>;
	look(): Promise<Observation>;
}

/** A host with one map, looked at when the test says so, in a time that only the test moves. */
async function watched(): Promise<Watched> {
	const node = await oneNode();
	node.listByHand(milk);
	await node.host.multipathd.reconfigure();
	await expect.poll(() => node.host.kernel.maps.length).toBe(1);
	await expect.poll(async () => (await node.host.multipathd.status()).phase).toBe("idle");
	const clock = new ManualRuntime();
	const asked = { kernelMaps: 0, candidates: 0, signs: 0 };
	const host = interceptedHost(node.host, async ({ method }, run) => {
		if (method === "kernelMaps" || method === "candidates" || method === "signs") asked[method] += 1;
		if (method === "candidates") await it.meanwhile();
		return run();
	});
	const sweeps = new Sweeps(host.sysfs, clock);
	const looks = new HostReader(host, sweeps);
	const it: Watched = {
		node,
		host: node.host,
		clock,
		sweeps,
		asked,
		meanwhile: () => undefined,
		look: () => looks.observe({ pollingIntervalS: 5, deadlineMs: 400 }),
	};
	return it;
}

const allPaths = ({ groups }: MultipathMap) => groups.flatMap(({ paths }) => paths);
const usersIn = ({ kernelMaps }: Observation) => kernelMaps.flatMap(({ users }) => users);
const stateOf = ({ daemon }: Observation, dev: string) =>
	daemon.maps.flatMap(allPaths).find((path) => path.dev === dev)?.deviceState;

it("asks the kernel once while nothing changes, and gives the same objects", async () => {
	const { look, clock, asked } = await watched();
	const first = await look();
	for (let n = 0; n < 5; n++) {
		await clock.pass(5 * seconds);
		const { daemon, kernelMaps, candidates, foreignDmNames } = await look();
		expect(daemon.maps).toBe(first.daemon.maps);
		expect(kernelMaps).toBe(first.kernelMaps);
		expect(candidates).toBe(first.candidates);
		expect(foreignDmNames).toBe(first.foreignDmNames);
	}
	expect(asked).toEqual({ kernelMaps: 1, candidates: 1, signs: 1 });
});

it("sees who begins to use a map without an event after half a minute, and not much sooner", async () => {
	const { look, host, clock } = await watched();
	await look();
	host.kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
	await clock.pass(29 * seconds);
	expect(usersIn(await look())).toEqual([]);
	await clock.pass(1 * seconds);
	expect(usersIn(await look())).toEqual(["mounted on /srv"]);
});

it("asks for signs only as long as they are the same, and for everything after five minutes", async () => {
	const { look, clock, asked } = await watched();
	await look();
	for (let n = 0; n < 59; n++) {
		await clock.pass(5 * seconds);
		await look();
	}
	expect(asked).toEqual({ kernelMaps: 1, candidates: 1, signs: 10 });
	await clock.pass(5 * seconds);
	await look();
	expect(asked).toMatchObject({ kernelMaps: 2, candidates: 2 });
});

it("keeps what a sweep found again as the same objects", async () => {
	const { look, clock } = await watched();
	const first = await look();
	await clock.pass(5 * minutes);
	const second = await look();
	expect(second.kernelMaps).toBe(first.kernelMaps);
	expect(second.candidates).toBe(first.candidates);
	expect(second.daemon.maps).toEqual(first.daemon.maps);
});

it("asks at once when the host was changed", async () => {
	const { look, host, sweeps } = await watched();
	await look();
	host.kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
	sweeps.stir();
	expect(usersIn(await look())).toEqual(["mounted on /srv"]);
});

it("asks again when the host was changed during a sweep", async () => {
	const at = await watched();
	at.meanwhile = () => {
		at.meanwhile = () => undefined;
		at.sweeps.stir();
	};
	await at.look();
	await at.look();
	expect(at.asked.kernelMaps).toBe(2);
	await at.look();
	expect(at.asked.kernelMaps).toBe(2);
});

it("takes a tenth of the time at most, however many events come", async () => {
	const at = await watched();
	at.meanwhile = () => at.clock.pass(200);
	await at.look();
	for (let passed = 0; passed < 20 * seconds; passed += 100) {
		at.sweeps.suspect();
		await at.clock.pass(100);
		await at.look();
	}
	expect(at.asked.kernelMaps).toBeGreaterThan(5);
	expect(at.asked.kernelMaps).toBeLessThanOrEqual(1 + (20 * seconds * 1.2) / 2_000);
});

it("lays no list of the daemon over a kernel of another time: another map asks at once", async () => {
	const { look, node, host, asked } = await watched();
	await look();
	node.listByHand(oil);
	await host.multipathd.reconfigure();
	await expect.poll(async () => (await host.multipathd.maps()).maps.length).toBe(2);
	const { daemon, kernelMaps } = await look();
	expect(daemon.maps).toHaveLength(2);
	expect(kernelMaps).toHaveLength(2);
	expect(asked.kernelMaps).toBe(2);
});

it("never shows a state of the kernel from before the daemon said something else of a path", async () => {
	const { look, host, asked, sweeps } = await watched();
	const told = async () => (await host.multipathd.maps()).maps.flatMap(allPaths)[0];
	host.san.failPath("n1", "sda", "offline");
	await expect.poll(async () => (await told())?.checkerState).toBe("faulty");
	sweeps.stir();
	expect(stateOf(await look(), "sda")).toBe("offline");
	const before = asked.kernelMaps;
	host.san.restorePath("n1", "sda");
	await expect.poll(async () => await told()).toMatchObject({ checkerState: "ready", dmState: "active" });
	const first = await look();
	expect(stateOf(first, "sda")).toBe("running");
	expect(first.daemon.maps.flatMap(allPaths)[0]?.transport?.portal).toMatch(/:3260$/);
	expect(asked.kernelMaps).toBe(before);
	// The kernel is asked at the next look.
	await look();
	expect(asked.kernelMaps).toBe(before + 1);
});

it("watches the signs at each look while the daemon does not answer", async () => {
	const { look, host, asked } = await watched();
	await look();
	await host.daemon.stop();
	await look();
	await look();
	expect(asked).toMatchObject({ kernelMaps: 1, signs: 3 });
	const map = host.kernel.map(milk);
	if (map !== undefined) host.kernel.removeMap(map);
	expect((await look()).kernelMaps).toEqual([]);
});

it("asks again at the next look when the kernel did not answer", async () => {
	const at = await watched();
	await at.look();
	at.sweeps.stir();
	at.meanwhile = () => Promise.reject(new Error("the kernel does not answer"));
	await expect(at.look()).rejects.toThrow("does not answer");
	expect(at.sweeps.recent()).toBeNull();
	await expect(at.look()).rejects.toThrow("does not answer");
	at.meanwhile = () => undefined;
	expect((await at.look()).kernelMaps).toHaveLength(1);
});

it("is recent enough to see that nothing is to be done unless something may have happened", async () => {
	const { look, sweeps, clock } = await watched();
	expect(sweeps.recent()).toBeNull();
	const { kernelMaps } = await look();
	expect(sweeps.recent()?.kernelMaps).toBe(kernelMaps);
	sweeps.suspect();
	expect(sweeps.recent()).toBeNull();
	await look();
	expect(sweeps.recent()).not.toBeNull();
	// Nobody looks any more.
	await clock.pass(61 * seconds);
	expect(sweeps.recent()).toBeNull();
});

it("gives a sign of life before each question of the kernel, which may take long on a busy host", async () => {
	const node = await oneNode();
	const questions: readonly string[] = ["signs", "kernelMaps", "candidates", "foreignDmNames", "paths"];
	const said: string[] = [];
	const host = interceptedHost(node.host, async ({ method }, run) => {
		if (questions.includes(method)) said.push(method);
		return run();
	});
	const looks = new HostReader(host, new Sweeps(host.sysfs, new ManualRuntime()));
	await looks.observe({ pollingIntervalS: 5, deadlineMs: 400, onStep: () => said.push("step") });
	expect(said).toEqual(["step", ...questions.flatMap((question) => ["step", question])]);
});
