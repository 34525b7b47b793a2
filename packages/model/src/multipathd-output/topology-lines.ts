import type { Path } from "../topology/path.ts";
import { isFence } from "./stray-lines.ts";

/**
 * Where a line of the tree stands among its neighbours: `last` (drawn with a backquote), `more` (drawn with a bar:
 * another one must follow), `untold` where nothing is drawn (before 0.4.9) or the drawing was lost in copying.
 */
export type TreeMark = "more" | "last" | "untold";

export interface PropertiesLine {
	readonly kind: "properties";
	readonly features: string;
	readonly hardwareHandler: string;
	readonly readOnly: boolean | null;
	/** True in the form of releases before 0.4.9. */
	readonly old: boolean;
	/** True when nothing of the line can be missing: its last word is a known one. */
	readonly complete: boolean;
}

export interface GroupLine {
	readonly kind: "group";
	readonly place: TreeMark;
	readonly selector: string;
	readonly priority: number | null;
	readonly dmState: string | null;
	/** True in the form of releases before 0.4.9. */
	readonly old: boolean;
}

export interface PathLine {
	readonly kind: "path";
	readonly place: TreeMark;
	/** Null: the line names a device that belongs to no map. */
	readonly path: Path | null;
	/** States in brackets, before 0.4.9: a release prints as many for every path. Null in the form since then. */
	readonly brackets: number | null;
	readonly complete: boolean;
}

/** `torn`: it belongs to a tree but cannot be read. `other`: a header, or no part of a listing. */
export type TopologyLine = PropertiesLine | GroupLine | PathLine | { readonly kind: "torn" | "other" };

const maxLine = 2000;
const properties = /^\s*size=(\S*) features='([^']*)' hwhandler='([^']*)'(?: wp=(\S*))?\s*$/;
/** Before 0.4.9, with or without quotes and write protection. */
const oldProperties =
	/^\s*\[size=[^\]]*\]\s?\[features="?([^\]"]*)"?\s*\]\s?\[hwhandler="?([^\]"]*)"?\s*\](?:\[(\w+)\s*\])?\s*$/;
