/**
 * Damage as it happens to texts between the terminal and the person who reads them: lines lost, broken, marked, mixed
 * up, cut and quoted. Every try follows from its seed alone.
 */

/** Random numbers below 1 from a seed (mulberry32, public domain). */
function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

export interface Damage {
	/** The kinds of damage in the order they were done. */
	readonly kinds: readonly string[];
	readonly text: string;
	/** True when lines of the other text were put in. */
	readonly mixed: boolean;
	/** True when lines of the text were put elsewhere, or are there more than once. */
	readonly moved: boolean;
	/** True when whole lines were taken out. */
	readonly dropped: boolean;
}

const prefixes = [
	...[
		"> ",
		">> ",
		"# ",
		"#",
		"| ",
		"+ ",
		"- ",
		"+",
		"-",
		"* ",
		"• ",
		"==> ",
		"--> ",
		"** ",
		"<b>",
		"1. ",
		"12:",
	],
	...["    ", "\t", "\u00A0", "\\ ", "`", "$ ", "node1: ", "node1 | ", "NOTE: ", "error: ", "*** ", "=== "],
	...["Jun 01 12:00:00 | ", "1234.567890 | ", "Jun  1 12:00:00 host multipathd[12]: ", "[root@n1 ~]# "],
];
const suffixes = [
	...[
		" <--",
		"   # ok",
		" <== this one",
		"**",
		"</b>",
		" ...",
		" |",
		"`",
		"=20",
		" =",
		";",
		"\u00A0",
		" (bad)",
	],
];
const strayLines = [
	...[
		"...",
		"[...]",
		"[snip]",
		"(cut)",
		"--",
		"",
		"```",
		"---",
		"~",
		"and so on",
		"+++ after",
		"@@ -1,8 +1,8 @@",
	],
	...["Jun 01 12:00:00 | sdb: alua not supported", "[root@n1 ~]# ", "[root@n1 ~]# lsblk", "multipathd> "],
	...["mpathx (360050763008084e6e0000000000009999) dm-99 IBM,2145", "{", "}", "],", '"paths": 0,'],
	...["size=1.0G features='0' hwhandler='0' wp=rw", "`-+- policy='service-time 0' prio=1 status=active"],
];
const lookalikes: readonly (readonly [string, string])[] = [
	...[["-", "–"] as const, ["'", "’"] as const, ['"', "”"] as const, ["|", "│"] as const],
	...[["`", "'"] as const, ["`", "\\`"] as const, ["'", "&#039;"] as const, ['"', "&quot;"] as const],
	...[["|-", "├─"] as const, ["`-", "└─"] as const, ["`", ""] as const, [" ", "\u00A0"] as const],
	...[
		["=", "=3D"] as const,
		["(", ""] as const,
		[")", ""] as const,
		[" ", "  "] as const,
		[" ", "\t"] as const,
	],
];

type Edit = (lines: string[], pick: Pick, other: readonly string[]) => string[];

/** What an edit may draw. */
interface Pick {
	/** A number from 0 on below `limit`; 0 when there is none. */
	readonly below: (limit: number) => number;
	readonly of: <T>(list: readonly T[], otherwise: T) => T;
}

const onLine =
	(change: (line: string, pick: Pick) => readonly string[]): Edit =>
	(lines, pick) => {
		const at = pick.below(lines.length);
		return lines.toSpliced(at, 1, ...change(lines[at] ?? "", pick));
	};

