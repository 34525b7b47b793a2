import { emptyReading, maxTextLength, type Reading } from "./reading.ts";
import { noListing, shortReply } from "./reply.ts";
import { asksAnother, type Noise, noiseOf, plainText } from "./saved-text.ts";
import { isFence, isPlainMessage, mayBeHeader, namesPath, showsTree } from "./stray-lines.ts";
import { isFinished, noHeader } from "./topology-draft.ts";
import { type HeaderEvidence, type TopologyHeader, topologyHeader } from "./topology-header.ts";
import { type PropertiesLine, type TopologyLine, topologyLine } from "./topology-lines.ts";
import { TopologyMaps } from "./topology-maps.ts";
import { quoted } from "./visible.ts";

/**
 * Reads `multipath -ll`, `multipath -l` or `show topology` of any release, live or saved, among log lines and typed
 * commands.
 *
 * Such a text has no end mark, but its tree has: a path or group drawn with a bar says that another one follows, and
 * one drawn with a backquote says that none does. A map whose tree does not fit its drawing has lost lines (on the
 * way, or because multipathd stopped printing) and is not whole.
 *
 * A map is whole or it is not: a line that stands in it and cannot be read may have been a path of it. Only a message
 * of multipath in which no path can stand is passed over. A map is open until its drawing is complete or something
 * ends the listing (a prompt, a fence); one before 0.4.9, whose tree is not drawn, until then or the next map.
 *
 * What stays undetected is a text that ends exactly between two maps, one of a release before 0.4.9 that ends between
 * two lines, and a path line that was taken out where its drawing does not show it.
 */
