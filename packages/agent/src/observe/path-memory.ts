import type { HostFiles } from "@pathkeeper/host";
import { type Finding, type MultipathMap, messageOf, PathkeeperError } from "@pathkeeper/model";
import type { Observation } from "./observe.ts";

/** Made anew by the kernel at each boot, as the maps are. */
const bootIdFile = "/proc/sys/kernel/random/boot_id";

interface PathCounts {
	readonly boot: string;
	/** Highest number of configured paths by WWID. */
	readonly paths: ReadonlyMap<string, number>;
}

/** An observation that was taken into account, and what came of it. */
interface Noted extends Pick<Observation, "kernelMaps"> {
	readonly maps: Observation["daemon"]["maps"];
	readonly highest: Readonly<Record<string, number>>;
}

/**
 * Remembers how many paths each map had at most since it was made. A path whose device vanished leaves no trace in
 * the map, so a node without peers can only know that it is missing by having counted before. Survives a restart of
 * the agent, not one of the host; a map that is gone is forgotten.
 */
export class PathMemory {
	readonly #files: HostFiles;
	readonly #path: string;
	#counts: PathCounts | null = null;
	/** What stands in the file. */
	#kept: string | null = null;
	#problem: string | null = null;
	#last: Noted | null = null;

	constructor(files: HostFiles, stateFolder: string) {
		this.#files = files;
		this.#path = `${stateFolder}/paths-seen.json`;
	}

	/** Takes an observation into account and gives the highest numbers as of now: the same object when it saw the same maps. */
	async note({ daemon, kernelMaps }: Pick<Observation, "daemon" | "kernelMaps">): Promise<Noted["highest"]> {
		const { maps } = daemon;
		const last = this.#last;
		if (last?.maps === maps && last.kernelMaps === kernelMaps && this.#problem === null) return last.highest;
		const { boot, paths: before } = this.#counts ?? (await this.#load());
		const paths = new Map<string, number>();
		const present = new Set([...kernelMaps, ...daemon.maps].map(({ wwid }) => wwid));
		const counts = daemon.maps
			.filter(({ whole }) => whole)
			.map((map) => [map.wwid, countPaths(map)] as const);
		for (const [wwid, count] of [...before, ...counts]) {
			if (present.has(wwid)) paths.set(wwid, Math.max(paths.get(wwid) ?? 0, count));
		}
		this.#counts = { boot, paths };
		await this.#keep(this.#counts);
		const highest = Object.fromEntries(paths);
		this.#last = { maps, kernelMaps, highest };
		return highest;
	}

	/** What is wrong with keeping it; what was seen is then known until the agent ends. */
	findings(): readonly Finding[] {
		if (this.#problem === null) return [];
		const text = `how many paths each map had cannot be kept, so a path that is lost while the agent restarts will not be missed: ${this.#problem}`;
		return [{ code: "memory-not-kept", severity: "warning", subject: this.#path, text }];
	}

	/** A node whose state folder is full or read-only must still be seen. */
	async #keep({ boot, paths }: PathCounts): Promise<void> {
		const text = `${JSON.stringify({ boot, paths: Object.fromEntries(paths) })}\n`;
		if (text === this.#kept) return;
		try {
			await this.#files.replace(this.#path, text, { mode: 0o600 });
			this.#kept = text;
			this.#problem = null;
		} catch (error) {
			if (!(error instanceof PathkeeperError)) throw error;
			this.#problem = messageOf(error);
		}
	}

	/** What was seen since this boot; nothing when the file is from an earlier boot or not readable. */
	async #load(): Promise<PathCounts> {
		const boot = await this.#read(bootIdFile);
		const none: PathCounts = { boot: (boot ?? "").trim(), paths: new Map() };
		this.#kept = await this.#read(this.#path);
		try {
			const value: unknown = JSON.parse(this.#kept ?? "null");
			if (!(value instanceof Object) || !("boot" in value) || value.boot !== none.boot) return none;
			const paths: unknown = "paths" in value ? value.paths : null;
			if (!(paths instanceof Object)) return none;
			const counts = Object.entries(paths).filter(
				(pair): pair is [string, number] => Number.isSafeInteger(pair[1]) && pair[1] > 0,
			);
			return { ...none, paths: new Map(counts) };
		} catch {
			return none;
		}
	}

	async #read(path: string): Promise<string | null> {
		try {
			return await this.#files.read(path);
		} catch (error) {
			if (error instanceof PathkeeperError) return null;
			throw error;
		}
	}
}

function countPaths({ groups }: MultipathMap): number {
	return groups.reduce((count, { paths }) => count + paths.length, 0);
}
