/** A fleet with a log: nodes change, windows close, entries come out. */
import {
	type AllowedLun,
	FleetMemory,
	flappingEntry,
	JudgedFleet,
	type LogDraft,
	memoryDocument,
	type NodeView,
	nodeFacts,
	recalledMemory,
} from "../../../src/index.ts";

export const minute = 60_000;

export class WatchedFleet {
	readonly fleet = new JudgedFleet();
	memory = new FleetMemory();
	at = 1_763_800_000_000;

	constructor(luns: readonly AllowedLun[], nodes: readonly NodeView[]) {
		this.allow(luns);
		this.set(...nodes);
		this.step();
		this.close();
	}

	allow(luns: readonly AllowedLun[], digest = "d1"): void {
		this.fleet.setConfig({ defaults: {}, luns }, { configDigest: digest });
	}

	set(...nodes: readonly NodeView[]): void {
		for (const view of nodes) this.fleet.setNode(nodeFacts(view));
	}

	/** A step of the live fleet: what was judged is noted. */
	step(): void {
		this.memory.note(this.fleet, this.fleet.judge().judged, this.at);
	}

	close(awaitsNodes = false): LogDraft[] {
		return this.memory.close(this.fleet, { at: this.at, awaitsNodes });
	}

	/** One change and what is told of it. */
	after(nodes: readonly NodeView[], ms = 5000): LogDraft[] {
		this.at += ms;
		this.set(...nodes);
		this.step();
		return this.close();
	}

	/** What is told of them in short. */
	texts(nodes: readonly NodeView[], ms?: number): string[] {
		return this.after(nodes, ms).map(({ text }) => text);
	}

	/** Everything is stopped and started again; only what was stored is left. */
	restart(): void {
		this.memory = recalledMemory(JSON.parse(JSON.stringify(memoryDocument(this.memory))));
		this.memory.noteAll(this.fleet, this.at);
	}

	/** Entries of the series that go on. */
	series(): LogDraft[] {
		return [...this.memory.series].map((one) => flappingEntry(one, (wwid) => wwid));
	}
}
