import { PathkeeperError } from "@pathkeeper/model";
import type { ApplyContext } from "./context.ts";
import { refuseCutOff } from "./cut-off.ts";
import type { Ledger } from "./ledger.ts";
import { lintOurFiles } from "./lint.ts";
import { textsOf, writeFiles } from "./own-files.ts";
import { reconfigureAndSettle } from "./settle.ts";

/**
 * Puts the files back that an unfinished apply found, and when multipathd was told of the new ones, tells it again.
 * The ledger is written last, so that a way back that is cut off is gone again. Gives the ledger as it is then.
 */
export async function goBack(context: ApplyContext, ledger: Ledger): Promise<Ledger> {
	const { unfinished } = ledger;
	if (unfinished === null) return ledger;
	const { host, log } = context;
	log.info({}, "apply: restoring the previous files");
	await writeFiles(host.files, unfinished.previous);
	if (unfinished.told && (await host.multipathd.isRunning())) {
		if (!(await mayBeTold(context))) return ledger;
		context.onReconfigure();
		await reconfigureAndSettle(host.multipathd, { ...context, deadlineMs: context.reconfigureDeadlineMs });
	}
	const others = [...ledger.files].filter(([path]) => !unfinished.previous.has(path));
	const back: Ledger = {
		...ledger,
		files: new Map([...others, ...textsOf(unfinished.previous)]),
		unfinished: null,
	};
	await context.ledger.write(back);
	return back;
}

/** A daemon that is told to read what multipath cannot read ends over it; what it holds is better than that. */
async function mayBeTold({ host, log }: ApplyContext): Promise<boolean> {
	try {
		const conf = await lintOurFiles(host.tools, []);
		await refuseCutOff(host, await host.sysfs.kernelMaps(), conf);
		return true;
	} catch (error) {
		if (!(error instanceof PathkeeperError)) throw error;
		log.warn({ error: error.message }, "apply: multipathd has not reread the previous files");
		return false;
	}
}
