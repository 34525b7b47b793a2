import type { Store } from "../../src/store.ts";

/** Bytes in each half of a pair: mostly small, now and then large. */
export const sizeOfPair = (n: number): number => (n % 17 === 0 ? 500_000 : (n * 1237) % 20_000);

/**
 * For another process: writes transactions of two values and a counter until it is killed, several at once, and
 * tells the number of each as soon as the store answered.
 */
export async function writeForever(store: Store, acknowledge: (n: number) => void): Promise<void> {
	const { entries } = await store.list("pair/left/");
	const next = 1 + Math.max(-1, ...entries.map(({ key }) => Number(key.slice("pair/left/".length))));
	const writers = [0, 1, 2].map(async (first) => {
		for (let n = next + first; ; n += 3) {
			await writePair(store, n);
			acknowledge(n);
		}
	});
	await Promise.all(writers);
}

async function writePair(store: Store, n: number): Promise<void> {
	const value = new Uint8Array(sizeOfPair(n)).fill(n);
	for (;;) {
		const counter = await store.get("counter");
		const count = counter === null ? 0 : Number(new TextDecoder().decode(counter.value));
		const { succeeded } = await store.txn({
			compare: [{ key: "counter", revision: counter?.revision ?? null }],
			writes: [
				{ op: "put", key: `pair/left/${n}`, value },
				{ op: "put", key: "counter", value: new TextEncoder().encode(String(count + 1)) },
				{ op: "put", key: `pair/right/${n}`, value },
			],
		});
		if (succeeded) return;
	}
}
