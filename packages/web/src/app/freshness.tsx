import { useFleet } from "../live/fleet-context.tsx";
import { agoText, momentText, useNow } from "../ui/age.tsx";
import { Notice } from "../ui/notice.tsx";

/** Whether what is shown is true now, and how old it is. */
export function Freshness() {
	const { link, heardAt, picture, isKnown } = useFleet();
	const now = useNow();
	const age = heardAt === null ? "never" : agoText(heardAt, now);
	const exact =
		heardAt === null ? "The server was not heard yet" : `Server last heard ${momentText(heardAt)}`;
	const isOld = link === "lost" || picture.problem !== null;
	const word = isOld ? `Stale · ${age}` : link === "live" && isKnown ? "Live" : "Connecting";
	const kind = isOld ? "stale" : link === "live" && isKnown ? "live" : "connecting";
	return (
		<span className={`freshness ${kind}`} role="status" title={`${exact} (${age})`}>
			<span className="dot" aria-hidden="true" />
			{word}
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
