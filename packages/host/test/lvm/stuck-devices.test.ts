import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { ProgramRunner } from "../../src/index.ts";
import { RealLvm } from "../../src/parts.ts";

let folder = "";
/** An lvm that never ends when it is to look at the dead device, and finds nothing on any other. */
const script = `#!/bin/sh
case "$*" in *dead*) exec /bin/sleep 600 ;; esac
echo '{"report":[{"vg":[]}]}'
`;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "pk-lvm-"));
	await writeFile(join(folder, "lvm"), script, { mode: 0o755 });
});
afterAll(() => rm(folder, { recursive: true }));

test("a LUN that nothing comes back from costs LVM on that LUN, and on no other", async () => {
	const runner = new ProgramRunner({ runtime: realRuntime, kill: () => {}, graceMs: 50, stuckLimit: 2 });
	const lvm = new RealLvm({ run: runner.run, path: folder });
	const look = (device: string, deadlineMs: number) => lvm.volumeGroups([device], { deadlineMs });
	try {
		for (const code of ["PROCESS_DEADLINE", "PROCESS_DEADLINE", "PROCESS_STUCK"])
			await expect(look("/dev/dead", 100)).rejects.toMatchObject({ code });
		expect(await look("/dev/sound", 15_000)).toEqual([]);
	} finally {
		for (const pid of runner.stuck(join(folder, "lvm"))) process.kill(pid, "SIGKILL");
	}
});
