import type { HiddenLuns, LunState, Picture, PictureNode } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useMemo, useRef } from "react";
import { useIsOld } from "../live/use-is-old.ts";
import { nodeProblem } from "../nodes/node-state.ts";
import { counted } from "../ui/counted.ts";
import { shown } from "../ui/shown.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { troubledRows } from "./rows.ts";
import { silenceOf, silentGroups } from "./silence.ts";
import { Trouble } from "./trouble.tsx";

const maxNodes = 20;

/** Every problem as text: to read, and for those who cannot see the matrix. */
export function Troubles({ picture, only }: { readonly picture: Picture; readonly only: LunState | null }) {
	const isOld = useIsOld();
	const { rows, groups } = useTroubles(picture, only);
	const nodes = picture.nodes.filter((node) => nodeProblem(node) !== null);
	const luns = rows.length + groups.reduce((sum, group) => sum + group.luns.length, 0);
	const scroller = useRef<HTMLDivElement>(null);
	return (
		<section className="troubles" aria-labelledby="troubles-title">
			<h2 id="troubles-title">Problems{luns + nodes.length > 0 ? ` · ${counted(luns, "LUN")}` : ""}</h2>
			{luns + nodes.length === 0 ? (
				<p className="calm">
					{isOld ? "There was no problem when the server last answered." : "The nodes report no problem."}
				</p>
			) : null}
			<div
				className="scroller"
				ref={scroller}
				tabIndex={0}
				role="region"
				aria-label="LUNs and nodes with problems"
			>
				<TroubledNodes nodes={nodes} />
				<SilentGroups groups={groups} picture={picture} />
				<TroubledLuns picture={picture} rows={rows} scroller={scroller} />
			</div>
		</section>
	);
}

/** Rows of LUNs with a problem, and groups of those whose only problem is that nodes do not report. */
function useTroubles(picture: Picture, only: LunState | null) {
	const [all, silent] = useMemo(() => {
		const groups = silentGroups(picture).filter(({ luns }) => luns.length > 1);
		const inGroup = new Set(groups.flatMap(({ luns }) => luns));
		return [troubledRows(picture).filter((row) => !inGroup.has(row)), groups] as const;
	}, [picture]);
	const isWhole = only === null || only === "optimal";
	return {
		rows: isWhole ? all : all.filter((at) => picture.luns[at]?.state === only),
		groups: isWhole || only === "unknown" ? silent : [],
	};
}

function TroubledNodes({ nodes }: { readonly nodes: readonly PictureNode[] }) {
	if (nodes.length === 0) return null;
	return (
		<ul className="node-troubles">
			{nodes.slice(0, maxNodes).map((node) => (
				<li key={node.node}>
					<StateMark state={node.online === 0 || node.multipathd !== "running" ? "unknown" : "degraded"} />
					<span>
						<Link to="/nodes/$node" params={{ node: node.node }}>
							{shown(node.node)}
						</Link>
						: {shown(nodeProblem(node) ?? "")}
					</span>
				</li>
			))}
			{nodes.length > maxNodes ? <li>and {nodes.length - maxNodes} more nodes</li> : null}
		</ul>
	);
}

function SilentGroups({
	groups,
	picture,
}: {
	readonly groups: readonly HiddenLuns<number>[];
	readonly picture: Picture;
}) {
	if (groups.length === 0) return null;
	return (
		<ul className="node-troubles">
			{groups.map((group) => (
				<li key={group.nodes.join()}>
					<StateMark state="unknown" />
					<span>{silenceOf(group, picture)}</span>
				</li>
			))}
		</ul>
	);
}

/** Only the rows that can be seen are drawn: there may be thousands. */
function TroubledLuns({
	picture,
	rows,
	scroller,
}: {
	readonly picture: Picture;
	/** Indexes of LUNs in the picture. */
	readonly rows: readonly number[];
	readonly scroller: RefObject<HTMLDivElement | null>;
}) {
	const list = useVirtualizer({
		count: rows.length,
		getScrollElement: () => scroller.current,
		estimateSize: () => 96,
		overscan: 4,
		getItemKey: (at) => picture.luns[rows[at] ?? -1]?.wwid ?? at,
	});
	return (
		<div
			className="rows"
			role="table"
			aria-label="LUNs that are not optimal"
			aria-rowcount={rows.length}
			style={{ height: list.getTotalSize() }}
		>
			{list.getVirtualItems().map((item) => {
				const at = rows[item.index] ?? -1;
				const lun = picture.luns[at];
				return lun === undefined ? null : (
					<div
						key={item.key}
						ref={list.measureElement}
						data-index={item.index}
						role="row"
						tabIndex={-1}
						aria-rowindex={item.index + 1}
						className="row"
						style={{ transform: `translateY(${item.start}px)` }}
					>
						<Trouble lun={lun} picture={picture} at={at} />
					</div>
				);
			})}
		</div>
	);
}
