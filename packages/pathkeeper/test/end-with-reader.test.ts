import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";

const program = join(import.meta.dirname, "../src/main.ts");

test("a command whose reader has gone ends without a word, as SIGPIPE ends other programs", async () => {
	const child = spawn(process.execPath, [program, "man"], { stdio: ["ignore", "pipe", "pipe"] });
	// Closed before the program has begun to write.
	child.stdout.destroy();
	let complaints = "";
	child.stderr.on("data", (chunk: Buffer) => {
		complaints += chunk.toString();
	});
	const [code] = await once(child, "close");
	expect({ code, complaints }).toEqual({ code: 141, complaints: "" });
});
