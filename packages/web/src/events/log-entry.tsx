import type { LogEntry, Picture } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { Ago, clockText, durationText, momentText } from "../ui/age.tsx";
import { counted } from "../ui/counted.ts";
import { shown } from "../ui/shown.ts";
import { StateMark } from "../ui/state-mark.tsx";

/** An entry of the log, also of a kind that this page does not know. */
export type ShownEntry = Omit<LogEntry, "kind"> & { readonly kind: string };

const marks = { error: "failed", warning: "degraded" } as const;

const maxLinks = 4;

/** One entry: what happened, when, and on which nodes and LUNs. */
export function Entry({
	entry,
	day,
	luns: known,
}: {
	readonly entry: ShownEntry;
	/** The day, for the first entry of one. */
	readonly day: string | null;
	readonly luns: Picture["luns"];
}) {
	const { severity, text, count, nodes, luns, details } = entry;
	return (
		<li className={`entry ${severity}${day === null ? "" : " first"}`}>
			{day === null ? null : <h3 className="day">{day}</h3>}
			<StateMark state={markOf(entry)} />
			<div className="what">
				<div>
					<span className="sr-only">{severity}: </span>
					{shown(text)}
					{count > 1 ? <b className="times"> × {count}</b> : null}
				</div>
				<div className="more">
					<When entry={entry} />
					{" · "}
					{entry.kind}
					{sourceText(entry)}
					<Links thing="node" ids={nodes}>
						{(node) => (
							<Link to="/nodes/$node" params={{ node }}>
								{shown(node)}
							</Link>
						)}
					</Links>
					<Links thing="LUN" ids={luns}>
						{(wwid) => (
							<Link to="/luns/$wwid" params={{ wwid }}>
								{shown(known.find((lun) => lun.wwid === wwid)?.alias ?? wwid)}
							</Link>
						)}
					</Links>
				</div>
				{details.length === 0 ? null : (
					<details>
						<summary>{counted(details.length, "detail")}</summary>
						<ul className="reasons">
							{details.map((detail) => (
								<li key={detail}>{shown(detail)}</li>
							))}
						</ul>
					</details>
				)}
			</div>
		</li>
	);
}

function markOf({ severity, event }: ShownEntry): string {
	if (severity !== "info") return marks[severity];
	return event === "optimal" || event === "restored" ? "optimal" : "unmanaged";
}

function When({ entry: { at, until } }: { readonly entry: ShownEntry }) {
	const exact = new Date(at).toISOString();
	return (
		<>
			<time dateTime={exact} title={`${momentText(at)}; ${exact}`}>
				{clockText(at)}
			</time>{" "}
			(<Ago at={at} />){until > at + 1000 ? ` for ${durationText((until - at) / 1000)}` : ""}
		</>
	);
}

function sourceText({ by, from, unwatchedSince }: ShownEntry): string {
	const who = by === null ? "" : ` · by ${shown(by)}${from === null ? "" : ` from ${shown(from)}`}`;
	return unwatchedSince === null
		? who
		: `${who} · while no server was watching, since ${momentText(unwatchedSince)}`;
}

/** The first few of what an entry is about, and how many more there are. */
function Links({
	thing,
	ids,
	children,
}: {
	readonly thing: string;
	readonly ids: readonly string[];
	readonly children: (id: string) => ReactNode;
}) {
	return (
		<>
			{ids.slice(0, maxLinks).map((id) => (
				<Fragment key={id}>
					{" · "}
					{children(id)}
				</Fragment>
			))}
			{ids.length > maxLinks ? ` · and ${counted(ids.length - maxLinks, `more ${thing}`)}` : ""}
		</>
	);
}
