import { type LogFilter, logKinds, type Picture, severities } from "@pathkeeper/model";
import { SelectField, TextField } from "../ui/fields.tsx";
import "../ui/filters.css";
import { shown } from "../ui/shown.ts";
import { LunChoice } from "./lun-choice.tsx";

/** The filter as it is in the address; what is absent or empty filters nothing. */
export interface EventsSearch {
	readonly kind?: string | undefined;
	readonly severity?: string | undefined;
	readonly node?: string | undefined;
	readonly lun?: string | undefined;
	readonly text?: string | undefined;
	/** Seconds before now. */
	readonly span?: string | undefined;
}

const kindNames: Readonly<Record<string, string>> = {
	lun: "States of LUNs",
	path: "Paths",
	node: "Nodes",
	daemon: "multipathd",
	config: "Changes of the configuration",
	access: "Users, tokens and roles",
	apply: "Applying",
	finding: "Findings",
	log: "The log itself",
};
const severityNames = {
	info: "Everything",
	warning: "Warnings and errors",
	error: "Errors only",
} as const;
const spans: readonly (readonly [label: string, seconds: number])[] = [
	["all events", 0],
	["the last hour", 3600],
	["the last day", 86_400],
	["the last 3 days", 259_200],
];

/** `now` in milliseconds since the epoch; whole minutes, so that the same filter asks the same. */
export function logFilter(
	{ kind, node = "", lun = "", severity, text = "", span }: EventsSearch,
	now: number,
): LogFilter {
	const known = logKinds.find((word) => word === kind);
	const lowest = severities.find((word) => word === severity);
	const seconds = spans.find(([, length]) => String(length) === span)?.[1] ?? 0;
	return {
		...(known === undefined ? {} : { kind: known }),
		...(node === "" ? {} : { node }),
		...(lun === "" ? {} : { lun }),
		...(lowest === undefined || lowest === "info" ? {} : { severity: lowest }),
		...(text === "" ? {} : { text: text.slice(0, 200) }),
		...(seconds === 0 ? {} : { since: Math.floor(now / 60_000) * 60_000 - seconds * 1000 }),
	};
}

export function EventFilters({
	picture,
	search: { kind = "", node = "", lun = "", severity = "info", text = "", span = "0" },
	onChange,
}: {
	readonly picture: Picture;
	readonly search: EventsSearch;
	readonly onChange: (name: keyof EventsSearch, value: string) => void;
}) {
	const put = (name: keyof EventsSearch) => (value: string) => onChange(name, value);
	return (
		<div className="filters">
			<SelectField
				label="What"
				value={kind}
				onChange={put("kind")}
				data={[
					{ value: "", label: "Everything" },
					...logKinds.map((word) => ({ value: word, label: kindNames[word] ?? word })),
				]}
			/>
			<SelectField
				label="Severity"
				value={severity}
				onChange={put("severity")}
				data={severities.map((word) => ({ value: word, label: severityNames[word] }))}
			/>
			<SelectField
				label="Node"
				value={node}
				onChange={put("node")}
				data={[
					{ value: "", label: "All nodes" },
					...picture.nodes.map((one) => ({ value: one.node, label: shown(one.node) })),
				]}
			/>
			<LunChoice luns={picture.luns} value={lun} onChange={put("lun")} />
			<TextField label="Text" placeholder="Any text, port or path" value={text} onChange={put("text")} />
			<SelectField
				label="Time"
				value={span}
				onChange={put("span")}
				data={spans.map(([label, seconds]) => ({ value: String(seconds), label }))}
			/>
		</div>
	);
}
