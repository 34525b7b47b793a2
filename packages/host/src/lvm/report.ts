import { messageOf, PathkeeperError } from "@pathkeeper/model";

/** Rows of one kind (`pv`, `vg`, `lv`) of LVM's `--reportformat json`; every field is a text there. */
export function reportRows(command: string, kind: string, text: string): readonly Row[] {
	const unreadable = (problem: string, cause?: unknown) =>
		new PathkeeperError("LVM_UNREADABLE", { command, problem }, { cause });
	let document: unknown;
	try {
		document = JSON.parse(text);
	} catch (error) {
		throw unreadable(messageOf(error), error);
	}
	const reports = membersOf(document).get("report");
	if (!Array.isArray(reports)) throw unreadable("it has no 'report'");
	return reports.flatMap((report: unknown) => {
		const rows = membersOf(report).get(kind);
		if (!Array.isArray(rows)) throw unreadable(`it has no '${kind}'`);
		return rows.map((row: unknown) => new Row(membersOf(row), unreadable));
	});
}

/** One row; what it lacks, or what is not what it should be, makes the whole report unreadable. */
export class Row {
	readonly #members: ReadonlyMap<string, unknown>;
	readonly #unreadable: (problem: string) => PathkeeperError;

	constructor(members: ReadonlyMap<string, unknown>, unreadable: (problem: string) => PathkeeperError) {
		this.#members = members;
		this.#unreadable = unreadable;
	}

	text(field: string): string {
		const value = this.#members.get(field);
		if (typeof value === "string") return value;
		throw this.#unreadable(`${field} is missing`);
	}

	/** A count or a size in bytes. */
	number(field: string): number {
		const number = this.numberOrNull(field);
		if (number !== null) return number;
		throw this.#unreadable(`${field} is '${this.text(field)}' and not a number`);
	}

	/** Null for a field that LVM left empty or says it does not know. */
	numberOrNull(field: string): number | null {
		const text = this.text(field);
		return /^\d{1,16}$/.test(text) ? Number(text) : null;
	}
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
	return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}
