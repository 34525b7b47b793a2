/** What ends a demo: a signal, its terminal that goes, or the reader of its output. */

/** Aborts when the demo should end. Signals that come again change nothing: a shell and its terminal may both send one. */
export function demoEnding(): AbortSignal {
	const ending = new AbortController();
	for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => ending.abort());
	// A terminal that is gone gives EIO, a pipe without reader EPIPE; nobody looks at the demo any more.
	for (const stream of [process.stdout, process.stderr]) stream.on("error", () => ending.abort());
	return ending.signal;
}
