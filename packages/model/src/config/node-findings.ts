import type { Finding } from "../report.ts";
import type { DesiredConfig, NotActedOn } from "./desired-config.ts";
import type { Unsound } from "./sound-config.ts";

/** What keeps a node from having the configuration as it is written; the same for many LUNs is told once. */
export function nodeFindings(
	wanted: DesiredConfig,
	node: string,
	toolsVersion: string | null,
): readonly Finding[] {
	const installed = `multipath-tools ${toolsVersion ?? "?"} on ${node}`;
	const groups = Map.groupBy(wanted.notActedOn, ({ keyword, value, why }) =>
		why === "ignored" ? keyword : `${keyword} ${value}`,
	);
	return [
		...wanted.unsound.map(unsoundFinding),
		...[...groups.values()].flatMap((group) => notActedOnFindings(group, installed)),
		...heldFindings(wanted, node),
	];
}

function unsoundFinding({ wwid, key, value, problem, isDuplicate }: Unsound): Finding {
	const lun = wwid === null || key === "wwid" ? "" : ` of ${wwid.slice(0, 127)}`;
	return {
		code: isDuplicate ? "alias-duplicate" : "config-invalid",
		severity: "error",
		subject: wwid?.slice(0, 127) ?? key.slice(0, 80),
		text: `${key.slice(0, 80)} '${value.slice(0, 80)}'${lun} is left out: ${problem}`,
	};
}

function notActedOnFindings(group: readonly NotActedOn[], installed: string): readonly Finding[] {
	const [first] = group;
	if (first === undefined) return [];
	const key = first.keyword.replaceAll("_", "-");
	const release = first.release ?? "another release";
	return [
		first.why === "ignored"
			? {
					code: "ignored-keyword",
					severity: "info",
					subject: key,
					text: `${installed} ignores ${key}, as every release from ${release} on; it is left out there (${whereOf(group)})`,
				}
			: {
					code: "unknown-keyword",
					severity: "warning",
					subject: key,
					text: `${installed} does not know ${key} ${first.value} (${release} does); it is left out there (${whereOf(group)})`,
				},
	];
}

function whereOf(group: readonly NotActedOn[]): string {
	const wwids = group.flatMap(({ wwid }) => (wwid === null ? [] : [wwid]));
	return [
		...(wwids.length < group.length ? ["defaults"] : []),
		...(wwids.length > 3 ? [...wwids.slice(0, 2), `${wwids.length - 2} LUNs more`] : wwids),
	].join(", ");
}

/** LUNs that are restricted to other nodes, and stay here because somebody uses them. */
function heldFindings(wanted: DesiredConfig, node: string): readonly Finding[] {
	return wanted.config.luns
		.filter(({ nodes }) => nodes !== null && !nodes.includes(node))
		.map((lun) => ({
			code: "restricted-in-use",
			severity: "warning",
			subject: lun.wwid,
			text: `LUN ${lun.alias ?? lun.wwid} is restricted to other nodes but in use on ${node}, so it stays there; stop its users on ${node}, or add ${node} to its nodes`,
		}));
}
