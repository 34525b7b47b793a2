/** What can be made to happen to a simulated fleet while it runs, in the words of `pathkeeper sim`. */
import { PathkeeperError, sizeText, type Timers } from "@pathkeeper/model";
import type { PathFault, San } from "@pathkeeper/simulator";
import type { SimulatedFleet } from "../simulated-fleet.ts";

export interface Accident {
	/** Such as `["fail", "port", "vega-a1"]`. */
	readonly words: readonly string[];
	/** How often a flapping thing goes down and comes back. */
	readonly times: number;
	/** Milliseconds that it stays down, and up. */
	readonly everyMs: number;
}

/** Every command with its arguments, for help and for messages. */
export const accidentUsage = [
	"show",
	"fail path NODE DEV [FAULT]",
	"fail port PORT",
	"fail fabric FABRIC",
	"fail session NODE PORT",
	"restore path|port|fabric|session …",
	"flap path|port|fabric|session …",
	"delete NODE DEV",
	"rescan NODE",
	"map WWID [NODE]",
	"unmap WWID [NODE]",
	"resize WWID GIB",
	"hang NODE",
	"resume NODE",
	"kill NODE",
	"start NODE",
] as const;

const pathFaults = [
	"offline",
	"failing",
	"ghost",
	"shaky",
	"pending",
	"timeout",
	"delayed",
	"disconnected",
] as const satisfies readonly PathFault[];

const gib = 1024 ** 3;

/** Something that can break and be mended. */
interface Breakable {
	readonly text: string;
	readonly fail: () => void;
	readonly restore: () => void;
}

/** Does it, and tells in words what was done. Throws NOT_FOUND for what is not there, PARAMETER_INVALID for other words. */
export async function happen(
	{ san, hosts }: SimulatedFleet,
	{ words, times, everyMs }: Accident,
	timers: Pick<Timers, "sleep">,
	signal: AbortSignal,
): Promise<string> {
	const [verb = "", ...rest] = words;
	const [first = "", second] = rest;
	const daemon = () => {
		const host = hosts.find(({ node }) => node === first);
		if (host === undefined) throw new Error(`the simulated SAN has no node '${first}'`);
		return host.daemon;
	};
	switch (`${verb} ${rest.length}`) {
		case "show 0":
			return sanText(san);
		case "delete 2":
			san.deletePath(first, san.disk(first, second ?? "").dev);
			return `path ${first}:${second} is deleted; rescan ${first} brings it back`;
		case "rescan 1": {
			const added = san.rescan(first);
			return `${first} found ${added.length === 0 ? "nothing new" : added.join(", ")}`;
		}
		case "map 1":
		case "map 2":
			san.mapLun(first, nodeOf(san, second));
			return `LUN ${first} is shown to ${second ?? "every node"}; a new path needs a rescan`;
		case "unmap 1":
		case "unmap 2":
			san.unmapLun(first, nodeOf(san, second));
			return `LUN ${first} is hidden from ${second ?? "every node"}`;
		case "resize 2": {
			const size = Number(second) * gib;
			if (!Number.isSafeInteger(size) || size < gib) throw usage(words);
			san.resizeLun(first, size);
			return `LUN ${first} has ${sizeText(size)}; nodes see it after a rescan`;
		}
		case "hang 1":
			await daemon().setFaults({ hang: true });
			return `multipathd on ${first} hangs`;
		case "resume 1":
			await daemon().setFaults({ hang: false });
			return `multipathd on ${first} answers again`;
		case "kill 1":
			await daemon().kill();
			return `multipathd on ${first} is killed`;
		case "start 1":
			await daemon().start();
			return `multipathd on ${first} runs`;
	}
	const thing = breakable(san, words);
	if (verb === "fail") {
		thing.fail();
		return `${thing.text} is down`;
	}
	if (verb === "restore") {
		thing.restore();
		return `${thing.text} is back`;
	}
	if (verb !== "flap") throw usage(words);
	void flap(thing, times, everyMs, timers, signal);
	return `${thing.text} flaps ${times} times, down and up every ${everyMs} ms`;
}

function breakable(san: San, words: readonly string[]): Breakable {
	const [, kind, first = "", second = "", third] = words;
	const text = `${kind} ${[first, second].filter((name) => name !== "").join(":")}`;
	switch (`${kind} ${words.length - 2}`) {
		case "path 2":
		case "path 3": {
			const fault = pathFaults.find((each) => each === (third ?? "offline"));
			if (fault === undefined) throw usage(words, `a FAULT is one of ${pathFaults.join(", ")}`);
			const { dev } = san.disk(first, second);
			return {
				text,
				fail: () => san.failPath(first, dev, fault),
				restore: () => san.restorePath(first, dev),
			};
		}
		case "port 1":
			san.port(first);
			return { text, fail: () => san.failPort(first), restore: () => san.restorePort(first) };
		case "fabric 1":
			if (!san.fabrics.some(({ name }) => name === first))
				throw new Error(`the simulated SAN has no fabric '${first}'`);
			return { text, fail: () => san.failFabric(first), restore: () => san.restoreFabric(first) };
		case "session 2":
			return {
				text,
				fail: () => san.failSession(first, second),
				restore: () => san.restoreSession(first, second),
			};
	}
	throw usage(words);
}

async function flap(
	thing: Breakable,
	times: number,
	everyMs: number,
	timers: Pick<Timers, "sleep">,
	signal: AbortSignal,
): Promise<void> {
	try {
		for (let time = 0; time < times; time++) {
			thing.fail();
			await timers.sleep(everyMs, signal);
			thing.restore();
			await timers.sleep(everyMs, signal);
		}
	} catch {
		// The daemon ends, or the path was deleted meanwhile: there is nobody to tell.
	}
}

function nodeOf(san: San, name: string | undefined): string | undefined {
	return name === undefined ? undefined : san.node(name).name;
}

function sanText(san: San): string {
	const word = (up: boolean) => (up ? "up" : "DOWN");
	return [
		...san.fabrics.map(({ name, up }) => `fabric ${name}: ${word(up)}`),
		...san.ports.map(
			({ plan, array, up }) => `port ${plan.name} of ${array.name} on ${plan.fabric}: ${word(up)}`,
		),
		...san.luns.map(
			({ plan, array, sizeBytes, mappedTo }) =>
				`LUN ${plan.wwid} of ${array.name}, ${sizeText(sizeBytes)}, shown to ${[...mappedTo].join(", ") || "nobody"}`,
		),
		...san.nodes.flatMap((node) => {
			const bad = node.disks.filter((disk) => !node.condition(disk).carriesIo);
			return [
				`node ${node.name}: ${node.disks.length} paths, ${bad.length} of them carry no I/O`,
				...bad.map((disk) => `  ${disk.dev} to ${disk.lun.plan.wwid}: ${node.condition(disk).checker}`),
			];
		}),
	].join("\n");
}

function usage(words: readonly string[], further = ""): PathkeeperError {
	const text = `not understood; ${further === "" ? `there is: ${accidentUsage.join("; ")}` : further}`;
	return new PathkeeperError("PARAMETER_INVALID", { fields: { [words.join(" ")]: text } });
}
