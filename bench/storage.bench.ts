/**
 * Storages on the LVM of this machine, as root: listing 1,000 LUNs and 5,000 volumes beside the bare
 * `lvs --reportformat json`, and the status of 20 storages of which one stands on a device that hangs. Groups are on
 * loop devices, the LUNs on a played host. `LUNS` and `VOLUMES` make it another size.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Host, ProgramRunner, type RunProgram, realHost } from "@pathkeeper/host";
import { RealLvm } from "@pathkeeper/host/parts";
import { readStorageConfig } from "@pathkeeper/model";
import { builtInRegistry, listContent, type StorageCall, storageInfo } from "@pathkeeper/volumes";
import { realRuntime } from "../packages/pathkeeper/src/runtime/real-runtime.ts";
import { startMachine } from "./src/machine.ts";
import { judged, report, sideBySide } from "./src/measure.ts";
import { type LoopGroup, LoopGroups } from "./src/storage/loop-groups.ts";
import { loopsPlugin } from "./src/storage/loops-plugin.ts";

const rounds = 15;
const [luns, volumes] = [Number(process.env["LUNS"] ?? 1000), Number(process.env["VOLUMES"] ?? 5000)];
const aims = { listing: 1.3, statusMs: 16_000 };
const storages = 20;
const [MiB, GiB] = [1024 ** 2, 1024 ** 3];

using machine = await startMachine(luns, 4);
using groups = new LoopGroups();
const registry = builtInRegistry();
const refused = registry.add(loopsPlugin);
if (refused !== null) throw new Error(refused);

await listing();
await statusWithOneHung();

async function listing(): Promise<void> {
	const large = groups.make("bench-large", 100 * GiB, volumes);
	const { run } = new ProgramRunner({ runtime: realRuntime });
	const text = `multipath: san\n\tcontent none\n\n${storageOn(large)}`;
	const listed = async (...ids: readonly string[]) => {
		const call = newCall(run, text);
		const chosen = call.config.storages.filter(({ id }) => ids.includes(id));
		const lists = await Promise.all(chosen.map((storage) => listContent(call, storage)));
		return lists.flat().length;
	};
	const bare = ["lvs", "--reportformat", "json"];
	const expected = (await listed("san", large.vg)) === luns + volumes;
	if (!expected) throw new Error("not all LUNs and volumes are listed");
	const costs = await sideBySide(
		{
			"lvs --reportformat json (bare)": () =>
				run("/usr/sbin/lvm", bare, { deadlineMs: 60_000, outputBytes: 64 * MiB }),
			[`${volumes} volumes of one storage`]: () => listed(large.vg),
			[`${luns} LUNs of one storage`]: () => listed("san"),
			"both in one call": () => listed("san", large.vg),
		},
		rounds,
	);
	report("listing", costs);
	const [base, , , both] = [...costs.values()].map(({ wallMs }) => wallMs);
	console.log(
		`  both beside the bare call: ${judged((both ?? Number.NaN) / (base ?? 0), aims.listing, "x")}`,
	);
}

async function statusWithOneHung(): Promise<void> {
	const made = Array.from({ length: storages }, (_, at) => groups.make(`bench-${at}`, 64 * MiB));
	const [hung] = made;
	if (hung === undefined) return;
	const text = made.map(storageOn).join("\n");
	console.log(`\nstatus of ${storages} storages, each on a device of its own; one of them hangs`);
	await status("none hangs", new ProgramRunner({ runtime: realRuntime }).run, text);
	await status(
		"its lvm dies when it is killed",
		hanging(hung, new ProgramRunner({ runtime: realRuntime })),
		text,
	);
	const unkillable: number[] = [];
	const runner = new ProgramRunner({ runtime: realRuntime, kill: (pid) => void unkillable.push(pid) });
	await status("its lvm cannot be killed, as in state D", hanging(hung, runner), text);
	for (const pid of unkillable) process.kill(pid, "SIGKILL");
}

/** Runs programs, but what looks at that group's device never comes back. */
function hanging({ device }: LoopGroup, { run }: ProgramRunner): RunProgram {
	return (program, args, options) =>
		args.includes(`/dev/${device}`)
			? run("/usr/bin/sleep", ["infinity"], options)
			: run(program, args, options);
}

async function status(name: string, run: RunProgram, text: string): Promise<void> {
	const begin = performance.now();
	const rows = await storageInfo(newCall(run, text));
	const took = performance.now() - begin;
	const active = rows.filter((row) => row.active && row.storage.type === "lvm").length;
	console.log(
		`  ${name.padEnd(42)} ${(took / 1000).toFixed(2)} s, ${active} active (${judged(took, aims.statusMs, " ms")})`,
	);
}

function storageOn({ vg, device }: LoopGroup): string {
	return `loops: on-${device}\n\tcontent images\n\nlvm: ${vg}\n\tvgname ${vg}\n\tbase on-${device}:${device}\n\tcontent images\n`;
}

/** A new top-level call, as the agent makes one for each request. */
function newCall(run: RunProgram, text: string): StorageCall {
	const host: Host = { ...realHost({ runtime: realRuntime, root: machine.root }), lvm: new RealLvm({ run }) };
	return {
		host,
		registry,
		config: readStorageConfig(text, registry.types),
		activated: new Map(),
		signal: new AbortController().signal,
		log: () => undefined,
		progress: () => undefined,
		sleep: (ms) => delay(ms),
		now: () => performance.now(),
		locked: (_storage, work) => work(),
	};
}
