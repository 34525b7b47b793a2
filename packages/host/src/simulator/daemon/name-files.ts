import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { wwidsIn } from "../../multipath-tools/wwids-file.ts";
import type { NameFiles } from "./world.ts";

const wwidsHeader = `# Multipath wwids, Version : 1.0
# NOTE: This file is automatically maintained by multipath and multipathd.
# You should not need to edit this file in normal circumstances.
#
# Valid WWIDs:
`;
const bindingsHeader = `# Multipath bindings, Version : 1.0
# NOTE: this file is automatically maintained by the multipath program.
# You should not need to edit this file in normal circumstances.
#
# Format:
# alias wwid
#
`;

/** The files of names below a root folder, read anew whenever their text is asked for. */
export class RootedNameFiles implements NameFiles {
	readonly #wwids: string;
	readonly #bindings: string;
	#read: { readonly text: string; readonly listed: ReadonlySet<string> } | null = null;

	constructor(root: string) {
		this.#wwids = `${root}/etc/multipath/wwids`;
		this.#bindings = `${root}/etc/multipath/bindings`;
	}

	/** Reads the file again at the next question: one reconfigure asks thousands of times. */
	refresh(): void {
		this.#read = null;
	}

	listed(): ReadonlySet<string> {
		if (this.#read === null) {
			const text = textOf(this.#wwids);
			this.#read = { text, listed: new Set(wwidsIn(text)) };
		}
		return this.#read.listed;
	}

	/** Appends, or takes the mark of removal away (multipath-tools libmultipath/wwids.c). */
	add(wwid: string): void {
		if (this.listed().has(wwid)) return;
		const text = this.#read?.text ?? "";
		const removed = `#${wwid}/\n`;
		const next = text.includes(removed)
			? text.replace(removed, () => `/${wwid}/\n`)
			: `${text === "" ? wwidsHeader : text}/${wwid}/\n`;
		this.#write(next);
	}

	/** Puts `#` in place of the first slash; true when the WWID was there. */
	remove(wwid: string): boolean {
		this.refresh();
		if (!this.listed().has(wwid)) return false;
		const text = this.#read?.text ?? "";
		this.#write(text.replaceAll(`/${wwid}/\n`, () => `#${wwid}/\n`));
		return true;
	}

	binding(wwid: string, prefix: string): string {
		const text = textOf(this.#bindings);
		const pairs = text
			.split("\n")
			.filter((line) => line !== "" && !line.startsWith("#"))
			.map((line) => line.split(/\s+/));
		const known = pairs.find(([, bound]) => bound === wwid)?.[0];
		if (known !== undefined) return known;
		const taken = new Set(pairs.map(([alias]) => alias));
		let index = 0;
		while (taken.has(`${prefix}${letters(index)}`)) index++;
		const alias = `${prefix}${letters(index)}`;
		write(this.#bindings, `${text === "" ? bindingsHeader : text}${alias} ${wwid}\n`);
		return alias;
	}

	#write(text: string): void {
		write(this.#wwids, text);
		this.#read = { text, listed: new Set(wwidsIn(text)) };
	}
}

/** `a` … `z`, `aa` …: bijective base 26. */
function letters(index: number): string {
	let text = "";
	for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1)
		text = String.fromCharCode(97 + (rest % 26)) + text;
	return text;
}

function textOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}

function write(path: string, text: string): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text, { mode: 0o600 });
}
