/** Progress for the person who waits, on stderr; stdout stays free for answers. */
export function say(text: string): void {
	process.stderr.write(`lab: ${text}\n`);
}

/** Runs `work` and says how long it took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
	const start = performance.now();
	say(`${what} …`);
	const result = await work();
	say(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
	return result;
}
