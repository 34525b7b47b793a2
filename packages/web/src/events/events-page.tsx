import { type LogFilter, logKinds, severities } from "@pathkeeper/model";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { NativeSelect, TextInput, useDebouncedValue } from "../ui/kit.ts";
import { Panel } from "../ui/panel.tsx";
import { shown } from "../ui/words.ts";
import { LogList } from "./log-list.tsx";
import { LunChoice } from "./lun-choice.tsx";

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
	["everything that is kept", 0],
	["the last hour", 3600],
	["the last day", 86_400],
	["the last 3 days", 259_200],
];

const route = getRouteApi("/events");

/** What happened in the fleet, live. What is looked at is in the address, so that it can be passed on. */
export function EventsPage() {
	const { picture } = useFleet();
	const search = route.useSearch();
	const navigate = route.useNavigate();
	const { kind = "", node = "", lun = "", severity = "info", text = "", span = "0" } = search;
	const [words] = useDebouncedValue(text.trim(), 300);
	const filter = useMemo((): LogFilter => {
		const known = logKinds.find((word) => word === kind);
		const least = severities.find((word) => word === severity);
		const seconds = spans.find(([, length]) => String(length) === span)?.[1] ?? 0;
		return {
			...(known === undefined ? {} : { kind: known }),
			...(node === "" ? {} : { node }),
			...(lun === "" ? {} : { lun }),
			...(least === undefined || least === "info" ? {} : { severity: least }),
			...(words === "" ? {} : { text: words.slice(0, 200) }),
			...(seconds === 0 ? {} : { since: Math.floor(Date.now() / 60_000) * 60_000 - seconds * 1000 }),
		};
	}, [kind, node, lun, severity, words, span]);
	const put = (name: keyof typeof search) => (value: string) =>
		void navigate({
			search: (before) => ({ ...before, [name]: value === "" ? undefined : value }),
			replace: true,
		});
	return (
		<>
			<header className="page-head">
				<h1>Events</h1>
			</header>
			<div className="filters">
				<NativeSelect
					label="What"
					value={kind}
					onChange={(event) => put("kind")(event.currentTarget.value)}
					data={[
						{ value: "", label: "Everything" },
						...logKinds.map((word) => ({ value: word, label: kindNames[word] ?? word })),
					]}
				/>
				<NativeSelect
					label="Severity"
					value={severity}
					onChange={(event) => put("severity")(event.currentTarget.value)}
					data={severities.map((word) => ({ value: word, label: severityNames[word] }))}
				/>
				<NativeSelect
					label="Node"
					value={node}
					onChange={(event) => put("node")(event.currentTarget.value)}
					data={[
						{ value: "", label: "All nodes" },
						...picture.nodes.map((one) => ({ value: one.node, label: shown(one.node) })),
					]}
				/>
				<LunChoice luns={picture.luns} value={lun} onChange={put("lun")} />
				<TextInput
					label="Text"
					placeholder="Any text, port or path"
					value={text}
					spellCheck={false}
					onChange={(event) => put("text")(event.currentTarget.value)}
				/>
				<NativeSelect
					label="Time"
					value={span}
					onChange={(event) => put("span")(event.currentTarget.value)}
					data={spans.map(([label, seconds]) => ({ value: String(seconds), label }))}
				/>
			</div>
			<Panel title="What happened, newest first" wide>
				<LogList key={JSON.stringify(filter)} filter={filter} />
			</Panel>
		</>
	);
}
