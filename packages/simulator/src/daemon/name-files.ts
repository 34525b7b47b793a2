import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { wwidsIn } from "@pathkeeper/host";
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
	#read: { text: string; readonly listed: Set<string> } | null = null;

	constructor(root: string) {
		this.#wwids = `${root}/etc/multipath/wwids`;
		this.#bindings = `${root}/etc/multipath/bindings`;
	}

	/** Reads the file again at the next question: one reconfigure asks thousands of times. */
	refresh(): void {
		this.#read = null;
	}

	listed(): ReadonlySet<string> {
		return this.#current().listed;
	}

	/** Appends, or takes the mark of removal away (multipath-tools libmultipath/wwids.c). */
	add(wwid: string): void {
		const known = this.#current();
		if (known.listed.has(wwid)) return;
		const removed = `#${wwid}/\n`;
		if (known.text === "") this.#write(`${wwidsHeader}/${wwid}/\n`);
		else if (known.text.includes(removed)) this.#write(known.text.replace(removed, () => `/${wwid}/\n`));
		else {
			appendFileSync(this.#wwids, `/${wwid}/\n`);
			known.text += `/${wwid}/\n`;
			known.listed.add(wwid);
		}
	}

	/** Puts `#` in place of the first slash; true when the WWID was there. */
	remove(wwid: string): boolean {
		this.refresh();
		const { text, listed } = this.#current();
		if (!listed.has(wwid)) return false;
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

	#current() {
		if (this.#read === null) {
			const text = textOf(this.#wwids);
			this.#read = { text, listed: new Set(wwidsIn(text)) };
		}
		return this.#read;
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
