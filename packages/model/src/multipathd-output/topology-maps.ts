import { closeReading, maxMaps, maxPaths, Problems, type Reading } from "./reading.ts";
import { contradictions } from "./topology-checks.ts";
import { type DraftMap, isFinished, lostItsPaths, mapOf } from "./topology-draft.ts";
import type { TopologyHeader } from "./topology-header.ts";
import type { GroupLine, PathLine } from "./topology-lines.ts";
import { quoted } from "./visible.ts";

/** The maps of a topology text while its lines are read, and what was found wrong with them and with the text. */
export class TopologyMaps {
	readonly problems = new Problems();
	/** True once there are more maps or paths than any host has: nothing more is taken. */
	full = false;
	/** True once something of the listing is missing or cannot be read. */
	lost = false;
	/**
	 * True once lines of a map are missing where they belong, or stand where they do not: then one that does not show
	 * its end may have lost lines to others, or hold those of others.
	 */
	strays = false;
	/** The map that is open; null before the first. */
	map: DraftMap | null = null;
	readonly #maps: DraftMap[] = [];
	#paths = 0;
	#section = 0;

	/** Another capture may begin here: what follows is compared with nothing before. */
	nextSection(): void {
		this.#section += 1;
	}

	reading(): Reading {
		for (const { map, problem } of contradictions(this.#maps)) this.#damageOf(map, problem);
		for (const map of this.strays ? this.#maps : []) {
			if (map.groups.length > 0 && (map.behindUnread || !isFinished(map)))
				this.#damageOf(map, "nothing shows that its lines are all there and its own");
		}
		return closeReading(this.lost, this.problems, this.#maps.map(mapOf));
	}

	group(line: GroupLine): void {
		const before = this.map?.groups.at(-1);
		if (before?.line.place === "last") this.stray("a path group follows its last one");
		this.#closeGroup();
		if (this.map === null) this.stray("a path group is outside any map");
		else if (this.map.properties?.old !== line.old) this.stray("it contains a path group of another release");
		this.map?.groups.push({ line, paths: [], lastPlace: null });
		this.#count();
	}

	path(line: PathLine): void {
		const map = this.map;
		const group = map?.groups.at(-1);
		if (map == null || group === undefined) {
			this.stray("a path is outside any path group");
			return;
		}
		if (group.lastPlace === "last") this.stray("a path follows the last one of its group");
		if (group.line.old !== (line.brackets !== null)) this.stray("it contains a path of another release");
		group.lastPlace = line.place;
		if (line.path === null)
			this.problems.add(`map ${quoted(this.#name(), 128)}: a path is listed that is not a member`);
		else {
			group.paths.push(line.path);
			if (line.brackets !== null) map.brackets = Math.min(line.brackets, map.brackets ?? line.brackets);
		}
		this.#count();
	}

	#count(): void {
		this.#paths += 1;
		if (this.#paths > maxPaths) this.#stop("paths");
	}

	#stop(what: string): void {
		if (!this.full) this.damage(`more ${what} than any host has: the rest was not read`);
		this.full = true;
	}

	#name(): string {
		return this.map?.header.name ?? "?";
	}

	open(header: TopologyHeader, behindUnread: boolean): void {
		this.close();
		this.map = {
			header,
			properties: null,
			groups: [],
			brackets: null,
			section: this.#section,
			behindUnread,
			damage: null,
		};
	}

	/** What the tree must still satisfy when a group ends. */
	#closeGroup(): void {
		const group = this.map?.groups.at(-1);
		if (group === undefined) return;
		if (group.lastPlace === "more") this.stray("a path is missing in its tree");
		// Native NVMe lists local disks with a group `n/a` and no path in it: nothing was lost, and nothing is known.
		const local = this.map?.header.foreign === true && group.line.dmState === "n/a";
		if (group.lastPlace === null && local) this.damage("a path group without paths", false);
		else if (group.lastPlace === null) this.stray("a path group without paths");
	}

	close(): void {
		const map = this.map;
		if (map === null) return;
		this.#closeGroup();
		if (map.groups.at(-1)?.line.place === "more") this.stray("a path group is missing in its tree");
		if (lostItsPaths(map)) this.stray("its paths are missing");
		this.map = null;
		this.#maps.push(map);
		if (this.#maps.length === maxMaps) this.#stop("maps");
	}

	/** Something is missing or wrong in the map that is open; without one, in the text. */
	damage(problem: string, loses = true): void {
		const map = this.map;
		this.lost ||= loses;
		if (map === null) this.problems.add(problem);
		else this.#damageOf(map, problem, loses);
	}

	/** As `#damage`, where lines are missing or stand where they do not belong. */
	stray(problem: string): void {
		this.damage(problem);
		this.strays = true;
	}

	#damageOf(map: DraftMap, problem: string, loses = true): void {
		this.lost ||= loses;
		if (map.damage === null) this.problems.add(`map ${quoted(map.header.name, 128)}: ${problem}`);
		map.damage ??= problem;
	}
}
