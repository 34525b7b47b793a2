import type { Runtime } from "@pathkeeper/model";
import { checkTtl, leaseLost } from "../lease-terms.ts";

interface Held {
	readonly ttlMs: number;
	readonly lost: AbortController;
	deadline: number;
	callOff: () => void;
}

/**
 * Which leases are alive, by monotonic time. All of them are of this process, so none outlives it: what an earlier
 * process wrote with a lease goes when the store is opened.
 */
export class LeaseBook {
	readonly #runtime: Runtime;
	readonly #onEnd: (id: string) => void;
	readonly #held = new Map<string, Held>();

	/** `onEnd` is called for a lease that was not kept alive; its keys have to go. */
	constructor(runtime: Runtime, onEnd: (id: string) => void) {
		this.#runtime = runtime;
		this.#onEnd = onEnd;
	}

	/** Begins a lease; the id has never been one before, not even in another process. */
	grant(ttlMs: number): { readonly id: string; readonly lost: AbortSignal } {
		checkTtl(ttlMs);
		const id = Buffer.from(this.#runtime.bytes(8)).toString("hex");
		const lost = new AbortController();
		this.#held.set(id, {
			ttlMs,
			lost,
			deadline: this.#runtime.monotonic() + ttlMs,
			callOff: () => undefined,
		});
		this.#look(id);
		return { id, lost: lost.signal };
	}

	isAlive(id: string): boolean {
		return this.#held.has(id);
	}

	/** Throws STORE_LEASE_LOST for a lease that ended. */
	keepAlive(id: string): void {
		const held = this.#held.get(id);
		if (held === undefined) throw leaseLost(id);
		held.deadline = this.#runtime.monotonic() + held.ttlMs;
	}

	/** Ends a lease that its holder gives back; it is not lost. False: it had ended before. */
	end(id: string): boolean {
		this.#held.get(id)?.callOff();
		return this.#held.delete(id);
	}

	/** Ends all leases, as lost. */
	close(): void {
		for (const [id, held] of this.#held) this.#lose(id, held);
	}

	/** A timer looks when the lease would end; kept alive meanwhile, it looks again then. */
	#look(id: string): void {
		const held = this.#held.get(id);
		if (held === undefined) return;
		const leftMs = held.deadline - this.#runtime.monotonic();
		if (leftMs > 0) {
			held.callOff = this.#runtime.schedule(leftMs, () => this.#look(id));
			return;
		}
		this.#lose(id, held);
		this.#onEnd(id);
	}

	#lose(id: string, held: Held): void {
		held.callOff();
		this.#held.delete(id);
		held.lost.abort(leaseLost(id));
	}
}
