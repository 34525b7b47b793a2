import type { MultipathMap } from "../topology/map.ts";
import {
	closeReading,
	emptyReading,
	MAX_MAPS,
	MAX_PATHS,
	MAX_TEXT_LENGTH,
	Problems,
	type Reading,
} from "./reading.ts";
import { noListing, shortReply } from "./reply.ts";
import { type Noise, noiseOf, plainText } from "./saved-text.ts";
import { type DraftMap, mapOf, NO_HEADER } from "./topology-draft.ts";
import { type TopologyHeader, topologyHeader } from "./topology-header.ts";
import {
	type GroupLine,
	type PathLine,
	type PropertiesLine,
	type TopologyLine,
	topologyLine,
} from "./topology-lines.ts";
import { quoted } from "./visible.ts";

/**
 * Reads `multipath -ll`, `multipath -l` or `show topology` of any release, live or saved, among log lines and typed
 * commands.
 *
 * Such a text has no end mark, but its tree has: a path or group drawn with a bar says that another one follows, and
 * one drawn with a backquote says that none does. A map whose tree does not fit its drawing has lost lines (on the
 * way, or because multipathd stopped printing) and is not whole. What stays undetected is a text that ends exactly
 * between two maps, and one of a release before 0.4.9, whose tree is not drawn, that ends between two lines.
 */
export function readTopology(text: string): Reading {
	if (text.length > MAX_TEXT_LENGTH) return emptyReading("unreadable", "the text is too long for an answer");
	const plain = plainText(text);
	const short = shortReply(plain);
	if (short !== null) return short;
	const reader = new TopologyReader();
	let start = 0;
	while (start < plain.length && !reader.full) {
		const newline = plain.indexOf("\n", start);
		const end = newline === -1 ? plain.length : newline;
		reader.line(plain.slice(start, end));
		start = end + 1;
	}
	reader.end(plain.endsWith("\n"));
	if (!reader.sawListing) return noListing(plain, "multipath topology");
	return reader.reading();
}

