/**
 * The whole daemon as it is shipped (`dist/pathkeeper.mjs`), idle on a host where nothing happens: resident memory
 * (aim: at most 110 MB) and processor time with all children (aim: at most 0.5 % of a core), at 4 maps of 2 paths and
 * at 1,000 maps of 4, each listed in the fleet's config. `WARM_S` and `IDLE_S` set how long it is let run and
 * measured, `LUNS` chooses one of the sizes.
 *
 * What this machine cannot play is device-mapper itself: `dmsetup`, one child a sweep, ends at once.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { wwidsIn } from "@pathkeeper/host";
import { openEmbeddedStore, writeConfig } from "@pathkeeper/store";
import { realRuntime } from "../packages/pathkeeper/src/runtime/real-runtime.ts";
import { startMachine } from "./src/machine.ts";
import { judged } from "./src/measure.ts";
import { usageOf } from "./src/process-usage.ts";

const warmS = Number(process.env["WARM_S"] ?? 90);
const idleS = Number(process.env["IDLE_S"] ?? 60);
const aims = { residentMb: 110, percent: 0.5 };

spawnSync(process.execPath, ["scripts/build.ts"], { stdio: "inherit" });
const only = process.env["LUNS"];
for (const [luns, paths] of [
	[4, 2],
	[1000, 4],
] as const) {
	if (only === undefined || Number(only) === luns) await measure(luns, paths);
}

async function measure(luns: number, paths: number): Promise<void> {
	using machine = await startMachine(luns, paths, "running");
	const state = join(machine.root, "var/lib/pathkeeper");
	mkdirSync(state, { recursive: true });
	await allow(machine.root, state);
	const daemon = spawn(
		"dist/pathkeeper.mjs",
		[
			...["--socket", join(machine.root, "api.sock")],
			...["daemon", "--host-root", machine.root, "--state", state],
		],
		{ stdio: ["ignore", "ignore", process.env["VERBOSE"] === undefined ? "ignore" : "inherit"] },
	);
	const { pid } = daemon;
	if (pid === undefined) throw new Error("the daemon was not started");
	try {
		await delay(warmS * 1000);
		const before = usageOf(pid);
		await delay(idleS * 1000);
		const after = usageOf(pid);
		const share = (ms: number) => (ms / idleS / 1000) * 100;
		const own = share(after.ownMs - before.ownMs);
		const children = share(after.childrenMs - before.childrenMs);
		const percent = own + children;
		console.log(`\n${luns} maps x ${paths} paths, ${idleS} s after ${warmS} s`);
		console.log(
			`  resident memory: ${after.residentMb.toFixed(0)} MB (${judged(after.residentMb, aims.residentMb, " MB")})`,
		);
		console.log(`    of that not a mapped file: ${after.anonymousMb.toFixed(0)} MB`);
		console.log(`  processor: ${percent.toFixed(2)} % of a core (${judged(percent, aims.percent, " %")})`);
		console.log(`    itself ${own.toFixed(2)} %, children ${children.toFixed(2)} %`);
	} finally {
		daemon.kill();
	}
}

/** The fleet's config lists every LUN of the machine. */
async function allow(root: string, state: string): Promise<void> {
	const wwids = wwidsIn(readFileSync(join(root, "etc/multipath/wwids"), "utf8"));
	const text = wwids.map((wwid) => `wwid: ${wwid}\n\tcomment bench\n\n`).join("");
	const store = await openEmbeddedStore({ runtime: realRuntime, path: join(state, "store.db") });
	await writeConfig(store, "multipath.cfg", text, { by: "root@pam", from: null, at: Date.now() });
	await store.close();
}
