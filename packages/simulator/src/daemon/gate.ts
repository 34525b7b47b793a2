import type { Clock } from "../clock.ts";

/** A place to wait until something that stood in the way is over. */
export class Gate {
	#opened: PromiseWithResolvers<void> | null = null;

	/** Everybody who waits looks again. */
	open(): void {
		this.#opened?.resolve();
		this.#opened = null;
	}

	/** Resolves when `blocked` is false after an opening; false when the time was up first. */
	async pass(
		blocked: () => boolean,
		limit: { readonly clock: Clock; readonly ms: number } | null,
	): Promise<boolean> {
		if (!blocked()) return true;
		let late = false;
		const { promise: end, resolve } = Promise.withResolvers<void>();
		const callOff = limit?.clock.schedule(limit.ms, () => {
			late = true;
			resolve();
		});
		while (blocked() && !late) {
			this.#opened ??= Promise.withResolvers<void>();
			await Promise.race([end, this.#opened.promise]);
		}
		callOff?.();
		return !blocked();
	}
}
