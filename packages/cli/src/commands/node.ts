import { multipathRoutes, nodeRoutes, openFindings } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { findingText } from "./finding.ts";
import type { NodeState } from "./fleet-answers.ts";

/** `node list`. */
export async function listNodes({ client, output }: Session): Promise<void> {
	const { nodes } = await client.call(multipathRoutes.getStatus, {});
	output.rows(nodes, () =>
		nodes.length === 0
			? emptyPlace(output, "noNode")
			: output.table<NodeState>(
					[
						{ head: "NODE", cell: ({ node }) => shown(node) },
						{ head: "AGENT", cell: ({ online }) => (online === 1 ? "online" : "offline") },
						{ head: "MULTIPATHD", cell: ({ multipathd }) => multipathd.state },
						{ head: "VERSION", cell: ({ multipathd }) => shown(multipathd.version ?? "-") },
						{ head: "CONFIG", cell: configWord },
						{ head: "FINDINGS", cell: findingsWord },
					],
					nodes,
				) + (nodes.length === 1 ? `\n${emptyPlace(output, "anotherNode")}` : ""),
	);
}

/** `node show NODE`: with every finding. */
export async function showNode({ client, output }: Session, node: string): Promise<void> {
	const status = await client.call(nodeRoutes.nodeStatus, { node });
	output.document(status, () => {
		const { multipathd, applied, findings } = status;
		const version = multipathd.version === null ? "" : `, multipath-tools ${shown(multipathd.version)}`;
		const problems = [multipathd.problem, applied.error].filter((text) => text !== null);
		return [
			`node ${shown(status.node)}, agent ${shown(status.agent)}, ${status.online === 1 ? "online" : "no sign of life"}\n`,
			`  multipathd     ${multipathd.state}${version}${status.settling === 1 ? ", settling" : ""}\n`,
			`  configuration  ${configWord(status)}\n`,
			...problems.map((text) => output.lines(shown(text), "  - ", "    ")),
			...findings.map((finding) => output.lines(findingText(finding), "  - ", "    ")),
			...whatIsSilent(status).map((place) => emptyPlace(output, place, "  ")),
			...(findings.length === 0 && problems.length === 0 ? ["  no findings\n"] : []),
		].join("");
	});
}

/** Who tells nothing there, and what to do about it. */
function whatIsSilent({ online, multipathd }: Pick<NodeState, "online" | "multipathd">) {
	if (online !== 1) return ["silentAgent" as const];
	return multipathd.state === "running" ? [] : ["silentDaemon" as const];
}

function configWord({ applied, online }: Pick<NodeState, "applied" | "online">): string {
	if (online !== 1) return "not known";
	if (applied.state === "applied") return applied.current === 1 ? "applied" : "behind";
	return applied.state;
}

function findingsWord({ findings }: NodeState): string {
	const words = (["error", "warning", "info"] as const).flatMap((severity) => {
		const count = openFindings(findings, severity);
		return count === 0 ? [] : [`${count} ${severity}`];
	});
	const acknowledged = findings.filter((finding) => finding.acknowledged !== null).length;
	return [...words, ...(acknowledged === 0 ? [] : [`${acknowledged} acknowledged`])].join(", ") || "-";
}
