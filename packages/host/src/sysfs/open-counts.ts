import { messageOf } from "@pathkeeper/model";
import type { RunProgram } from "../process/run.ts";

/** How often each dm device is open, by `dm-N`; or why that is not known, in words. Never throws. */
export type AskOpenCounts = () => Promise<ReadonlyMap<string, number> | string>;

const deadlineMs = 5_000;

/**
 * Asks `dmsetup`: the kernel shows the open count in no file, only in the answer to an ioctl. It asks for one device
 * after another, so it ends with code 1 when one of them is removed meanwhile, and still prints the others: what it
 * printed counts, and a device that it left out stays unknown.
 */
export function askDmsetup(run: RunProgram): AskOpenCounts {
	return async () => {
		try {
			// Numbers only: names are other people's text.
			const columns = ["--noheadings", "--separator", ":", "-o", "minor,open"];
			const result = await run("dmsetup", ["info", "-c", ...columns], { deadlineMs });
			const counts = parseOpenCounts(result.stdout);
			if (result.code === 0 || counts.size > 0) return counts;
			const problem = result.stderr.trim().split("\n")[0] ?? "";
			return `dmsetup ended with code ${result.code ?? result.signal}: ${problem.slice(0, 200)}`;
		} catch (error) {
			return messageOf(error);
		}
	};
}

/** Reads `MINOR:OPEN` lines; a dm device is named after its minor number. Other lines are passed over. */
export function parseOpenCounts(text: string): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const line of text.split("\n")) {
		const [, minor, open] = /^\s*(\d+):(\d+)\s*$/.exec(line) ?? [];
		if (minor !== undefined && open !== undefined) counts.set(`dm-${minor}`, Number(open));
	}
	return counts;
}
