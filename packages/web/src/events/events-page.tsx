import { logKinds } from "@pathkeeper/model";
import { useMemo, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { NativeSelect } from "../ui/kit.ts";
import { Panel } from "../ui/panel.tsx";
import { shown } from "../ui/words.ts";
import { type LogFilter, LogList } from "./log-list.tsx";

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
const spans: readonly (readonly [string, number])[] = [
	["everything that is kept", 0],
	["the last hour", 3600],
	["the last day", 86_400],
	["the last 3 days", 259_200],
];

/** What happened in the fleet, live. */
export function EventsPage() {
	const { picture } = useFleet();
	const [kind, setKind] = useState("");
	const [node, setNode] = useState("");
	const [lun, setLun] = useState("");
	const [span, setSpan] = useState("0");
	const filter = useMemo((): LogFilter => {
		const known = logKinds.find((word) => word === kind);
		const seconds = Number(span);
		return {
			...(known === undefined ? {} : { kind: known }),
			...(node === "" ? {} : { node }),
			...(lun === "" ? {} : { lun }),
			...(seconds === 0 ? {} : { since: Math.floor(Date.now() / 60_000) * 60_000 - seconds * 1000 }),
		};
	}, [kind, node, lun, span]);
	return (
		<>
			<header className="page-head">
				<h1>Events</h1>
			</header>
			<div className="filters">
				<NativeSelect
					label="What"
					value={kind}
					onChange={(event) => setKind(event.currentTarget.value)}
					data={[
						{ value: "", label: "Everything" },
						...logKinds.map((word) => ({ value: word, label: kindNames[word] ?? word })),
					]}
				/>
				<NativeSelect
					label="Node"
					value={node}
					onChange={(event) => setNode(event.currentTarget.value)}
					data={[
						{ value: "", label: "All nodes" },
						...picture.nodes.map((one) => ({ value: one.node, label: shown(one.node) })),
					]}
				/>
				<NativeSelect
					label="LUN"
					value={lun}
					onChange={(event) => setLun(event.currentTarget.value)}
					data={[
						{ value: "", label: "All LUNs" },
						...picture.luns
							.slice(0, 1000)
							.map(({ wwid, alias }) => ({ value: wwid, label: shown(alias ?? wwid) })),
					]}
				/>
				<NativeSelect
					label="Time"
					value={span}
					onChange={(event) => setSpan(event.currentTarget.value)}
					data={spans.map(([label, seconds]) => ({ value: String(seconds), label }))}
				/>
			</div>
			<Panel title="What happened, newest first" wide>
				<LogList key={JSON.stringify(filter)} filter={filter} />
			</Panel>
		</>
	);
}
