import { type Picture, type PictureLun, sizeText, unpackCell } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { counted } from "../ui/counted.ts";
import { nameOf, shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import { rowSign, useLunReasons } from "./use-lun-reasons.ts";

const maxReasons = 4;
const maxNodes = 6;

/** A LUN with a problem, and the reasons. */
export function Trouble({
	lun,
	picture,
	at,
}: {
	readonly lun: PictureLun;
	readonly picture: Picture;
	/** Index of the LUN in the picture. */
	readonly at: number;
}) {
	const { data } = useLunReasons(lun.wwid, rowSign(picture, at));
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
					<p className="more">{badNodes(picture, at)}</p>
				) : (
					<ul>
						{reasons.slice(0, maxReasons).map((reason) => (
							<li key={reason}>{shown(reason)}</li>
						))}
						{reasons.length > maxReasons ? (
							<li>and {counted(reasons.length - maxReasons, "more reason")}</li>
						) : null}
					</ul>
				)}
			</div>
		</>
	);
}

function badNodes({ nodes, states }: Picture, at: number): string {
	const bad = nodes.flatMap(({ node }, column) => {
		const { state } = unpackCell(states[at * nodes.length + column] ?? 0);
		return state === null || state === "optimal" || state === "unmanaged"
			? []
			: [`${state} on ${shown(node)}`];
	});
	return bad.length > maxNodes
		? `${bad.slice(0, maxNodes).join(", ")} and on ${bad.length - maxNodes} more nodes`
		: bad.join(", ");
}
