import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "./lab-error.ts";

export interface Patience {
	/** Milliseconds until we give up; 120,000 unless told. */
	readonly timeout?: number;
	/** Milliseconds between two questions; 1,000 unless told. */
	readonly every?: number;
}

/** Asks again every `every` ms until `answer` gives something, and gives that. Throws LabError after `timeout`. */
export async function until<T>(
	what: string,
	answer: () => Promise<T | undefined | false>,
	{ timeout = 120_000, every = 1000 }: Patience = {},
): Promise<T> {
	const end = Date.now() + timeout;
	for (;;) {
		const value = await answer();
		if (value !== undefined && value !== false) return value;
		if (Date.now() > end) throw new LabError(`${what} did not happen in ${timeout / 1000} s`);
		await sleep(every);
	}
}
