import type { RunProgram } from "@pathkeeper/host";
import type { Tree } from "./tree.ts";

/** Whether the kernel's clock is kept by a time service, and who says so. */
export interface ClockFacts {
	readonly synchronised: boolean;
	readonly source: string;
}

const deadlineMs = 5_000;

/**
 * systemd asks the kernel (adjtimex, STA_UNSYNC), which every time service sets; its own service also leaves a file.
 * Where systemd does not run, chrony is asked.
 */
export async function gatherClock(tree: Tree, run: RunProgram): Promise<ClockFacts> {
	if ((await tree.entry("/run/systemd/timesync/synchronized")) !== null)
		return { synchronised: true, source: "systemd-timesyncd" };
	const timedatectl = await said(run, "timedatectl", ["show", "--property=NTPSynchronized", "--value"]);
	if (timedatectl === "yes" || timedatectl === "no")
		return { synchronised: timedatectl === "yes", source: "timedatectl" };
	const chrony = await said(run, "chronyc", ["-n", "-c", "tracking"]);
	const fields = chrony?.split(",") ?? [];
	// The last of 14 fields is the leap status (chronyc(1), tracking).
	if (fields.length === 14)
		return { synchronised: fields[13]?.trim() !== "Not synchronised", source: "chronyc tracking" };
	throw new Error("neither timedatectl nor chronyc answers");
}

async function said(run: RunProgram, program: string, args: readonly string[]): Promise<string | null> {
	try {
		const { code, stdout } = await run(program, args, { deadlineMs });
		return code === 0 ? stdout.trim() : null;
	} catch {
		return null;
	}
}
