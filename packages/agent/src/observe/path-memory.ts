import type { HostFiles } from "@pathkeeper/host";
import { pathsOf } from "@pathkeeper/model";
import type { Look } from "./observe.ts";

/** Made anew by the kernel at each boot, as the maps are. */
const bootIdFile = "/proc/sys/kernel/random/boot_id";

interface Seen {
	readonly boot: string;
	/** Highest number of configured paths by WWID. */
	readonly paths: Record<string, number>;
}

/**
 * Remembers how many paths each map had at most since it was made. A path whose device vanished leaves no trace in
 * the map, so a node without peers can only know that it is missing by having counted before. Survives a restart of
 * the agent, not one of the host; a map that is gone is forgotten.
 */
export class PathMemory {
	readonly #files: HostFiles;
	readonly #path: string;
	#seen: Seen | null = null;

	constructor(files: HostFiles, stateFolder: string) {
		this.#files = files;
		this.#path = `${stateFolder}/paths-seen.json`;
	}

	/** Takes a look into account and gives the highest numbers as of now. */
	async note(look: Pick<Look, "maps" | "kernelMaps">): Promise<Readonly<Record<string, number>>> {
		this.#seen ??= await this.#load();
		const before = this.#seen.paths;
		const present = new Set([...look.kernelMaps, ...look.maps].map((map) => map.wwid));
		const counts = look.maps
			.filter((map) => map.whole)
			.map((map) => [map.wwid, pathsOf(map).length] as const);
		const paths: Record<string, number> = {};
		for (const [wwid, count] of [...Object.entries(before), ...counts]) {
			if (present.has(wwid)) paths[wwid] = Math.max(paths[wwid] ?? 0, count);
		}
		if (JSON.stringify(paths) !== JSON.stringify(before)) {
			this.#seen = { ...this.#seen, paths };
			await this.#files.replace(this.#path, `${JSON.stringify(this.#seen)}\n`, { mode: 0o600 });
		}
		return paths;
	}

	/** What was seen since this boot; nothing when the file is from an earlier boot or not readable. */
	async #load(): Promise<Seen> {
		const boot = ((await this.#files.read(bootIdFile)) ?? "").trim();
		const none: Seen = { boot, paths: {} };
		try {
			const value: unknown = JSON.parse((await this.#files.read(this.#path)) ?? "null");
			if (!(value instanceof Object) || !("boot" in value) || value.boot !== boot) return none;
			const paths: unknown = "paths" in value ? value.paths : null;
			if (!(paths instanceof Object)) return none;
			const counts = Object.entries(paths).filter(
				(pair): pair is [string, number] => typeof pair[1] === "number" && pair[1] > 0,
			);
			return { boot, paths: Object.fromEntries(counts) };
		} catch {
			return none;
		}
	}
}
