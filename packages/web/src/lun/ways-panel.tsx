import { useMemo } from "react";
import type { LunAnswer } from "../api/answers.ts";
import { byName } from "../ui/by-name.ts";
import { counted, namesOf } from "../ui/counted.ts";
import { type Column, List } from "../ui/list.tsx";
import { Notice } from "../ui/notice.tsx";
import { Panel, Scroll } from "../ui/panel.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import type { LunMap } from "./lun-map.ts";
import { maxPictured, picturedNodes, pictureOf, type Way, waysOf } from "./ways.ts";
import { WaysDrawing } from "./ways-picture.tsx";

/** The paths from nodes to the LUN, as a picture and as a table. */
export function Ways({ lun, maps }: { readonly lun: LunAnswer; readonly maps: readonly LunMap[] }) {
	const { wwid, nodes } = lun;
	const all = useMemo(() => waysOf(maps), [maps]);
	const drawn = useMemo(() => picturedNodes(maps, nodes), [maps, nodes]);
	const ways = useMemo(() => all.filter(({ node }) => drawn.has(node)), [all, drawn]);
	const picture = useMemo(() => pictureOf(ways), [ways]);
	const silent = maps.filter(({ error }) => error !== null).map(({ node }) => node);
	return (
		<Panel
			title="Paths"
			aside={maps.length > maxPictured ? `of the worst ${drawn.size} of ${maps.length} nodes` : undefined}
		>
			{silent.length === 0 ? null : (
				<Notice kind="warning">The paths of {namesOf(silent)} are unknown now.</Notice>
			)}
			{ways.length === 0 ? (
				<p>{emptyText(maps, silent.length)}</p>
			) : (
				<>
					<Scroll label="Picture of the paths">
						<WaysDrawing picture={picture} name={lun.alias ?? wwid} key={wwid} />
					</Scroll>
					<details className="path-table">
						<summary>
							{counted(ways.filter(({ state }) => state !== "absent").length, "path")} as a table
						</summary>
						<List
							label="Table of the paths"
							thing="path"
							rows={ways}
							keyOf={({ node, dev, port }) => `${node} ${dev} ${port}`}
							columns={columns}
						/>
					</details>
				</>
			)}
		</Panel>
	);
}

function emptyText(maps: readonly LunMap[], silent: number): string {
	if (maps.some(({ isPending }) => isPending)) return "Reading …";
	return silent === 0 ? "No node has a path to it." : "No node that answers has a path to it.";
}

const columns: readonly Column<Way>[] = [
	{ head: "Node", cell: ({ node }) => shown(node), compare: (a, b) => byName(a.node, b.node) },
	{
		head: "Path",
		kind: "tight",
		cell: ({ dev, hctl }) => (
			<>
				{dev === "" ? "–" : shown(dev)} {hctl === null ? "" : <span className="more">{shown(hctl)}</span>}
			</>
		),
	},
	{
		head: "State",
		cell: ({ state }) =>
			state === "absent" ? <StateWord state="missing" word="no path" /> : <StateWord state={state} />,
		compare: (a, b) => byName(a.state, b.state),
	},
	{ head: "Initiator", cell: ({ initiator }) => shown(initiator) },
	{
		head: "Target port",
		cell: ({ port }) => shown(port),
		compare: (a, b) => byName(a.port, b.port),
	},
	{
		head: "Group",
		cell: ({ group, priority }) =>
			`${group === 0 ? "–" : group}${priority === null ? "" : `, priority ${priority}`}`,
	},
	{ head: "multipathd state", cell: ({ words }) => shown(words) },
];
