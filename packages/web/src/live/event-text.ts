/** Server-sent events out of the pieces of a stream (HTML standard, 9.2). */
export interface StreamEvent {
	readonly event: string;
	readonly data: string;
	/** Null: this event has none, and the last id stays. */
	readonly id: string | null;
}

export class EventText {
	#rest = "";
	#retryMs: number | null = null;

	/** After how many milliseconds the server wants to be asked again; null: not given. */
	get retryMs(): number | null {
		return this.#retryMs;
	}

	/** The events that are complete now. */
	take(piece: string): StreamEvent[] {
		const blocks = (this.#rest + piece).split("\n\n");
		this.#rest = blocks.pop() ?? "";
		for (const block of blocks) this.#retryMs = retryOf(block) ?? this.#retryMs;
		return blocks.flatMap((block) => eventOf(block) ?? []);
	}
}

function eventOf(block: string): StreamEvent | null {
	const data: string[] = [];
	let event = "message";
	let id: string | null = null;
	for (const line of block.split("\n")) {
		const at = line.indexOf(":");
		if (at <= 0) continue;
		const value = line.slice(at + 1).replace(/^ /, "");
		const field = line.slice(0, at);
		if (field === "data") data.push(value);
		else if (field === "event") event = value;
		else if (field === "id") id = value;
	}
	return data.length === 0 ? null : { event, data: data.join("\n"), id };
}

function retryOf(block: string): number | null {
	const digits = /^retry: ?(\d{1,9})$/m.exec(block)?.[1];
	return digits === undefined ? null : Number(digits);
}
