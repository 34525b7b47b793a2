import { sizeText } from "@pathkeeper/model";
import { useQueries } from "@tanstack/react-query";
import { type ConfigAnswer, disksQuery } from "../api/queries.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { byName } from "../ui/by-name.ts";
import { counted, namesOf } from "../ui/counted.ts";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button } from "../ui/kit.ts";
import { type Column, List } from "../ui/list.tsx";
import { Empty, Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { shown } from "../ui/shown.ts";
import { type Candidate, candidatesOf, type NodeDisks } from "./candidate-luns.ts";

/** LUNs that nodes see and that are not allowed. */
export function Candidates({
	allowed,
	onAllow,
	onType,
}: {
	readonly allowed: ConfigAnswer["luns"];
	/** Null: the user may not. */
	readonly onAllow: ((wwid: string) => void) | null;
	readonly onType: (() => void) | null;
}) {
	const { isKnown } = useFleet();
	const answers = useDisks();
	const isAllowed = new Set(allowed.map(({ wwid }) => wwid));
	const candidates = candidatesOf(answers).filter(({ wwid }) => !isAllowed.has(wwid));
	const silent = silentOf(answers);
	return (
		<Panel
			title={`Available LUNs${candidates.length > 0 ? ` · ${candidates.length}` : ""}`}
			wide
			aside={
				onType === null ? undefined : (
					<Button size="compact-sm" variant="default" onClick={onType}>
						Allow by WWID
					</Button>
				)
			}
		>
			{silent.length === 0 ? null : (
				<Notice kind="warning">Which LUNs {namesOf(silent)} can see is unknown now.</Notice>
			)}
			<List
				label="LUNs that nodes see and that are not allowed"
				thing="LUN"
				rows={candidates}
				keyOf={({ wwid }) => wwid}
				columns={columnsOf(answers)}
				empty={<NoCandidate answers={answers} isKnown={isKnown} />}
				actions={
					onAllow === null
						? null
						: ({ wwid }) => (
								<RowButton
									text="Allow"
									kind="main"
									label={`Allow ${shown(wwid)}`}
									onClick={() => onAllow(wwid)}
								/>
							)
				}
			/>
		</Panel>
	);
}

/** The disks of every node, as far as the nodes answer. */
function useDisks(): readonly NodeDisks[] {
	const { nodes } = useFleet().picture;
	const answers = useQueries({
		queries: nodes.map(({ node, online }) => ({
			...disksQuery(node),
			enabled: online === 1,
			refetchInterval: nodes.length <= 8 ? 15_000 : 60_000,
		})),
	});
	return nodes.map(({ node, online }, at): NodeDisks => {
		const { data, error = null } = answers[at] ?? {};
		if (online === 0 || error !== null) return { node, disks: null, isPending: false };
		return { node, disks: data ?? null, isPending: data === undefined };
	});
}

function silentOf(answers: readonly NodeDisks[]): readonly string[] {
	return answers.flatMap(({ node, disks, isPending }) => (disks === null && !isPending ? [node] : []));
}

function columnsOf(answers: readonly NodeDisks[]): readonly Column<Candidate>[] {
	return [
		{
			head: "WWID",
			cell: ({ wwid }) => <code>{shown(wwid)}</code>,
			compare: (a, b) => byName(a.wwid, b.wwid),
		},
		{
			head: "Size",
			kind: "number",
			cell: ({ sizes }) => sizes.map(sizeText).join(" or "),
			compare: (a, b) => (a.sizes[0] ?? 0) - (b.sizes[0] ?? 0),
		},
		{ head: "Array", cell: ({ array }) => array, compare: (a, b) => byName(a.array, b.array) },
		{
			head: "Seen by",
			cell: ({ nodes }) => seenText(nodes.length, answers),
			title: ({ nodes }) => nodes.map(shown).join(", "),
			compare: (a, b) => a.nodes.length - b.nodes.length,
		},
		{
			head: "Paths per node",
			cell: ({ minPaths, maxPaths }) => (minPaths === maxPaths ? maxPaths : `${minPaths} to ${maxPaths}`),
			compare: (a, b) => a.maxPaths - b.maxPaths,
		},
		{
			head: "Found on disk",
			cell: ({ contents }) => (contents.length === 0 ? "nothing known" : contents.map(shown).join(", ")),
		},
	];
}

/** `3 of 3 nodes`, or `2 of 2 that answer; n3 unknown`. */
function seenText(count: number, answers: readonly NodeDisks[]): string {
	const answered = answers.filter(({ disks }) => disks !== null).length;
	if (answered === answers.length) return `${count} of ${counted(answers.length, "node")}`;
	const isPending = answers.some((answer) => answer.isPending);
	const silent = silentOf(answers);
	return [
		`${count} of ${answered} that ${answered === 1 ? "answers" : "answer"}`,
		isPending ? ", asking others" : "",
		silent.length === 0 ? "" : `; ${namesOf(silent)} unknown`,
	].join("");
}

function NoCandidate({
	answers,
	isKnown,
}: {
	readonly answers: readonly NodeDisks[];
	/** False while the nodes of the fleet are not known yet. */
	readonly isKnown: boolean;
}) {
	if (!isKnown || answers.some(({ isPending }) => isPending)) return <Empty title="Asking the nodes …" />;
	if (answers.length === 0) return <EmptyPlace place="noNode" />;
	const isSilent = answers.every(({ disks }) => disks === null);
	return <EmptyPlace place={isSilent ? "noAnswer" : "noCandidate"} />;
}