const edits: Readonly<Record<string, Edit>> = {
	drop: (lines, pick) => lines.toSpliced(pick.below(lines.length), 1),
	"drop several": (lines, pick) => lines.toSpliced(pick.below(lines.length), 1 + pick.below(6)),
	wrap: onLine((line, pick) => {
		const at = pick.below(line.length);
		return [line.slice(0, at), pick.of(["", "", "  ", "> "], "") + line.slice(at)];
	}),
	"wrap all": (lines, pick) => {
		const width = 20 + pick.below(70);
		return lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, "gu")) ?? [line]);
	},
	"mark before": onLine((line, pick) => [pick.of(prefixes, "") + line]),
	"mark behind": onLine((line, pick) => [line + pick.of(suffixes, "")]),
	"mark around": onLine((line, pick) => {
		const [before, behind] = pick.of(
			[
				["**", "**"],
				["<b>", "</b>"],
				["`", "`"],
				["[", "]"],
			],
			["", ""],
		);
		return [`${before}${line}${behind}`];
	}),
	lookalike: onLine((line, pick) => {
		const [from, to] = pick.of(lookalikes, ["", ""]);
		return [pick.below(2) === 0 ? line.replace(from, to) : line.replaceAll(from, to)];
	}),
	"lookalike in all": (lines, pick) => {
		const [from, to] = pick.of(lookalikes, ["", ""]);
		return lines.map((line) => line.replaceAll(from, to));
	},
	swap: (lines, pick) => {
		const at = pick.below(lines.length - 1);
		return lines.toSpliced(at, 2, lines[at + 1] ?? "", lines[at] ?? "");
	},
	move: (lines, pick) => {
		const from = pick.below(lines.length);
		const rest = lines.toSpliced(from, 1);
		return rest.toSpliced(pick.below(rest.length + 1), 0, lines[from] ?? "");
	},
	copy: (lines, pick) => lines.toSpliced(pick.below(lines.length + 1), 0, pick.of(lines, "")),
	"put in": (lines, pick) => lines.toSpliced(pick.below(lines.length + 1), 0, pick.of(strayLines, "")),
	"mix in": (lines, pick, other) => lines.toSpliced(pick.below(lines.length + 1), 0, pick.of(other, "")),
	"mix texts": (lines, pick, other) => {
		const at = pick.below(lines.length + 1);
		return lines.toSpliced(at, 0, ...other);
	},
	interleave: (lines, pick, other) => {
		const mixed: string[] = [];
		let at = 0;
		for (const line of lines) {
			while (at < other.length && pick.below(2) === 0) mixed.push(other[at++] ?? "");
			mixed.push(line);
		}
		return [...mixed, ...other.slice(at)];
	},
	"cut line": onLine((line, pick) => [line.slice(0, pick.below(line.length))]),
	"cut line before": onLine((line, pick) => [line.slice(pick.below(line.length))]),
	"cut text": (lines, pick) => {
		const at = pick.below(lines.length);
		return [...lines.slice(0, at), (lines[at] ?? "").slice(0, pick.below((lines[at] ?? "").length))];
	},
	"cut text before": (lines, pick) => lines.slice(pick.below(lines.length)),
	"prefix all": (lines, pick) => {
		const prefix = pick.of(prefixes, "");
		return lines.map((line) => prefix + line);
	},
	"prefix from here": (lines, pick) => {
		const prefix = pick.of(prefixes, "");
		const at = pick.below(lines.length);
		const end = at + 1 + pick.below(8);
		return lines.map((line, n) => (n >= at && n < end ? prefix + line : line));
	},
};
const editKinds = Object.keys(edits);
const mixing = new Set(["mix in", "mix texts", "interleave"]);
const dropping = new Set(["drop", "drop several"]);
const moving = new Set(["swap", "move", "copy", "mix texts", "interleave"]);

/** One to three kinds of damage, done to a text one behind the other; `other` is a text to mix it with. */
export function damageFrom(seed: number, text: string, other: string): Damage {
	const random = randomFrom(seed);
	const pick: Pick = {
		below: (limit) => Math.floor(random() * Math.max(limit, 1)),
		of: (list, otherwise) => list[Math.floor(random() * list.length)] ?? otherwise,
	};
	const kinds: string[] = [];
	let lines = text.split("\n");
	const times = pick.of([1, 1, 1, 2, 2, 3], 1);
	for (let n = 0; n < times; n += 1) {
		const kind = pick.of(editKinds, "drop");
		kinds.push(kind);
		lines = edits[kind]?.(lines, pick, other.split("\n")) ?? lines;
	}
	const anyOf = (set: ReadonlySet<string>): boolean => kinds.some((kind) => set.has(kind));
	return {
		kinds,
		text: lines.join("\n"),
		mixed: anyOf(mixing),
		moved: anyOf(moving),
		dropped: anyOf(dropping),
	};
}
