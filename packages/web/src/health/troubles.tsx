import { type LunState, type Picture, type PictureLun, sizeText, unpackCell } from "@pathkeeper/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { lunQuery } from "../api/queries.ts";
import { useIsOld } from "../live/use-is-old.ts";
import { nodeTrouble } from "../nodes/node-look.ts";
import { StateMark, StateWord } from "../ui/state-mark.tsx";
import { counted, nameOf, shown } from "../ui/words.ts";
import { troubledRows } from "./rows.ts";
import { silenceOf, silentGroups } from "./silence.ts";

/** Everything that is not as it should be, in words: for reading, and for who cannot see the matrix. */
export function Troubles({ picture, only }: { readonly picture: Picture; readonly only: LunState | null }) {
	const isOld = useIsOld();
	const [all, silent] = useMemo(() => {
		const groups = silentGroups(picture).filter(({ luns }) => luns.length > 1);
		const once = new Set(groups.flatMap(({ luns }) => luns));
		return [troubledRows(picture).filter((row) => !once.has(row)), groups] as const;
	}, [picture]);
	const groups = only === null || only === "optimal" || only === "unknown" ? silent : [];
	const hidden = groups.reduce((sum, { luns }) => sum + luns.length, 0);
	const rows =
		only === null || only === "optimal" ? all : all.filter((at) => picture.luns[at]?.state === only);
	const nodes = picture.nodes.flatMap((node) => {
		const trouble = nodeTrouble(node);
		return trouble === null ? [] : [{ ...node, trouble }];
	});
	const scroller = useRef<HTMLDivElement>(null);
	const list = useVirtualizer({
		count: rows.length,
		getScrollElement: () => scroller.current,
		estimateSize: () => 96,
		overscan: 4,
		getItemKey: (at) => picture.luns[rows[at] ?? -1]?.wwid ?? at,
	});
	return (
		<section className="troubles" aria-labelledby="troubles-title">
			<h2 id="troubles-title">
				Not as it should be
				{rows.length + hidden + nodes.length > 0 ? ` · ${counted(rows.length + hidden, "LUN")}` : ""}
			</h2>
			{rows.length + hidden + nodes.length === 0 ? (
				<p className="calm">
					{isOld ? "Nothing was wrong when the server was last heard." : "Nothing that the nodes tell of."}
				</p>
			) : null}
			<div
				className="scroller"
				ref={scroller}
				tabIndex={0}
				role="region"
				aria-label="LUNs and nodes in trouble"
			>
				{nodes.length === 0 ? null : (
					<ul className="node-troubles">
						{nodes.slice(0, 20).map(({ node, trouble, online, multipathd }) => (
							<li key={node}>
								<StateMark state={online === 0 || multipathd !== "running" ? "unknown" : "degraded"} />
								<span>
									<Link to="/nodes/$node" params={{ node }}>
										{shown(node)}
									</Link>
									: {shown(trouble)}
								</span>
							</li>
						))}
						{nodes.length > 20 ? <li>and {nodes.length - 20} more nodes</li> : null}
					</ul>
				)}
				{groups.length === 0 ? null : (
					<ul className="node-troubles">
						{groups.map((group) => (
							<li key={group.nodes.join()}>
								<StateMark state="unknown" />
								<span>{silenceOf(group, picture)}</span>
							</li>
						))}
					</ul>
				)}
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
			</div>
		</section>
	);
}

const mostReasons = 4;

function Trouble({
	lun,
	picture,
	at,
}: {
	readonly lun: PictureLun;
	readonly picture: Picture;
	readonly at: number;
}) {
	const { data } = useLunReasons(lun.wwid, rowSign(picture, at));
	const where = badNodes(picture, at);
	const reasons = data?.reasons ?? [];
	return (
		<>
			<div role="cell" className="head">
				<StateWord state={lun.state} />
				<Link to="/luns/$wwid" params={{ wwid: lun.wwid }} className="name">
					{nameOf(lun)}
				</Link>
				<span className="more">{sizeText(lun.size)}</span>
			</div>
			<div role="cell" className="why">
				{reasons.length === 0 ? (
					<p className="more">{where}</p>
				) : (
					<ul>
						{reasons.slice(0, mostReasons).map((reason) => (
							<li key={reason}>{shown(reason)}</li>
						))}
						{reasons.length > mostReasons ? (
							<li>and {counted(reasons.length - mostReasons, "more reason")}</li>
						) : null}
					</ul>
				)}
			</div>
		</>
	);
}

/** A row that keeps changing is not asked about more often. */
const pauseMs = 1_000;

/**
 * The reasons of a LUN, asked again whenever its row in the picture is another. Each row asks in a task of its own: a
 * list of them that changes all at once would hold the page up.
 */
export function useLunReasons(wwid: string, sign: string) {
	const queries = useQueryClient();
	const asked = useRef({ sign, at: Number.NEGATIVE_INFINITY });
	useEffect(() => {
		if (asked.current.sign === sign) return;
		const ask = () => {
			asked.current = { sign, at: performance.now() };
			void queries.invalidateQueries({ queryKey: ["lun", wwid] });
		};
		const timer = setTimeout(ask, Math.max(0, asked.current.at + pauseMs - performance.now()));
		return () => clearTimeout(timer);
	}, [queries, wwid, sign]);
	return useQuery({ ...lunQuery(wwid), refetchInterval: 15_000 });
}

/** Changes whenever anything in the row of a LUN does. */
export function rowSign({ states, counts, nodes }: Picture, at: number): string {
	const [from, to] = [at * nodes.length, (at + 1) * nodes.length];
	const usable = counts?.usable.subarray(from, to).join() ?? "";
	return `${states.subarray(from, to).join()} ${usable}`;
}

function badNodes({ nodes, states }: Picture, at: number): string {
	const bad = nodes.flatMap(({ node }, column) => {
		const { state } = unpackCell(states[at * nodes.length + column] ?? 0);
		return state === null || state === "optimal" || state === "unmanaged"
			? []
			: [`${state} on ${shown(node)}`];
	});
	return bad.length > 6
		? `${bad.slice(0, 6).join(", ")} and on ${bad.length - 6} more nodes`
		: bad.join(", ");
}
