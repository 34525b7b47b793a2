import type { Picture } from "@pathkeeper/model";
import { useFleet } from "../live/fleet-context.tsx";
import { agoText, momentText, useNow } from "../ui/age.tsx";
import { counted } from "../ui/counted.ts";
import { Notice } from "../ui/notice.tsx";
import "./freshness.css";

/** How many nodes report now: the server may answer although nodes do not report. */
export function reportingNodes({ nodes }: Pick<Picture, "nodes">) {
	const reporting = nodes.filter(({ online, multipathd }) => online === 1 && multipathd !== "unknown");
	return { reporting: reporting.length, all: nodes.length };
}

/** Whether what is shown is up to date, and how old it is. */
export function Freshness() {
	const { link, heardAt, picture, isKnown } = useFleet();
	const now = useNow();
	const age = heardAt === null ? "never" : agoText(heardAt, now);
	const exact =
		heardAt === null
			? "The server has not answered yet"
			: `Last answer of the server: ${momentText(heardAt)}`;
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

/** Says that the data are old, why, and what happens next. */
export function OldData() {
	const { link, heardAt, picture, problem, isKnown } = useFleet();
	const now = useNow();
	if (link !== "lost" && picture.problem === null) return null;
	const since =
		heardAt === null
			? ""
			: ` What is shown was true ${agoText(heardAt, now)} (${momentText(heardAt)}) and may have changed.`;
	if (link === "lost")
		return (
			<Notice kind="warning" title="The server does not answer.">
				{problem}.{isKnown ? since : ""} Nodes continue by themselves; this page retries every 2 s.
			</Notice>
		);
	return (
		<Notice kind="warning" title="The server has lost its store.">
			{picture.problem}. This is the last known state; nodes keep their maps and continue.
		</Notice>
	);
}
