import type { ChangeSet, Store } from "../../src/store.ts";
import { told } from "../contract/tools.ts";

/** Hears a watch out, in the background. */
export class Recorder {
	readonly heard: string[] = [];
	/** Rejects when the watch throws. */
	readonly ended: Promise<void>;
	readonly #stop = new AbortController();
	#wake: () => void = () => undefined;

	constructor(store: Store, prefix: string, fromRevision: bigint) {
		this.ended = this.#listen(store.watch(prefix, fromRevision, this.#stop.signal));
		this.ended.catch(() => undefined);
	}

	/** Waits until so many change sets were heard. */
	async hears(count: number): Promise<readonly string[]> {
		while (this.heard.length < count) {
			const more = new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
			await Promise.race([more, this.ended]);
		}
		return this.heard;
	}

	async stop(): Promise<void> {
		this.#stop.abort();
		await this.ended;
	}

	async #listen(watch: AsyncIterable<ChangeSet>): Promise<void> {
		for await (const changeSet of watch) {
			this.heard.push(told(changeSet));
			this.#wake();
		}
	}
}
