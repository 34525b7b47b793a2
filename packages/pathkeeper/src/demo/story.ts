/** What happens in a demo before somebody looks at it, so that there is something to see. */
import {
	type Client,
	type LogKind,
	type LunState,
	liveRoutes,
	multipathRoutes,
	PathkeeperError,
	storageRoutes,
} from "@pathkeeper/model";
import { realRuntime } from "../runtime/real-runtime.ts";
import { sendAccident } from "../simulator/sim-command.ts";
import type { DemoPlot, DemoSession } from "./plot.ts";

export interface StoryTools {
	readonly client: Client;
	readonly socket: string;
	/** Nothing happens any more when it aborts. */
	readonly signal: AbortSignal;
	/** How long each thing is waited for; then the story goes on without it. */
	readonly patienceMs: number;
}

/** Plays it. It ends early, and without an error, when the demo ends. */
export async function playStory({ broken, mended, groupOn }: DemoPlot, tools: StoryTools): Promise<void> {
	try {
		await until(tools, (states) => states.every((state) => state === "optimal"));
		if (groupOn !== null) await addStorages(tools.client, groupOn);
		// What was so from the beginning is only found; what changes from here on is told as a change.
		await untilLogged(["node"], tools);
		const failing = [broken, mended].filter((session) => session !== null);
		for (const session of failing) await turn(tools, "fail", session);
		await until(tools, (_, troubled) => failing.every(({ node }) => troubled.has(node)));
		if (mended === null) return;
		await turn(tools, "restore", mended);
		await until(tools, (_, troubled) => !troubled.has(mended.node));
	} catch (error) {
		if (!tools.signal.aborted) throw error;
	}
}

async function turn(
	{ socket }: StoryTools,
	verb: "fail" | "restore",
	{ node, port }: DemoSession,
): Promise<void> {
	const words = [verb, "session", node, port];
	const { ok, text } = await sendAccident(socket, { words, times: 1, everyMs: 1000 });
	if (!ok) throw new PathkeeperError("BUG", { problem: text });
}

/** Waits until the log has an entry of a kind: it gathers for some seconds what belongs together. */
export async function untilLogged(kinds: readonly LogKind[], tools: StoryTools): Promise<void> {
	const { client, signal, patienceMs } = tools;
	try {
		for (const end = realRuntime.monotonic() + patienceMs; realRuntime.monotonic() < end; ) {
			const { entries } = await client.call(liveRoutes.getLog, { limit: 100 });
			if (entries.some(({ kind }) => kinds.includes(kind))) return;
			await realRuntime.sleep(200, signal);
		}
	} catch (error) {
		if (!signal.aborted) throw error;
	}
}

/** Waits until the states of the LUNs, and the nodes on which one is not optimal, are as they should be. */
async function until(
	{ client, signal, patienceMs }: StoryTools,
	holds: (states: readonly LunState[], troubled: ReadonlySet<string>) => boolean,
): Promise<void> {
	for (const end = realRuntime.monotonic() + patienceMs; realRuntime.monotonic() < end; ) {
		const { luns } = await client.call(multipathRoutes.getStatus, {});
		const troubled = luns.flatMap(({ nodes }) =>
			Object.entries(nodes).flatMap(([node, { state }]) => (state === "optimal" ? [] : [node])),
		);
		if (
			holds(
				luns.map(({ state }) => state),
				new Set(troubled),
			)
		)
			return;
		await realRuntime.sleep(200, signal);
	}
}

/** The LUNs as volumes, and a volume group on one of them with disks of two guests. */
async function addStorages(client: Client, wwid: string): Promise<void> {
	const storage = "vmdata";
	const add = (name: string, type: string, properties: Readonly<Record<string, string>>) =>
		client.call(storageRoutes.addStorage, { storage: name, type, ...properties });
	await add("san", "multipath", { shared: "1" });
	await add(storage, "lvm", { base: `san:${wwid}`, vgname: storage, shared: "1" });
	for (const [vmid, size] of [
		[100, "32G"],
		[101, "8G"],
	] as const) {
		const filename = `vm-${vmid}-disk-0`;
		await client.call(storageRoutes.allocVolume, { node: "n1", storage, vmid, filename, size });
	}
}
