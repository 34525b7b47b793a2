import { createServer } from "node:net";
import { encodeFrame, FrameDecoder, maxCommandBytes, textOf } from "../../src/multipathd/frame.ts";

/**
 * A program: listens on the path that it is given with multipathd's small backlog, says `listening`, and answers
 * every command with all commands that it has seen. It runs as a process of its own so that SIGSTOP can stop it.
 */
const [path] = process.argv.slice(2);
const seen: string[] = [];
const server = createServer((socket) => {
	const decoder = new FrameDecoder({ limit: maxCommandBytes });
	socket.on("error", () => socket.destroy());
	socket.on("data", (chunk: Buffer) => {
		for (const body of decoder.push(chunk)) {
			const command = textOf(body);
			seen.push(command);
			socket.write(encodeFrame(command === "show daemon" ? "pid 1 idle\n" : seen.join("\n")));
		}
	});
});
server.listen({ path, backlog: 10 }, () => process.stdout.write("listening\n"));
