import { exitCode, multipathRoutes } from "@pathkeeper/model";
import type { Static } from "typebox";
import { table } from "../output/table.ts";
import { queueingText, shown, sizeText, stateWord } from "../output/words.ts";
import type { Session } from "../session.ts";

type Fleet = Static<typeof multipathRoutes.getStatus.result>;
type Lun = Fleet["luns"][number];

/** `pathkeeper status`: the fleet at a glance. Gives the exit code. */
export async function status({ client, output }: Session): Promise<number> {
	const fleet = await client.call(multipathRoutes.getStatus, {});
	output.document(fleet, () => {
		const parts = [
			headline(fleet),
			reasons(fleet),
			luns(fleet, output.colour),
			nodes(fleet),
			findings(fleet),
		];
		return parts.filter((part) => part !== "").join("\n");
	});
	const daemons = fleet.nodes.map(({ online, multipathd }) =>
		online === 1 && multipathd.state === "running" ? ("ok" as const) : ("silent" as const),
	);
	return exitCode(
		fleet.luns.map(({ state }) => state),
		daemons,
	);
}

function headline({ luns, nodes }: Fleet): string {
	const allowed = luns.filter(({ state }) => state !== "unmanaged");
	const on = `${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}`;
	if (nodes.length === 0) return "No node has reported yet.\n";
	if (allowed.length === 0) {
		return `No LUN is allowed yet on ${on}. See what there is: pathkeeper lun list --candidates\n`;
	}
	const counts = Map.groupBy(allowed, ({ state }) => state);
	const optimal = counts.get("optimal")?.length ?? 0;
	if (optimal === allowed.length) return `All ${optimal} LUNs optimal on ${on}.\n`;
	const order = ["failed", "missing", "unknown", "degraded", "optimal"] as const;
	const words = order.flatMap((state) => {
		const count = counts.get(state)?.length ?? 0;
		return count > 0 ? [`${count} ${state}`] : [];
	});
	return `${allowed.length} LUNs on ${on}: ${words.join(", ")}.\n`;
}

function reasons({ luns }: Fleet): string {
	return luns
		.filter(({ state }) => state !== "optimal" && state !== "unmanaged")
		.flatMap((lun) => lun.reasons.map((reason) => `  ${nameOf(lun)}: ${shown(reason)}\n`))
		.join("");
}

function luns({ luns, nodes }: Fleet, colour: boolean): string {
	if (luns.length === 0) return "";
	const perNode = nodes.map(({ node }) => ({ head: node, cell: (lun: Lun) => onNode(lun, node) }));
	return table<Lun>(
		[
			{ head: "LUN", cell: nameOf },
			{ head: "STATE", cell: ({ state }) => stateWord(state, colour) },
			{ head: "SIZE", cell: ({ size }) => sizeText(size), align: "right" },
			{ head: "QUEUEING", cell: ({ queueing }) => queueingText(queueing) },
			...perNode,
		],
		luns,
	);
}

/** Usable of expected paths, and the state where it is not optimal. */
function onNode(lun: Lun, node: string): string {
	const here = lun.nodes[node];
	if (here === undefined) return "-";
	const paths = `${here.usable}/${here.expected}`;
	return here.state === "optimal" || here.state === "unmanaged" ? paths : `${paths} ${here.state}`;
}

function nodes({ nodes }: Fleet): string {
	const troubled = nodes.filter(
		({ online, multipathd, applied }) =>
			online !== 1 || multipathd.state !== "running" || applied.state === "failed" || applied.current !== 1,
	);
	return troubled
		.map(({ node, online, multipathd, applied }) => {
			if (online !== 1) return `${node}: no sign of life from its agent\n`;
			const daemon =
				multipathd.state === "running" ? "" : `${node}: ${shown(multipathd.problem ?? multipathd.state)}\n`;
			const config =
				applied.state === "failed"
					? `${node}: configuration not applied: ${shown(applied.error ?? "")}\n`
					: applied.current === 1
						? ""
						: `${node}: has not applied the current configuration yet\n`;
			return daemon + config;
		})
		.join("");
}

function findings({ nodes }: Fleet): string {
	return nodes
		.flatMap(({ node, findings }) =>
			findings
				.filter(({ severity }) => severity !== "info")
				.map(({ severity, text }) => `${node}: ${severity}: ${shown(text)}\n`),
		)
		.join("");
}

function nameOf({ alias, wwid }: Lun): string {
	return shown(alias ?? wwid);
}
