import { type Picture, sizeText, unpackCell } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { lunQuery } from "../../api/queries.ts";
import type { StoragesOfLuns } from "../../storage/storages-of-luns.ts";
import { useDebouncedValue } from "../../ui/kit.ts";
import { StateWord } from "../../ui/state-mark.tsx";
import { nameOf, shown } from "../../ui/shown.ts";
import type { Layout } from "./layout.ts";
import type { Place } from "./scene.ts";

const mostReasons = 6;

/** What the cell under the pointer or the cursor is, and why. */
export function HoverCard({
	picture,
	storages,
	node: column,
	place,
	layout,
	box,
}: {
	readonly picture: Picture;
	readonly storages: StoragesOfLuns | null;
	/** Place of the node in the picture. */
	readonly node: number;
	readonly place: Place;
	readonly layout: Layout;
	readonly box: HTMLElement | null;
}) {
	const lun = picture.luns[place.lun];
	const node = picture.nodes[column];
	// Reasons are asked for where the pointer rests, not on its way.
	const [resting] = useDebouncedValue(lun?.wwid ?? "", 120);
	const { data } = useQuery({ ...lunQuery(resting), enabled: resting !== "" });
	const line = layout.lines.find((one) => one.lun === place.lun);
	if (lun === undefined || node === undefined || line === undefined || box === null) return null;
	const at = place.lun * picture.nodes.length + column;
	const { state, settling, stale } = unpackCell(picture.states[at] ?? 255);
	const { counts } = picture;
	const above = storages?.get(lun.wwid) ?? [];
	const isAbout = data?.wwid === lun.wwid;
	const reasons = isAbout ? (data.nodes[node.node]?.reasons ?? []) : [];
	const x = layout.left + (place.column + 1) * layout.cellWidth - box.scrollLeft;
	const y = line.y + layout.cellHeight - box.scrollTop;
	const isRight = x > box.clientWidth - 330;
	const isLow = y > box.clientHeight - 150;
	return (
		<div
			className={`hover-card${isRight ? " right" : ""}`}
			style={{
				...(isRight ? { right: Math.max(8, box.clientWidth - x + layout.cellWidth + 8) } : { left: x + 8 }),
				...(isLow ? { bottom: Math.max(8, box.clientHeight - y + layout.cellHeight) } : { top: y + 6 }),
			}}
		>
			<strong>{nameOf(lun)}</strong> on <strong>{shown(node.node)}</strong>
			<div className="more">
				{[lun.vendor, lun.model].flatMap((text) => (text === null ? [] : [shown(text)])).join(" ")}{" "}
				{sizeText(lun.size)}
				{above.length === 0 ? "" : ` · storage ${above.map(shown).join(", ")}`}
			</div>
			{state === null ? (
				<p>This node neither should carry the LUN nor holds a map of it.</p>
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
					{reasons.slice(0, mostReasons).map((reason) => (
						<li key={reason}>{shown(reason)}</li>
					))}
				</ul>
			)}
		</div>
	);
}
