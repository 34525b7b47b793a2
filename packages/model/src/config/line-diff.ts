/** Above this many changed lines the rest is told as replaced: a diff is for reading, and this one stays quick. */
const mostChanges = 2000;
/** Comparisons of two lines that a diff may take beside some for each line; texts of few different lines need most. */
const mostComparisons = 4_000_000;
const comparisonsPerLine = 20;

export interface LineDiffOptions {
	/** Names of the two texts, shown in the head. */
	readonly from?: string;
	readonly to?: string;
	/** Unchanged lines around a change. */
	readonly context?: number;
}

interface DiffLine {
	readonly mark: " " | "-" | "+";
	readonly text: string;
}

/** The unified diff of two texts, as `diff -u` writes it; empty when they are equal. */
export function diffLines(a: string, b: string, options: LineDiffOptions = {}): string {
	if (a === b) return "";
	const script = editScript(linesOf(a), linesOf(b));
	const hunks = hunksOf(script, options.context ?? 3);
	return [`--- ${options.from ?? "a"}\n`, `+++ ${options.to ?? "b"}\n`, ...hunks].join("");
}

/** Lines with their ends; the last one may lack it. */
function linesOf(text: string): readonly string[] {
	const lines = text.split("\n").map((line) => `${line}\n`);
	const last = (lines.pop() ?? "").slice(0, -1);
	return last === "" ? lines : [...lines, last];
}

function editScript(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
	let head = 0;
	while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
	let tail = 0;
	while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
	const kept = (lines: readonly string[]) => lines.map((text): DiffLine => ({ mark: " ", text }));
	return [
		...kept(a.slice(0, head)),
		...shortestScript(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
		...kept(a.slice(a.length - tail)),
	];
}

/** How far along `a` each diagonal (index in a minus index in b) was reached; -1 where it was not. */
class Reach {
	readonly #changes: number;
	readonly #values: Int32Array;

	constructor(changes: number) {
		this.#changes = changes;
		this.#values = new Int32Array(2 * changes + 1).fill(-1);
	}

	at(diagonal: number): number {
		return this.#values[diagonal + this.#changes] ?? -1;
	}

	set(diagonal: number, x: number): void {
		this.#values[diagonal + this.#changes] = x;
	}
}

/** E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy form. */
function shortestScript(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
	const rounds: Reach[] = [];
	let before = new Reach(1);
	before.set(1, 0);
	let left = mostComparisons + comparisonsPerLine * (a.length + b.length);
	for (let changes = 0; left > 0 && changes <= Math.min(a.length + b.length, mostChanges); changes += 1) {
		const reach = new Reach(changes);
		rounds.push(before);
		for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
			const from = stepFrom(before, diagonal).x;
			let x = from;
			while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
			left -= x - from + 1;
			if (x >= a.length && x - diagonal >= b.length) return walkBack(a, b, rounds);
			reach.set(diagonal, x);
		}
		before = reach;
	}
	return [
		...a.map((text): DiffLine => ({ mark: "-", text })),
		...b.map((text): DiffLine => ({ mark: "+", text })),
	];
}

/** One change onto a diagonal from the neighbour that reached further: a line of `b` added, or one of `a` removed. */
function stepFrom(reach: Reach, diagonal: number): { readonly mark: "+" | "-"; readonly x: number } {
	const added = reach.at(diagonal + 1);
	const removed = reach.at(diagonal - 1);
	return added > removed ? { mark: "+", x: added } : { mark: "-", x: removed + 1 };
}

function walkBack(a: readonly string[], b: readonly string[], rounds: readonly Reach[]): readonly DiffLine[] {
	const script: DiffLine[] = [];
	let x = a.length;
	let y = b.length;
	for (const [changes, reach] of [...rounds.entries()].reverse()) {
		const step = changes === 0 ? { mark: " " as const, x: 0 } : stepFrom(reach, x - y);
		while (x > step.x) {
			x -= 1;
			y -= 1;
			script.push({ mark: " ", text: a[x] ?? "" });
		}
		if (step.mark === "+") y -= 1;
		if (step.mark === "-") x -= 1;
		if (step.mark !== " ") script.push({ mark: step.mark, text: (step.mark === "+" ? b[y] : a[x]) ?? "" });
	}
	return script.reverse();
}

function hunksOf(script: readonly DiffLine[], context: number): readonly string[] {
	const hunks: string[] = [];
	let oldLine = 1;
	let newLine = 1;
	let at = 0;
	while (at < script.length) {
		const end = hunkEnd(script, at, context);
		if (end === at) {
			at += 1;
			oldLine += 1;
			newLine += 1;
			continue;
		}
		const lines = script.slice(at, end);
		const oldCount = lines.filter(({ mark }) => mark !== "+").length;
		const newCount = lines.filter(({ mark }) => mark !== "-").length;
		hunks.push(
			`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@\n`,
			lines.map(printed).join(""),
		);
		oldLine += oldCount;
		newLine += newCount;
		at = end;
	}
	return hunks;
}

/** Where the hunk that begins at `at` ends; `at` itself when no change is within the context. */
function hunkEnd(script: readonly DiffLine[], at: number, context: number): number {
	let end = at;
	let lastChange = -1;
	for (let index = at; index < script.length; index += 1) {
		const near = lastChange < 0 ? index - at <= context : index - lastChange <= 2 * context + 1;
		if (!near) break;
		if (script[index]?.mark !== " ") lastChange = index;
	}
	if (lastChange >= 0) end = Math.min(script.length, lastChange + context + 1);
	return end;
}

/** As GNU diff: a range of no lines stands after the line before it. */
function range(start: number, count: number): string {
	if (count === 1) return `${start}`;
	return `${count === 0 ? start - 1 : start},${count}`;
}

function printed({ mark, text }: DiffLine): string {
	return text.endsWith("\n") ? `${mark}${text}` : `${mark}${text}\n\\ No newline at end of file\n`;
}
