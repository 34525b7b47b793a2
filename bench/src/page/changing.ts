import { setTimeout as delay } from "node:timers/promises";
import type { ReportedFleet } from "../../../packages/server/test/reported-fleet.ts";

const reportsASecond = 4;

/**
 * Lets paths fail and come back for some time: four reports a second, of one node after another, in each of which as
 * many LUNs turn as are wanted. Gives how many cells changed in how many seconds it really was.
 */
export async function changing(
	fleet: ReportedFleet,
	{ seconds, cellsASecond }: { readonly seconds: number; readonly cellsASecond: number },
): Promise<{ readonly cells: number; readonly seconds: number }> {
	const inOne = Math.min(fleet.size.luns, Math.round(cellsASecond / reportsASecond));
	const failed = new Set<string>();
	const begun = performance.now();
	const spent = () => (performance.now() - begun) / 1000;
	let reports = 0;
	for (; spent() < seconds; reports++) {
		const node = fleet.names[reports % fleet.names.length] ?? "";
		const isFailed = !failed.delete(node);
		if (isFailed) failed.add(node);
		await fleet.report(node, ({ lun, path }) => isFailed && path === 0 && lun < inOne);
		await delay(Math.max(0, ((reports + 1) / reportsASecond - spent()) * 1000));
	}
	const took = spent();
	for (const node of failed) await fleet.report(node);
	return { cells: reports * inOne, seconds: took };
}
