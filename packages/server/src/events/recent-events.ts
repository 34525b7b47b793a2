/** The last events of one stretch of watching, so that a client that was away for a moment goes on where it was. */
export class RecentEvents {
	readonly #most: { readonly events: number; readonly bytes: number };
	/** Oldest first: each leads from the revision before to its own. */
	readonly #events: { readonly rev: number; readonly bytes: Buffer }[] = [];
	#bytes = 0;

	constructor(most: { readonly events: number; readonly bytes: number }) {
		this.#most = most;
	}

	/** Where the shape changed, what was before leads nowhere. */
	clear(): void {
		this.#events.length = 0;
		this.#bytes = 0;
	}

	add(rev: number, bytes: Buffer): void {
		this.#events.push({ rev, bytes });
		this.#bytes += bytes.length;
		while (this.#events.length > this.#most.events || this.#bytes > this.#most.bytes) {
			this.#bytes -= this.#events.shift()?.bytes.length ?? 0;
		}
	}

	/** The events after a revision, up to `now`; null when they are not all here. */
	since(rev: number, now: number): readonly Buffer[] | null {
		if (rev === now) return [];
		const place = this.#events.findIndex((event) => event.rev === rev + 1);
		return place < 0 ? null : this.#events.slice(place).map(({ bytes }) => bytes);
	}
}
