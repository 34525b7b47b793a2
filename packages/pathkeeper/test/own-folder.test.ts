import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeOwnFolder } from "../src/own-folder.ts";
import { main } from "./daemon-process.ts";

const isRoot = process.getuid?.() === 0;

test("a folder that cannot be made is named, with what to do about it", () => {
	const folder = mkdtempSync(join(tmpdir(), "pk-own-"));
	try {
		writeFileSync(join(folder, "file"), "");
		expect(() => makeOwnFolder(join(folder, "file", "state"))).toThrow(
			/file\/state cannot be used: .*; run as root, or choose other locations with --state FOLDER and --socket FILE; to try Pathkeeper without root: pathkeeper demo$/,
		);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

// Only root can become somebody else.
test.runIf(isRoot)("somebody who is not root is told what to do, whichever folder is refused", () => {
	const folder = mkdtempSync(join(tmpdir(), "pk-own-"));
	const theirs = mkdtempSync(join(tmpdir(), "pk-own-theirs-"));
	try {
		chmodSync(folder, 0o700);
		chmodSync(theirs, 0o777);
		const start = (socket: string, state: string) =>
			spawnSync(
				process.execPath,
				[main, "--socket", socket, "daemon", "--simulate", "--listen", "off", "--state", state],
				{ encoding: "utf8", uid: 65_534, gid: 65_534, env: { PATH: process.env["PATH"] } },
			);
		for (const [socket, state] of [
			[join(theirs, "api.sock"), join(folder, "state")],
			[join(folder, "run", "api.sock"), join(theirs, "state")],
		] as const) {
			const { status, stderr } = start(socket, state);
			expect(stderr).toMatch(
				/cannot be used: EACCES: [^\n]*; run as root, or choose other locations with --state/,
			);
			expect(status).toBe(2);
		}
	} finally {
		for (const each of [folder, theirs]) rmSync(each, { recursive: true });
	}
});
