import type { Picture } from "@pathkeeper/model";
import { useFleet } from "../live/fleet-context.tsx";
import { agoText, momentText, useNow } from "../ui/age.tsx";
import { Notice } from "../ui/notice.tsx";
import { counted } from "../ui/counted.ts";

/** How many nodes tell how they are now: the server may be heard though nodes are not. */
export function reportingNodes({ nodes }: Pick<Picture, "nodes">) {
	const reporting = nodes.filter(({ online, multipathd }) => online === 1 && multipathd !== "unknown");
	return { reporting: reporting.length, all: nodes.length };
}

/** Whether what is shown is true now, and how old it is. */
export function Freshness() {
	const { link, heardAt, picture, isKnown } = useFleet();
	const now = useNow();
	const age = heardAt === null ? "never" : agoText(heardAt, now);
	const exact =
		heardAt === null ? "The server was not heard yet" : `Server last heard ${momentText(heardAt)}`;
	const isOld = link === "lost" || picture.problem !== null;
	const { reporting, all } = reportingNodes(picture);
	const isLive = link === "live" && isKnown;
	const isPartly = isLive && !isOld && reporting < all;
	const word = isOld ? `Stale · ${age}` : isLive ? "Live" : "Connecting";
	const kind = isOld ? "stale" : isPartly ? "partly" : isLive ? "live" : "connecting";
	return (
		<span className={`freshness ${kind}`} role="status" title={`${exact} (${age})`}>
			<span className="dot" aria-hidden="true" />
			{isPartly ? (
				<>
					<span className="long">
						Live - {reporting} of {counted(all, "node")} {reporting === 1 ? "reports" : "report"}
					</span>
					<span className="short">
						Live {reporting}/{all}
					</span>
				</>
			) : (
				word
			)}
		</span>
	);
}

/** Says that the data are old, why, and what happens now. */
export function OldData() {
	const { link, heardAt, picture, problem, isKnown } = useFleet();
	const now = useNow();
	if (link !== "lost" && picture.problem === null) return null;
	const since =
		heardAt === null
			? ""
			: ` What you see was true ${agoText(heardAt, now)} (${momentText(heardAt)}) and may not be now.`;
	if (link === "lost")
		return (
			<Notice kind="warning" title="The server does not answer.">
				{problem}.{isKnown ? since : ""} Nodes go on by themselves; this page tries again every 2 s.
			</Notice>
		);
	return (
		<Notice kind="warning" title="The server has lost its store.">
			{picture.problem}. What you see is what was last known; nodes keep their maps and go on.
		</Notice>
	);
}
