/** Traps of the daemon itself, tried on a whole agent. */
import { createServer } from "node:net";
import { demoSanPlan, releases } from "@pathkeeper/simulator";
import { expect, it, onTestFinished } from "vitest";
import { interceptedHost } from "../intercepted-host.ts";
import { milk, oil, oneNode, until } from "../one-node.ts";
import { verdict } from "./served-node.ts";

it.each(releases)(
	"reconfigure answers before it does anything, and applied is not said before it has: %s",
	async (release) => {
		const node = await oneNode({ release, reconfigureMs: 300 });
		node.startAgent();
		for (const alias of ["first", "second"]) {
			await node.config(`wwid: ${milk}\n\talias ${alias}\n`);
			await node.applied();
			expect(await node.host.multipathd.configLocal()).toContain(`alias "${alias}"`);
			expect(node.host.kernel.map(milk)?.name).toBe(alias);
		}
	},
);

it("a mere connection starts multipathd on Debian 12, so a stopped daemon is not connected to", async () => {
	const node = await oneNode({ release: "0.9.4" });
	await node.host.daemon.stop();
	let connections = 0;
	const activation = createServer((client) => {
		connections++;
		client.destroy();
	});
	const { promise: listening, resolve } = Promise.withResolvers<void>();
	activation.listen(node.host.daemon.addresses[0], resolve);
	await listening;
	onTestFinished(() => void activation.close());
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await node.failure();
	const report = await node.reported(({ multipathd }) => multipathd.state === "not-running", "not running");
	await node.rounds("apply", 3);
	await node.rounds("observe", 3);
	expect(report.multipathd.problem).toContain("systemctl start multipathd");
	expect(connections).toBe(0);
});

it("a daemon that serves no more clients is silent, and its host not empty", async () => {
	const node = await oneNode({ release: "0.15.1" });
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await verdict(node, milk, "optimal");
	await node.host.daemon.setFaults({ refuse: true });
	await node.host.daemon.setFaults({ refuse: false, hangUp: true });
	const { reasons } = await verdict(node, milk, "unknown");
	expect(reasons.join()).toMatch(/closed the connection .*the kernel still holds/);
});

it("a silent daemon makes its LUNs unknown, and what the kernel still holds is told", async () => {
	const node = await oneNode();
	node.startAgent({ answerMs: 300 });
	await node.config(`wwid: ${milk}\n\nwwid: ${oil}\n`);
	await verdict(node, milk, "optimal");
	await node.host.daemon.setFaults({ hang: true });
	const { reasons } = await verdict(node, milk, "unknown");
	expect(reasons.join()).toMatch(/does not answer .*the kernel still holds/);
	await node.host.daemon.setFaults({ hang: false });
	await verdict(node, milk, "optimal");
});

it("help text with a good exit code is no list of maps", async () => {
	const node = await oneNode();
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await verdict(node, milk, "optimal");
	await node.host.daemon.setFaults({ knowsNoJson: true });
	await verdict(node, milk, "unknown");
});

it("a map that the kernel holds and the daemon does not manage is a loud finding", async () => {
	const node = await oneNode({ release: "0.11.1" });
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await verdict(node, milk, "optimal");
	const reading = { daemon: "ok" as const, problems: [], maps: [] };
	const forgetful = interceptedHost(node.host, ({ method }, run) =>
		method === "maps" ? Promise.resolve(reading) : run(),
	);
	await node.stopAgents();
	node.startAgent({ host: forgetful });
	expect(await node.finding("map-unknown-to-daemon")).toMatchObject({ severity: "error", subject: milk });
});

it("events only hurry: a fault is noticed without any", async () => {
	const node = await oneNode();
	const deaf = {
		...interceptedHost(node.host, (_, run) => run()),
		udev: {
			async *watch(signal: AbortSignal) {
				await until(
					() => signal.aborted,
					() => "not ended",
				);
			},
		},
	};
	node.startAgent({ host: deaf });
	await node.config(`wwid: ${milk}\n`);
	await verdict(node, milk, "optimal");
	node.host.san.failPort("vega-a1");
	await verdict(node, milk, "degraded");
});

it("the names that an array gives its LUNs may break the daemon's JSON, and hide nothing", async () => {
	const plan = demoSanPlan(["n1"]);
	const hostile = {
		...plan,
		arrays: plan.arrays.map((array) =>
			array.name === "vega" ? { ...array, product: 've"ga", "paths": 99, "' } : array,
		),
	};
	const node = await oneNode({ plan: hostile });
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	expect((await verdict(node, milk, "optimal")).paths).toBe(4);
	node.host.san.failPort("vega-a1");
	await verdict(node, milk, "degraded");
});
