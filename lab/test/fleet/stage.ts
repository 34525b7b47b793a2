import {
	Fleet,
	type FleetNode,
	type FleetStatus,
	type LunInFleet,
	runOwner,
	type Suite,
	suites,
	until,
} from "../../src/index.ts";
import { patience } from "./patience.ts";
import { type Visit, Visitor } from "./visitor.ts";

/** What the steps share: one booted fleet, who visits its page, and how it is waited for. */
export class Stage {
	/** Of a fleet that is up and stays so; without one, a fleet is brought up and ended. */
	readonly #borrowed: string | undefined;
	#fleet: Fleet | undefined;
	#visitor: Visitor | undefined;

	constructor(borrowed: string | undefined) {
		this.#borrowed = borrowed;
	}

	async set(): Promise<void> {
		const running = this.#borrowed === undefined ? undefined : Fleet.connect(this.#borrowed);
		this.#fleet = running ?? (await Fleet.start(`fleet-${runOwner().pid}`, runOwner()));
		this.#visitor = await Visitor.arrive(this.#fleet.server);
		await this.untilFleet(
			"every node has reported",
			({ nodes }) =>
				suites.every((suite) => nodes.get(suite)?.online === true) && nodes.size === suites.length,
		);
	}

	async clear(): Promise<void> {
		await this.#visitor?.[Symbol.asyncDispose]();
		if (this.#borrowed === undefined) await this.#fleet?.[Symbol.asyncDispose]();
	}

	get fleet(): Fleet {
		return there(this.#fleet);
	}

	/** A new window on the page, logged in and at this path; nothing may have gone wrong in it when it is closed. */
	async visit(path: string): Promise<Visit> {
		return await there(this.#visitor).visit(path);
	}

	/** Asks the server until `answer` gives something; says how long it took. */
	async untilFleet<T>(what: string, answer: (status: FleetStatus) => T | undefined | false): Promise<T> {
		const start = Date.now();
		let last: FleetStatus | undefined;
		try {
			const found = await until(
				what,
				async () => {
					last = await this.fleet.server.status();
					return last !== undefined && answer(last);
				},
				patience,
			);
			console.log(`fleet: ${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
			return found;
		} catch (error) {
			throw new Error(`${String(error)}; the fleet is ${JSON.stringify(last, mapsAsObjects)}`, {
				cause: error,
			});
		}
	}

	/** Both LUNs optimal on every node with both paths, and every node at the current configuration. */
	async untilWell(): Promise<FleetStatus> {
		return await this.untilFleet("all is well", (status) => isWell(status) && status);
	}

	/** Waits until the map of a LUN has this name in every node's kernel. */
	async untilNamed(wwid: string, name: string): Promise<void> {
		const isNamed = async (node: FleetNode) => (await node.maps()).get(wwid) === name;
		for (const node of this.fleet.nodes)
			await until(`the map '${name}' on ${node.name}`, () => isNamed(node), { ...patience, every: 5000 });
	}

	/** Tries what is so while something is broken, and mends it whatever came of that: the next step begins well. */
	async whileBroken(look: () => Promise<void>, mend: () => Promise<unknown>): Promise<void> {
		try {
			await look();
		} finally {
			await mend();
		}
		await this.untilWell();
	}

	/** Every node's maps in its kernel, by WWID. */
	async maps(): Promise<ReadonlyMap<Suite, ReadonlyMap<string, string>>> {
		const maps = new Map<Suite, ReadonlyMap<string, string>>();
		for (const node of this.fleet.nodes) maps.set(node.name, await node.maps());
		return maps;
	}
}

export function lunOf(status: FleetStatus, wwid: string): LunInFleet {
	const lun = status.luns.find((one) => one.wwid === wwid);
	if (lun === undefined) throw new Error(`LUN ${wwid} is not listed`);
	return lun;
}

function isWell({ luns, nodes }: FleetStatus): boolean {
	return (
		luns.length === 2 &&
		luns.every(
			({ state, nodes: on }) =>
				state === "optimal" &&
				suites.every((suite) => {
					const here = on.get(suite);
					return here?.state === "optimal" && here.paths === 2 && here.usable === 2;
				}),
		) &&
		suites.every((suite) => {
			const node = nodes.get(suite);
			return node?.online === true && node.current && !node.settling;
		})
	);
}

function mapsAsObjects(_: string, value: unknown): unknown {
	return value instanceof Map ? Object.fromEntries(value) : value;
}

function there<T>(value: T | undefined): T {
	if (value === undefined) throw new Error("the stage is not set yet");
	return value;
}
