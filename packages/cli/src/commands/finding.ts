import { acknowledgementRoutes, multipathRoutes, PathkeeperError } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import type { NodeState } from "./fleet-answers.ts";
import { momentText } from "./moments.ts";

type Finding = NodeState["findings"][number];

export interface AcknowledgeOptions {
	/** Absent: on every node that has it. */
	readonly node?: string;
	readonly reason: string;
}

/** `finding list`: the findings of all nodes with their codes; alike ones once, with the nodes that have them. */
export async function listFindings({ client, output }: Session, node: string | undefined): Promise<void> {
	const { nodes } = await client.call(multipathRoutes.getStatus, {});
	if (node !== undefined && !nodes.some((other) => other.node === node))
		throw new PathkeeperError("NOT_FOUND", { what: `node '${node}'` });
	const rows = nodes
		.filter((other) => node === undefined || other.node === node)
		.flatMap((other) => other.findings.map((finding) => ({ node: other.node, ...finding })));
	output.rows(rows, () => {
		if (rows.length === 0) return emptyPlace(output, "noFinding");
		const alike = Map.groupBy(rows, ({ node: _, ...finding }) => JSON.stringify(finding));
		return [...alike.values()]
			.flatMap((same) => {
				const [first] = same;
				if (first === undefined) return [];
				const names = same.map((row) => shown(row.node)).join(", ");
				return [output.lines(`${names}: ${findingText(first)}`, "", "    ")];
			})
			.join("");
	});
}

/** `finding acknowledge CODE`: it stays, with the reason, and is counted no more until its text changes. */
export async function acknowledgeFinding(
	{ client, output }: Session,
	code: string,
	{ node, reason }: AcknowledgeOptions,
): Promise<void> {
	const where = node === undefined ? {} : { node };
	const ids = await client.call(acknowledgementRoutes.acknowledge, { code, reason, ...where });
	output.document({ ids }, () =>
		output.lines(
			`${shown(code)} is acknowledged${node === undefined ? "" : ` on ${shown(node)}`}. It is open again when its text changes, or after: pathkeeper finding reopen ${shown(code)}`,
		),
	);
}

/** `finding reopen CODE`: takes the acknowledgements of a code back. Throws NOT_FOUND when there are none. */
export async function reopenFinding(
	{ client, output }: Session,
	code: string,
	node: string | undefined,
): Promise<void> {
	const all = await client.call(acknowledgementRoutes.listAcknowledgements, {});
	const found = all.filter((each) => each.code === code && (node === undefined || each.node === node));
	if (found.length === 0) throw new PathkeeperError("NOT_FOUND", { what: `an acknowledgement of '${code}'` });
	for (const { id } of found) await client.call(acknowledgementRoutes.withdrawAcknowledgement, { id });
	output.document({ ids: found.map(({ id }) => id) }, () => `${shown(code)} is open again.\n`);
}

/** A finding with its code, by which it can be acknowledged, and with who has done so. */
export function findingText({ severity, code, text, acknowledged }: Finding): string {
	const head = `${acknowledged === null ? severity : "acknowledged"}: ${shown(text)} [${shown(code)}]`;
	if (acknowledged === null) return head;
	const { by, at, reason } = acknowledged;
	return `${head} (${shown(by)}, ${momentText(at)}: ${shown(reason)})`;
}
