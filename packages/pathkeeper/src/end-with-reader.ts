import { messageOf } from "@pathkeeper/model";

/** What SIGPIPE does to other programs (128 + its number); Node ignores that signal and gets EPIPE instead. */
const killedBySigpipe = 141;

/**
 * Ends the process without a word when whoever reads its output has gone, as in `pathkeeper log | head`, and with one
 * line when the output cannot be written for another reason, such as a full disk. For commands only: a daemon does not
 * depend on who reads what it prints. A command that listens to errors of the stream itself, because it has to tidy
 * up, ends by itself.
 */
export function endWithReader(
	stream: Pick<NodeJS.WriteStream, "on" | "listenerCount">,
	complain: (text: string) => void,
	exit: (code: number) => void = (code) => process.exit(code),
): void {
	stream.on("error", (error: Error) => {
		if (stream.listenerCount("error") > 1) return;
		if ("code" in error && error.code === "EPIPE") exit(killedBySigpipe);
		else {
			complain(`pathkeeper: the output cannot be written: ${messageOf(error)}\n`);
			exit(1);
		}
	});
}
