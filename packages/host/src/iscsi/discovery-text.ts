import type { DiscoveredTarget } from "./iscsi.ts";

/**
 * Reads what `iscsiadm -m discovery` prints: a line `ADDRESS:PORT,GROUP NAME` for each portal of each target, IPv6
 * addresses in brackets (open-iscsi usr/idbm.c, idbm_print_node_flat). Gives the line that is none as a problem:
 * a list is read whole or not at all.
 */
export function readDiscovery(
	text: string,
): { readonly targets: readonly DiscoveredTarget[] } | { readonly problem: string } {
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	const targets: DiscoveredTarget[] = [];
	for (const line of lines) {
		const [, portal, target] =
			/^((?:\[[0-9A-Fa-f:.]{2,45}\]|[\w.-]{1,255}):\d{1,5}),-?\d{1,10} ((?:iqn|eui|naa)\.\S{1,250})$/.exec(
				line,
			) ?? [];
		if (portal === undefined || target === undefined)
			return { problem: `a line is not a target: ${JSON.stringify(line.slice(0, 120))}` };
		targets.push({ target, portal });
	}
	return { targets };
}
