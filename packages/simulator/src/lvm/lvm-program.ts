import type { RunProgram, RunResult } from "@pathkeeper/host";
import { PathkeeperError, type Randomness } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { SimulatedNode } from "../san/node.ts";
import type { San } from "../san/san.ts";
import { changingCommands } from "./changing-commands.ts";
import { reportText } from "./reports.ts";
import { type LvmSight, VisibleGroups } from "./visible-groups.ts";
import { parseWords, type Words } from "./words.ts";

export interface LvmProgramOptions {
	readonly node: SimulatedNode;
	readonly san: San;
	readonly clock: Clock;
	readonly random: Pick<Randomness, "uuid">;
	/** Milliseconds that a second lasts. */
	readonly secondMs: number;
	/** Which devices it looks at when a call names none. */
	readonly sight: () => LvmSight;
	/** Milliseconds between reading metadata and writing it back; 4 by default. */
	readonly commandMs?: number;
}

/**
 * `lvm`, `blkid` and `blkdiscard` of one node, as far as Pathkeeper calls them. Metadata stands on the LUNs, so what
 * one node writes all of them find; and nothing keeps two nodes from changing a group at the same time: the later one
 * writes over what the other wrote, as on a real shared LUN.
 */
export function lvmProgram(options: LvmProgramOptions): RunProgram {
	const { node, san, clock, secondMs } = options;
	const groups = new VisibleGroups(node, san);
	const wait = async (ms: number) => {
		const { promise, resolve } = Promise.withResolvers<void>();
		clock.schedule(ms, resolve);
		await promise;
	};
	return async (path, args, { deadlineMs, signal }) => {
		signal?.throwIfAborted();
		const program = path.slice(path.lastIndexOf("/") + 1);
		const words = parseWords(program === "lvm" ? args.slice(1) : args);
		const named = [...words.all("devices"), ...words.rest, ...args].filter((word) =>
			word.startsWith("/dev/"),
		);
		const unasked = words.has("all") ? groups.unasked(options.sight()).map(({ device }) => device) : [];
		const touched = [...named, ...unasked];
		if (touched.some((device) => groups.hangs(device))) {
			await wait((deadlineMs / 1000) * secondMs);
			throw new PathkeeperError("PROCESS_DEADLINE", { program: path, seconds: deadlineMs / 1000 });
		}
		if (program === "blkid") return blkid(groups, args.at(-1) ?? "");
		if (program === "blkdiscard")
			return ended(groups.isActiveDevice(args.at(-1) ?? "") ? 0 : 1, "", "no such device\n");
		return await lvm(args[0] ?? "", words, {
			groups,
			wait,
			clock,
			random: options.random,
			sight: options.sight(),
			commandMs: options.commandMs ?? 4,
		});
	};
}

async function lvm(
	command: string,
	words: Words,
	{
		groups,
		wait,
		clock,
		random,
		sight,
		commandMs,
	}: {
		readonly groups: VisibleGroups;
		readonly wait: (ms: number) => Promise<void>;
		readonly clock: Clock;
		readonly random: Pick<Randomness, "uuid">;
		readonly sight: LvmSight;
		readonly commandMs: number;
	},
): Promise<RunResult> {
	if (command === "version") return ended(0, "  LVM version:     2.03.16(2) (2022-05-18)\n", "");
	const report = reportText(command, words, groups, sight);
	if (report !== null) return ended(0, report, "");
	const change = changingCommands.get(command);
	if (change === undefined) return ended(2, "", `  No such command '${command}'.  Try 'help'.\n`);
	const planned = change(words, groups, { nowS: Math.floor(clock.now() / 1000), random });
	if (typeof planned === "string") return ended(5, "", `  ${planned}\n`);
	await wait(commandMs);
	planned();
	return ended(0, "", "");
}

function blkid(groups: VisibleGroups, device: string): RunResult {
	const wwid = groups.wwidOf(device);
	if (wwid === null) return ended(2, "", `error: ${device}: No such file or directory\n`);
	const content = groups.contentOf(wwid);
	if (content === null) return ended(2, "", "");
	const signature = "lvm" in content ? "TYPE=LVM2_member" : content.signature;
	return ended(0, `DEVNAME=${device}\n${signature}\n`, "");
}

function ended(code: number, stdout: string, stderr: string): RunResult {
	return { code, signal: null, stdout, stderr: code === 0 ? "" : stderr };
}