class TopologyReader {
	full = false;
	sawListing = false;
	#lost = false;
	#paths = 0;
	readonly #problems = new Problems();
	readonly #maps: MultipathMap[] = [];
	#map: DraftMap | null = null;
	/** The last line that was no part of a tree, while it may still turn out to be a header. */
	#pending: string | null = null;
	#lastLine: { readonly kind: TopologyLine | null; readonly noise: Noise } = {
		kind: null,
		noise: "blank",
	};
	#skipped = 0;
	#firstSkipped = "";

	line(text: string): void {
		if (text.trim() === "") return;
		const line = topologyLine(text);
		// An alias may begin like a tree.
		if (line.kind === "other" || (line.kind === "torn" && topologyHeader(text, "alone") !== null)) {
			this.#other(text);
			return;
		}
		this.#lastLine = { kind: line.kind === "torn" ? null : line, noise: "unknown" };
		this.sawListing ||= line.kind !== "torn";
		if (line.kind === "properties") this.#properties(line);
		else {
			this.#claimPending("a line is missing behind its first");
			if (line.kind === "group") this.#group(line);
			else if (line.kind === "path") this.#path(line);
			else this.#damage(`a line of its tree cannot be read: ${quoted(text.trim(), 80)}`);
		}
	}

	end(endsWithNewline: boolean): void {
		const { kind, noise } = this.#lastLine;
		const pending = this.#pending;
		this.#pending = null;
		const header = pending === null ? null : topologyHeader(pending, noise === "unknown" ? "last" : "alone");
		const cutInNoise = pending !== null && header === null && !endsWithNewline && noise === "unknown";
		if (kind?.kind === "path" && !endsWithNewline && !kind.complete) {
			this.#damage("the text breaks off in its last path");
		}
		if (kind?.kind === "properties" || cutInNoise) this.#endWithoutPaths(endsWithNewline);
		if (header !== null) {
			this.#open(header);
			this.#damage("the text breaks off behind its first line");
		} else if (pending !== null) this.#skip(pending);
		this.#close();
		if (cutInNoise) this.#damage(`the text breaks off in its last line ${quoted(pending.trim(), 80)}`);
		if (this.#skipped > 0) {
			const lines = this.#skipped === 1 ? "1 line" : `${this.#skipped} lines`;
			this.#problems.add(
				`${lines} around the listing not read, first ${quoted(this.#firstSkipped.trim(), 100)}`,
			);
		}
	}

	/**
	 * The text ends behind the properties of a map. multipathd takes vendor and product from the first path, so a map
	 * that has them has lost its paths on the way; one without is told whole.
	 */
	#endWithoutPaths(endsWithNewline: boolean): void {
		const map = this.#map;
		if (map === null || map.properties === null || map.groups.length > 0) return;
		const named = map.header.vendor !== null || map.header.product !== null;
		if (named || (!endsWithNewline && !map.properties.complete))
			this.#damage("the text breaks off before its paths");
	}

	reading(): Reading {
		return closeReading(this.#lost, this.#problems, this.#maps);
	}

	#other(text: string): void {
		const noise = noiseOf(text);
		const header = topologyHeader(text, "alone");
		if (header === null && (noise === "log" || noise === "command")) {
			// A prompt shows that the listing before it had ended; a log line may stand anywhere.
			if (noise === "log") this.#skip(text);
			else this.#lastLine = { kind: null, noise };
			return;
		}
		this.#claimPending("a line is missing behind its first");
		this.#lastLine = { kind: null, noise };
		this.#pending = text;
	}

	/** A line that stood alone is now known not to be followed by properties. */
	#claimPending(problem: string): void {
		const pending = this.#pending;
		if (pending === null) return;
		this.#pending = null;
		const header = topologyHeader(pending, "alone");
		if (header === null) {
			this.#skip(pending);
			return;
		}
		this.#open(header);
		this.#damage(problem);
	}

	#properties(line: PropertiesLine): void {
		const pending = this.#pending;
		this.#pending = null;
		const header = pending === null ? null : topologyHeader(pending, "properties");
		if (header === null) {
			this.#open({ ...NO_HEADER, name: pending?.trim() ?? "" });
			this.#damage("its first line is missing or cannot be read");
		} else this.#open(header);
		if (this.#map !== null) this.#map.properties = line;
	}

	#group(line: GroupLine): void {
		const before = this.#map?.groups.at(-1);
		if (before?.line.place === "last") this.#damage("a path group follows its last one");
		this.#closeGroup();
		if (this.#map === null) this.#damage("a path group stands outside of any map");
		this.#map?.groups.push({ line, paths: [], lastPlace: null });
		this.#count();
	}

	#path(line: PathLine): void {
		const group = this.#map?.groups.at(-1);
		if (group === undefined) {
			this.#damage("a path stands outside of any path group");
			return;
		}
		if (group.lastPlace === "last") this.#damage("a path follows the last one of its group");
		group.lastPlace = line.place;
		if (line.path === null)
			this.#problems.add(`map ${quoted(this.#name(), 128)}: a path is listed that is no member`);
		else group.paths.push(line.path);
		this.#count();
	}

	#count(): void {
		this.#paths += 1;
		if (this.#paths > MAX_PATHS) this.#stop("paths");
	}

	#stop(what: string): void {
		if (!this.full) this.#damage(`more ${what} than any host has: the rest was not read`);
		this.full = true;
	}

	#name(): string {
		return this.#map?.header.name ?? "?";
	}

	#open(header: TopologyHeader): void {
		this.#close();
		this.sawListing = true;
		this.#map = { header, properties: null, groups: [], damage: null };
	}

	/** What the tree must still satisfy when a group ends. */
	#closeGroup(): void {
		const group = this.#map?.groups.at(-1);
		if (group === undefined) return;
		if (group.lastPlace === "more") this.#damage("a path is missing in its tree");
		// Native NVMe lists local disks with a group `n/a` and no path in it: nothing was lost, and nothing is known.
		const local = this.#map?.header.foreign === true && group.line.dmState === "n/a";
		if (group.lastPlace === null) this.#damage("a path group without paths", !local);
	}

	#close(): void {
		const map = this.#map;
		if (map === null) return;
		this.#closeGroup();
		if (map.groups.at(-1)?.line.place === "more") this.#damage("a path group is missing in its tree");
		this.#map = null;
		this.#maps.push(mapOf(map));
		if (this.#maps.length === MAX_MAPS) this.#stop("maps");
	}

	/** Something is missing or wrong in the map that is open; without one, in the text. */
	#damage(problem: string, loses = true): void {
		const map = this.#map;
		if (map === null) {
			this.#lost = true;
			this.#problems.add(problem);
			return;
		}
		this.#lost ||= loses;
		if (map.damage === null) this.#problems.add(`map ${quoted(map.header.name, 128)}: ${problem}`);
		map.damage ??= problem;
	}

	#skip(text: string): void {
		if (this.#skipped === 0) this.#firstSkipped = text.slice(0, 400);
		this.#skipped += 1;
	}
}
