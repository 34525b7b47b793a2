/**
 * Ends the process as soon as its output is written, whatever still runs: a look at a file or a connection that was
 * left behind at its deadline would keep it there.
 */
export async function endWhenWritten(exitCode: number): Promise<never> {
	await Promise.all([written(process.stdout), written(process.stderr)]);
	process.exit(exitCode);
}

/** Also when nobody reads any more. */
function written(stream: NodeJS.WriteStream): Promise<void> {
	return new Promise((resolve) => {
		stream.write("", () => resolve());
	});
}
