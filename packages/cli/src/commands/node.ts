import { multipathRoutes, nodeRoutes } from "@pathkeeper/model";
import { table } from "../output/table.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";

/** `node list`. */
export async function listNodes({ client, output }: Session): Promise<void> {
	const { nodes } = await client.call(multipathRoutes.getStatus, {});
	output.rows(nodes, () =>
		table(
			[
				{ head: "NODE", cell: ({ node }) => node },
				{ head: "AGENT", cell: ({ online }) => (online === 1 ? "online" : "offline") },
				{ head: "MULTIPATHD", cell: ({ multipathd }) => multipathd.state },
				{ head: "VERSION", cell: ({ multipathd }) => multipathd.version ?? "-" },
				{ head: "CONFIG", cell: ({ applied }) => (applied.current === 1 ? "applied" : applied.state) },
				{ head: "FINDINGS", cell: ({ findings }) => String(findings.length), align: "right" },
			],
			nodes,
		),
	);
}

/** `node show NODE`: with every finding. */
export async function showNode({ client, output }: Session, node: string): Promise<void> {
	const status = await client.call(nodeRoutes.nodeStatus, { node });
	output.document(status, () => {
		const { multipathd, applied, findings } = status;
		const lines = [
			`node ${status.node}, agent ${status.agent}, ${status.online === 1 ? "online" : "no sign of life"}`,
			`  multipathd     ${multipathd.state}${multipathd.version === null ? "" : `, version ${multipathd.version}`}`,
			...(multipathd.problem === null ? [] : [`                 ${shown(multipathd.problem)}`]),
			`  configuration  ${applied.current === 1 ? "applied" : applied.state}`,
			...(applied.error === null ? [] : [`                 ${shown(applied.error)}`]),
			...findings.map(({ severity, text }) => `  ${severity}: ${shown(text)}`),
		];
		return lines.map((line) => `${line}\n`).join("");
	});
}
