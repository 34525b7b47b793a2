import { PathkeeperError } from "@pathkeeper/model";

/** The argument of a task, as its server wrote it; whoever reads it says what it must be. */
export class Arguments {
	readonly #given: ReadonlyMap<string, unknown>;

	constructor(argument: unknown) {
		this.#given = new Map(argument instanceof Object ? Object.entries(argument) : []);
	}

	/** Throws NOT_FOUND when it is missing or no text. */
	text(name: string): string {
		const value = this.#given.get(name);
		if (typeof value === "string") return value;
		throw missing(name);
	}

	textOr<T>(name: string, otherwise: T): string | T {
		const value = this.#given.get(name);
		return value === undefined || value === null ? otherwise : this.text(name);
	}

	/** Throws NOT_FOUND when it is missing or no number. */
	number(name: string): number {
		const value = this.#given.get(name);
		if (typeof value === "number" && Number.isFinite(value)) return value;
		throw missing(name);
	}

	numberOr<T>(name: string, otherwise: T): number | T {
		const value = this.#given.get(name);
		return value === undefined || value === null ? otherwise : this.number(name);
	}
}

function missing(name: string): PathkeeperError {
	return new PathkeeperError("NOT_FOUND", { what: `'${name}' in the task's argument` });
}
