import { pathLines } from "./format.ts";
import { type DaemonMap, featuresOf, groupPriority, groupState, pathsOf } from "./state.ts";
import { inquiry, sizeText } from "./wildcards.ts";
import type { World } from "./world.ts";

/** `show topology`: maps as trees of groups and paths, columns of paths aligned over all of them. */
export function topologyText(world: World, maps: readonly DaemonMap[]): string {
	const paths = maps.flatMap((map) => pathsOf(map));
	const lines = pathLines(world, paths);
	let next = 0;
	return maps.map((map) => mapTree(map, () => lines[next++] ?? "")).join("");
}

function mapTree(map: DaemonMap, nextLine: () => string): string {
	const { kernel, wwid } = map;
	const { vendor, product } = inquiry(map);
	const action = map.action === "" ? "" : `${map.action}: `;
	const identity = kernel.name === wwid ? wwid : `${kernel.name} (${wwid})`;
	const features = featuresOf(map);
	let text = `${action}${identity} ${kernel.dm} ${vendor},${product}\n`;
	text += `size=${sizeText(kernel.sizeBytes)} features='${features}' hwhandler='${kernel.table.hardwareHandler}' wp=rw\n`;
	for (const [index, group] of map.groups.entries()) {
		const last = index === map.groups.length - 1;
		text += `${last ? "`" : "|"}-+- policy='${kernel.table.selector}' prio=${groupPriority(group)} status=${groupState(map, index)}\n`;
		for (const number of group.paths.keys()) {
			const lastPath = number === group.paths.length - 1;
			text += `${last ? " " : "|"} ${lastPath ? "`" : "|"}- ${nextLine()}\n`;
		}
	}
	return text;
}
