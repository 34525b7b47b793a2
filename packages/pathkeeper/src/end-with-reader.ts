/** What SIGPIPE does to other programs (128 + its number); Node ignores that signal and gets EPIPE instead. */
const killedBySigpipe = 141;

/**
 * Ends the process without a word when whoever reads its output has gone, as in `pathkeeper log | head`. Other errors
 * of the stream are thrown. For commands only: a daemon does not depend on who reads what it prints. A command that
 * listens to errors of the stream itself, because it has to tidy up, ends by itself.
 */
export function endWithReader(
	stream: Pick<NodeJS.WriteStream, "on" | "listenerCount">,
	exit: (code: number) => void = (code) => process.exit(code),
): void {
	stream.on("error", (error: Error) => {
		if (stream.listenerCount("error") > 1) return;
		if (!("code" in error) || error.code !== "EPIPE") throw error;
		exit(killedBySigpipe);
	});
}
