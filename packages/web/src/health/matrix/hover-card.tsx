import { type Picture, sizeText, unpackCell } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import type { CSSProperties } from "react";
import { lunQuery } from "../../api/queries.ts";
import type { StoragesOfLuns } from "../../storage/storages-of-luns.ts";
import { useDebouncedValue } from "../../ui/kit.ts";
import { arrayText, nameOf, shown } from "../../ui/shown.ts";
import { StateWord } from "../../ui/state-mark.tsx";
import type { Layout, Line } from "./layout.ts";
import type { Cell } from "./scene.ts";

const maxReasons = 6;

/** The state of the cell under the pointer or the cursor, and the reasons. */
export function HoverCard({
	picture,
	storages,
	node: column,
	cell,
	layout,
	box,
}: {
	readonly picture: Picture;
	readonly storages: StoragesOfLuns | null;
	/** Index of the node in the picture. */
	readonly node: number;
	readonly cell: Cell;
	readonly layout: Layout;
	readonly box: HTMLElement | null;
}) {
	const lun = picture.luns[cell.lun];
	const node = picture.nodes[column];
	// Reasons are asked for where the pointer rests, not while it moves.
	const [resting] = useDebouncedValue(lun?.wwid ?? "", 120);
	const { data } = useQuery({ ...lunQuery(resting), enabled: resting !== "" });
	const line = layout.lines.find((one) => one.lun === cell.lun);
	if (lun === undefined || node === undefined || line === undefined || box === null) return null;
	const at = cell.lun * picture.nodes.length + column;
	const { state, settling, stale } = unpackCell(picture.states[at] ?? 255);
	const { counts } = picture;
	const above = storages?.get(lun.wwid) ?? [];
	const isAbout = data?.wwid === lun.wwid;
	const reasons = isAbout ? (data.nodes[node.node]?.reasons ?? []) : [];
	return (
		<div className="hover-card" style={positionOf(cell, line, layout, box)}>
			<strong>{nameOf(lun)}</strong> on <strong>{shown(node.node)}</strong>
			<div className="more">
				{arrayText(lun.vendor, lun.model, "")} {sizeText(lun.size)}
				{above.length === 0 ? "" : ` · storage ${above.map(shown).join(", ")}`}
			</div>
			{state === null ? (
				<p>This node should not have the LUN, and has no map of it.</p>
			) : (
				<p>
					<StateWord state={state} />
					{counts === null ? null : ` ${counts.usable[at]} of ${counts.expected[at]} paths usable`}
					{settling ? ", settling: this may still change" : ""}
					{stale ? " (last known)" : ""}
				</p>
			)}
			{reasons.length === 0 ? null : (
				<ul>
					{reasons.slice(0, maxReasons).map((reason) => (
						<li key={reason}>{shown(reason)}</li>
					))}
				</ul>
			)}
		</div>
	);
}

/** Beside the cell, on the side where there is space. */
function positionOf(cell: Cell, line: Line, layout: Layout, box: HTMLElement): CSSProperties {
	const x = layout.left + (cell.column + 1) * layout.cellWidth - box.scrollLeft;
	const y = line.y + layout.cellHeight - box.scrollTop;
	const isRight = x > box.clientWidth - 330;
	const isLow = y > box.clientHeight - 150;
	return {
		...(isRight ? { right: Math.max(8, box.clientWidth - x + layout.cellWidth + 8) } : { left: x + 8 }),
		...(isLow ? { bottom: Math.max(8, box.clientHeight - y + layout.cellHeight) } : { top: y + 6 }),
	};
}
