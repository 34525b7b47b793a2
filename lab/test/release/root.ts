import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rootOf, type Suite } from "../../src/index.ts";
import { runProgram } from "../../src/run-program.ts";

/** The image of a release serves tests without a guest, too. */
export function rootTests(suite: Suite): void {
	test("parses a configuration as its release does, without a daemon", async () => {
		const root = await rootOf(suite);
		const file = join(root, "etc/multipath.conf");
		writeFileSync(file, "defaults {\n\tpolling_interval 7\n}\n");
		try {
			expect(await runProgram(["chroot", root, "multipath", "-t"])).toMatch(/^\s*polling_interval "?7"?$/m);
		} finally {
			await rm(file);
		}
	});
}