const group = /^[\s|\\]*?([|`]?)-\+- policy='([^']*)' prio=(\S+) status=(\S+)\s*$/;
const oldGroup = /^\s*\\_ (\S[^[]*)(?:\[prio=(-?\d+)\])?\[(\w+)\s*\]\s*$/;
const path = /^[\s|\\]*?([|`]?)- +(\S.*)$/;
const oldPath = /^\s*\\_ +(\S+) +(\S+) +(\d+:\d+|#:#|-) +(\[.*\])\s*$/;
const tree = /^[\s|]*[|`](?:[-+\s|`]|$)|^\s*\\(?:_|$)|^\s*-\+-|^\s*\[?size=/;
/** A path whose drawing was lost: address, device, numbers and directly behind them the three states. */
const barePath = /^\s*(?:[\d#]+:){2,3}[\d#]+\s+\S+\s+(?:\d+:\d+|#:#)\s+[a-z][^\s]*\s+(?:i\/o )?\S+\s+\S+\s*$/;
const deviceNumbers = /^(?:\d+:\d+|#:#)$/;
/** What a complete line may end in; a shorter piece of one of these words is none of them. */
const lastWords = new Set([
	"running",
	"offline",
	"live",
	"unknown",
	"undef",
	"blocked",
	"transport-offline",
	"quiesce",
	"dead",
	"##",
	"n/a",
]);

/** Says which part of a topology listing a line is (multipath-tools libmultipath/print.c PRINT_*_INDENT). */
export function topologyLine(line: string): TopologyLine {
	if (isFence(line)) return { kind: "other" };
	if (line.length > maxLine) return { kind: tree.test(line.slice(0, maxLine)) ? "torn" : "other" };
	return (
		propertiesLine(line) ??
		pathLine(line) ??
		groupLine(line) ?? { kind: tree.test(line) || barePath.test(line) ? "torn" : "other" }
	);
}

function propertiesLine(line: string): PropertiesLine | null {
	const match = properties.exec(line);
	if (match !== null) {
		const protection = match[4] ?? "";
		return {
			kind: "properties",
			features: (match[2] ?? "").trim(),
			hardwareHandler: (match[3] ?? "").trim(),
			readOnly: readOnlyOf(protection),
			old: false,
			complete: protection === "rw" || protection === "ro" || protection === "undef",
		};
	}
	const old = oldProperties.exec(line);
	if (old === null) return null;
	return {
		kind: "properties",
		features: (old[1] ?? "").trim(),
		hardwareHandler: (old[2] ?? "").trim(),
		readOnly: readOnlyOf(old[3] ?? ""),
		old: true,
		complete: old[3] !== undefined,
	};
}

function readOnlyOf(word: string): boolean | null {
	return word === "ro" ? true : word === "rw" ? false : null;
}

function groupLine(line: string): GroupLine | null {
	const match = group.exec(line);
	if (match !== null) {
		return {
			kind: "group",
			place: placeOf(match[1]),
			selector: match[2] ?? "",
			priority: priorityOf(match[3]),
			dmState: match[4] ?? null,
			old: false,
		};
	}
	const old = oldGroup.exec(line);
	if (old === null) return null;
	return {
		kind: "group",
		place: "untold",
		selector: (old[1] ?? "").trimEnd(),
		priority: priorityOf(old[2]),
		dmState: old[3] ?? null,
		old: true,
	};
}

function placeOf(drawn: string | undefined): TreeMark {
	return drawn === "|" ? "more" : drawn === "`" ? "last" : "untold";
}

function priorityOf(word: string | undefined): number | null {
	return word !== undefined && /^-?\d{1,9}$/.test(word) && word !== "-1" ? Number(word) : null;
}

function pathLine(line: string): PathLine | null {
	const old = oldPath.exec(line);
	if (old !== null) return oldPathLine(old[1] ?? "", old[2] ?? "", old[3] ?? "", old[4] ?? "");
	const match = path.exec(line);
	if (match === null) return null;
	const words = (match[2] ?? "").trim().split(/\s+/);
	const addressed = deviceNumbers.test(words[2] ?? "") && !deviceNumbers.test(words[1] ?? "");
	if (!addressed && !deviceNumbers.test(words[1] ?? "")) return null;
	const place = placeOf(match[1]);
	const [dev = "", numbers = "", ...states] = addressed ? words.slice(1) : words;
	if (states.some((word) => word === "orphan" || word === "[orphan]")) {
		return { kind: "path", place, path: null, brackets: null, complete: true };
	}
	const waiting = states[1] === "i/o";
	const checkerState = waiting ? `i/o ${states[2] ?? ""}` : (states[1] ?? "");
	const deviceState = states.slice(waiting ? 3 : 2).join(" ");
	const dmState = states[0] ?? "";
	if (dmState === "" || checkerState === "" || deviceState === "") return null;
	const ana = dmState === "n/a" ? checkerState : null;
	return {
		kind: "path",
		place,
		path: pathOf(
			addressed ? (words[0] ?? null) : null,
			dev,
			numbers,
			dmState,
			checkerState,
			deviceState,
			ana,
		),
		brackets: null,
		complete: lastWords.has(deviceState),
	};
}

function oldPathLine(address: string, dev: string, numbers: string, states: string): PathLine | null {
	const words = [...states.matchAll(/\[([^[\]]*)\]/g)].map((match) => (match[1] ?? "").trim());
	if (states.replace(/\[[^[\]]*\]/g, "").trim() !== "") return null;
	const [dmState = "", checkerState, deviceState] = words;
	if (words.includes("orphan"))
		return { kind: "path", place: "untold", path: null, brackets: words.length, complete: true };
	return {
		kind: "path",
		place: "untold",
		path: pathOf(address, dev, numbers, dmState, checkerState ?? null, deviceState ?? null, null),
		brackets: words.length,
		complete: words.length >= 2,
	};
}

function pathOf(
	address: string | null,
	dev: string,
	numbers: string,
	dmState: string,
	checkerState: string | null,
	deviceState: string | null,
	ana: string | null,
): Path {
	return {
		dev: dev === "-" ? "" : dev,
		devT: numbers,
		// SCSI has four numbers, native NVMe three: subsystem, controller, namespace.
		hctl: address !== null && /^(?:[\d#]+:){2,3}[\d#]+$/.test(address) ? address : null,
		dmState,
		deviceState,
		checkerState,
		checker: null,
		priority: null,
		marginal: false,
		anaState: ana === "n/a" ? null : ana,
		transport: null,
	};
}

/** True when a line of the text is one of a tree. */
export function isTopologyText(plain: string): boolean {
	let start = 0;
	while (start < plain.length) {
		const newline = plain.indexOf("\n", start);
		const end = newline === -1 ? plain.length : newline;
		const { kind } = topologyLine(plain.slice(start, end));
		if (kind !== "torn" && kind !== "other") return true;
		start = end + 1;
	}
	return false;
}
