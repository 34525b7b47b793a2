import { PathkeeperError, type Report } from "@pathkeeper/model";
import { storeLimits } from "../limits.ts";
import type { Entry, Store, Write } from "../store.ts";
import { readAcknowledgements } from "./acknowledgements.ts";
import type { Author } from "./audit.ts";
import { audited } from "./audited.ts";
import type { NodeReport } from "./decode-report.ts";
import { deleteAll } from "./delete-all.ts";
import { layout } from "./layout.ts";
import { type FleetNode, knownNodePrefix, memberPrefix, nodesFrom } from "./nodes.ts";
import { reportPrefix, type StoredReport, storedReports } from "./reports.ts";
import { endTasks } from "./tasks.ts";

/** A node and what it said last, as they stood together: what a removal is decided on. */
export interface RemovableNode {
	readonly node: FleetNode;
	/** Null: it left no report, or one that cannot be read. */
	readonly report: Report | null;
	/** Why the report cannot be read; null: it can, or there is none. */
	readonly reportProblem: string | null;
	readonly entries: readonly Entry[];
}

/** Null: no node of this name ever joined. `read`: reads a report, which may be made to cost much. */
export async function readRemovable(
	store: Store,
	name: string,
	read: (stored: StoredReport) => Promise<NodeReport>,
): Promise<RemovableNode | null> {
	const members = (await store.list(memberPrefix)).entries.filter(({ key }) => key === layout.member(name));
	const known = (await store.list(knownNodePrefix)).entries.filter(
		({ key }) => key === layout.knownNode(name),
	);
	const [node] = nodesFrom(members, known);
	if (node === undefined) return null;
	const reports = (await store.list(reportPrefix)).entries.filter(
		({ key }) => key === layout.report(name) || key.startsWith(layout.reportPartsOf(name)),
	);
	const [stored] = storedReports(reports);
	const { report, problem } = stored === undefined ? { report: null, problem: null } : await read(stored);
	return { node, report, reportProblem: problem, entries: [...members, ...known, ...reports] };
}

/**
 * Takes a node out of the fleet with its report and its acknowledgements, and leaves a record of who did it, in one transaction; then the tasks
 * that it did not end are ended. Throws NODE_ALIVE while its agent runs, also where it came back since the node was
 * read, and DIGEST_CONFLICT where anything else of it changed since: read it again. Then nothing was done.
 */
export async function removeNode(
	store: Store,
	{ node: { node }, entries }: RemovableNode,
	{ by, from, at }: Author,
): Promise<void> {
	const member = layout.member(node);
	const [known, report] = [layout.knownNode(node), layout.report(node)];
	const revisionOf = (key: string) => entries.find((entry) => entry.key === key)?.revision ?? null;
	const parts = entries.map(({ key }) => key).filter((key) => key.startsWith(layout.reportPartsOf(node)));
	const record = { by, from, at, what: "node.remove", subject: node, before: null, after: null };
	const acknowledged = (await readAcknowledgements(store))
		.filter((acknowledgement) => acknowledgement.node === node)
		.map(({ id }) => layout.acknowledgement(id));
	const gone = [known, report, ...parts, ...acknowledged];
	const writes: Write[] = gone.map((key) => ({ op: "delete", key }));
	// A report has at most as many parts as a transaction takes; what is left of an interrupted write may be more.
	const fitting = writes.slice(0, storeLimits.txnWrites - 1);
	const { succeeded } = await audited(store, {
		compare: [
			{ key: member, revision: null },
			{ key: known, revision: revisionOf(known) },
			{ key: report, revision: revisionOf(report) },
		],
		writes: fitting,
		records: [{ record, unique: node }],
	});
	if (!succeeded) {
		const isAlive = (await store.get(member)) !== null;
		throw isAlive ? new PathkeeperError("NODE_ALIVE", { node }) : new PathkeeperError("DIGEST_CONFLICT");
	}
	const left = gone.slice(fitting.length);
	await deleteAll(
		store,
		left.filter((key) => parts.includes(key)),
	);
	const more = left.filter((key) => acknowledged.includes(key));
	for (let from = 0; from < more.length; from += storeLimits.txnWrites - 1) {
		const some = more.slice(from, from + storeLimits.txnWrites - 1);
		const detail = `${some.length} more acknowledgements`;
		await audited(store, {
			writes: some.map((key) => ({ op: "delete", key })),
			records: [{ record: { ...record, detail }, unique: `${node}-${from}` }],
		});
	}
	await endTasks(store, node, at);
}
