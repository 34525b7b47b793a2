/**
 * Lets a few calls run at a time; the others wait for their turn. A browser has six connections to a server, and calls
 * to nodes that do not answer would hold all of them.
 */
export function fewAtOnce(most: number): <T>(call: () => Promise<T>) => Promise<T> {
	let running = 0;
	const waiting: (() => void)[] = [];
	return async (call) => {
		if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
		else running++;
		try {
			return await call();
		} finally {
			// Whoever waits takes over the place as it is.
			const next = waiting.shift();
			if (next === undefined) running--;
			else next();
		}
	};
}
