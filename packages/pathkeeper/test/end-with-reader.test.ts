import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
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

test.each([
	["standard output", "man"],
	["standard error", "nothing-of-that-name"],
])("a full disk behind %s is one line at most, without a stack trace", async (which, command) => {
	const full = openSync("/dev/full", "w");
	const child = spawn(process.execPath, [program, command], {
		stdio: [
			"ignore",
			which === "standard output" ? full : "pipe",
			which === "standard error" ? full : "pipe",
		],
	});
	closeSync(full);
	let complaints = "";
	child.stderr?.on("data", (chunk: Buffer) => {
		complaints += chunk.toString();
	});
	const [code] = await once(child, "close");
	expect(code).not.toBe(0);
	expect(complaints).toMatch(
		which === "standard output" ? /^pathkeeper: the output cannot be written: ENOSPC[^\n]*\n$/ : /^$/,
	);
});