export function readTopology(text: string): Reading {
	if (text.length > maxTextLength) return emptyReading("unreadable", "the text is too long for an answer");
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

/** A line that was no part of a tree, while it may still turn out to be a header. */
interface Pending {
	readonly text: string;
	/** True when it followed a prompt or a fence. */
	readonly behindListing: boolean;
}

class TopologyReader {
	sawListing = false;
	readonly #tree = new TopologyMaps();
	#pending: Pending | null = null;
	/** True behind a prompt or a fence, which end a listing; tree lines of the same map may not follow. */
	#behindListing = false;
	/** True when the last line but the one at hand could not be read and may be the first line of a map. */
	#unreadLast = false;
	/** True behind the command of another program: what looks like a header may be a row of its table. */
	#another = false;
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
		if (line.kind !== "properties") this.#unreadLast = false;
		this.sawListing ||= line.kind !== "torn";
		if (line.kind === "properties") {
			this.#properties(line);
			return;
		}
		this.#claimPending();
		if (line.kind !== "group" && line.kind !== "path") {
			this.#torn(text);
			return;
		}
		if (this.#behindListing) this.#tree.stray("a line of a tree comes after the end of the listing");
		if (line.kind === "group") this.#tree.group(line);
		else this.#tree.path(line);
	}

	end(endsWithNewline: boolean): void {
		const { kind, noise } = this.#lastLine;
		const pending = this.#pending;
		this.#pending = null;
		const evidence = noise === "unknown" && !this.#another ? "last" : "alone";
		const header = pending === null ? null : this.#headerOf(pending.text, evidence);
		const cutInNoise = pending !== null && header === null && !endsWithNewline && noise === "unknown";
		if (kind?.kind === "path" && !endsWithNewline && !kind.complete) {
			this.#tree.damage("the text breaks off in its last path");
		}
		const map = this.#tree.map;
		if (!endsWithNewline && map?.groups.length === 0 && map.properties?.complete === false)
			this.#tree.damage("the text breaks off before its paths");
		if (header !== null) {
			this.#open(header);
			this.#tree.damage("the text breaks off after its first line");
		} else if (pending !== null) this.#unread(pending);
		this.#tree.close();
		if (cutInNoise && !this.#another)
			this.#tree.damage(`the text breaks off in its last line ${quoted(pending.text.trim(), 80)}`);
		if (this.#skipped > 0) {
			const lines = this.#skipped === 1 ? "1 line" : `${this.#skipped} lines`;
			this.#tree.problems.add(
				`${lines} around the listing not read, first ${quoted(this.#firstSkipped.trim(), 100)}`,
			);
		}
	}

	get full(): boolean {
		return this.#tree.full;
	}

	reading(): Reading {
		return this.#tree.reading();
	}

	#other(text: string): void {
		const noise = noiseOf(text);
		const pending = { text, behindListing: this.#behindListing };
		if (this.#headerOf(text, "alone") === null && (noise === "log" || noise === "command")) {
			if (noise === "log") {
				if (isPlainMessage(text)) this.#skip(text);
				else this.#unread(pending);
				return;
			}
			this.#lastLine = { kind: null, noise };
			if (showsTree(text)) this.#unread(pending);
			else this.#endListing(asksAnother(text) || (this.#another && isFence(text)));
			return;
		}
		this.#claimPending();
		this.#lastLine = { kind: null, noise };
		this.#pending = pending;
	}

	/** A prompt, a heading or a fence: it shows that the listing before it had ended. */
	#endListing(another: boolean): void {
		this.#behindListing = true;
		this.#unreadLast = false;
		this.#another = another;
		this.#tree.nextSection();
	}

	/** A line in which a path may stand is no header, whatever else it looks like. */
	#headerOf(text: string, evidence: HeaderEvidence): TopologyHeader | null {
		if (namesPath(text) || (this.#another && evidence === "alone")) return null;
		return topologyHeader(text, evidence);
	}

	/** A line that stood alone is now known not to be followed by properties. */
	#claimPending(): void {
		const pending = this.#pending;
		if (pending === null) return;
		this.#pending = null;
		const header = this.#headerOf(pending.text, "alone");
		if (header === null) {
			this.#unread(pending);
			return;
		}
		this.#open(header);
		this.#tree.stray("a line is missing after its first");
	}

	/**
	 * A line that is no part of a map as far as it can be read. In a map that is open it may have been one; behind a map
	 * that is told to its end, only a line that still shows a piece of a tree may.
	 */
	#unread({ text, behindListing }: Pending): void {
		this.#skip(text);
		this.#unreadLast = mayBeHeader(text);
		const map = this.#tree.map;
		const open = map !== null && !isFinished(map);
		if (map !== null && (open ? !behindListing || namesPath(text) : !behindListing && namesPath(text))) {
			this.#tree.damage(`a line in it cannot be read: ${quoted(text.trim(), 80)}`);
		} else if (!behindListing) {
			if (!this.#tree.lost && showsTree(text))
				this.#tree.problems.add(`a piece of a map: ${quoted(text.trim(), 80)}`);
			this.#tree.lost ||= showsTree(text);
			this.#tree.strays ||= namesPath(text);
			this.#tree.nextSection();
		}
	}

	/** What begins like a line of a tree. Other programs draw such trees too, and tables look like them. */
	#torn(text: string): void {
		const map = this.#tree.map;
		if (this.#behindListing && (map === null || isFinished(map))) this.#skip(text);
		else {
			this.#tree.damage(`a line of its tree cannot be read: ${quoted(text.trim(), 80)}`);
			this.#tree.strays ||= map === null && namesPath(text);
		}
	}

	#properties(line: PropertiesLine): void {
		const pending = this.#pending;
		this.#pending = null;
		const header =
			pending === null ? null : this.#headerOf(pending.text, line.old ? "old-properties" : "properties");
		const map = this.#tree.map;
		const headless = map !== null && map.properties === null && map.groups.length === 0;
		if (headless && (pending === null || this.#headerOf(pending.text, "alone") === null)) {
			// What stands between the two is the rest of its first line.
			if (pending !== null) this.#skip(pending.text);
			map.properties = line;
			return;
		}
		if (header === null) {
			if (pending !== null) this.#unread(pending);
			this.#open({ ...noHeader, name: pending?.text.trim() ?? "" });
			this.#tree.stray("its first line is missing or cannot be read");
		} else {
			this.#open(header);
			if (headless) this.#tree.stray("another first line comes right before its own");
		}
		if (this.#tree.map !== null) this.#tree.map.properties = line;
	}

	#open(header: TopologyHeader): void {
		this.#tree.open(header, this.#unreadLast);
		this.sawListing = true;
		this.#behindListing = false;
		this.#another = false;
	}

	#skip(text: string): void {
		if (this.#skipped === 0) this.#firstSkipped = text.slice(0, 400);
		this.#skipped += 1;
	}
}
