import { sizeText, urgency } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useMemo, useState } from "react";
import type { MapAnswer } from "../api/answers.ts";
import type { PathAnswer } from "../api/queries.ts";
import { byName } from "../ui/by-name.ts";
import { counted } from "../ui/counted.ts";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { type Column, List } from "../ui/list.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import { pathStates } from "./path-states.ts";

/** Maps with their groups and paths, as a tree in a table; those with problems come first, and are open. */
export function NodeMaps({ maps, filter }: { readonly maps: readonly MapAnswer[]; readonly filter: string }) {
	const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
	const sorted = useMemo(
		() => maps.toSorted((a, b) => urgency(a.state) - urgency(b.state) || byName(a.name, b.name)),
		[maps],
	);
	const toggle = (wwid: string) => setToggled((before) => before.symmetricDifference(new Set([wwid])));
	const isOpen = ({ wwid, state }: MapAnswer) =>
		(state !== "optimal" && state !== "unmanaged") !== toggled.has(wwid);
	return (
		<List
			label="Maps of the node"
			thing="map"
			className="tree"
			rowClass="map"
			rows={sorted}
			keyOf={({ wwid }) => wwid}
			columns={columnsOf((map) => (
				<Toggle map={map} isOpen={isOpen(map)} onToggle={() => toggle(map.wwid)} />
			))}
			first={50}
			filter={{ text: filter, textOf: ({ name, wwid }) => `${name} ${wwid}` }}
			below={(map) => (isOpen(map) ? <Paths map={map} /> : null)}
			empty={
				<EmptyPlace place="noMap">
					<Link to="/config" search={{ tab: "luns" }}>
						Choose LUNs
					</Link>
				</EmptyPlace>
			}
		/>
	);
}

function columnsOf(toggle: (map: MapAnswer) => ReactNode): readonly Column<MapAnswer>[] {
	return [
		{
			head: "Map, group, path",
			kind: "tight",
			cell: (map) => (
				<>
					{toggle(map)}
					<Link to="/luns/$wwid" params={{ wwid: map.wwid }}>
						{shown(map.name)}
					</Link>
				</>
			),
			compare: (a, b) => byName(a.name, b.name),
		},
		{
			head: "State",
			cell: ({ state }) => <StateWord state={state} />,
			compare: (a, b) => urgency(a.state) - urgency(b.state),
		},
		{
			head: "Size",
			kind: "tight",
			cell: ({ size }) => sizeText(size),
			compare: (a, b) => (a.size ?? 0) - (b.size ?? 0),
		},
		{ head: "Address", kind: "tight", cell: ({ dm }) => (dm === null ? "–" : shown(dm)) },
		{ head: "Path", kind: "tight", cell: usableText },
		{
			head: "multipathd state",
			kind: "wide",
			cell: ({ users }) => (users.length === 0 ? "" : `used: ${users.map(shown).join("; ")}`),
		},
	];
}

function usableText({ groups }: MapAnswer): string {
	const paths = groups.flatMap((group) => group.paths);
	const usable = paths.filter(({ state }) => state === "usable").length;
	return `${usable} of ${counted(paths.length, "path")} usable`;
}

function Toggle({
	map,
	isOpen,
	onToggle,
}: {
	readonly map: MapAnswer;
	readonly isOpen: boolean;
	readonly onToggle: () => void;
}) {
	const onKey = (event: KeyboardEvent) => {
		if ((event.key === "ArrowRight" && !isOpen) || (event.key === "ArrowLeft" && isOpen)) onToggle();
	};
	return (
		<button
			type="button"
			className="twist"
			aria-expanded={isOpen}
			aria-label={`Paths of ${shown(map.name)}`}
			onClick={onToggle}
			onKeyDown={onKey}
		>
			<span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
		</button>
	);
}

function Paths({ map: { groups } }: { readonly map: MapAnswer }) {
	return groups.flatMap((group) => [
		<tr key={group.group} className="group">
			<td colSpan={6}>
				Group {group.group}
				{group.priority === null ? "" : `, priority ${group.priority}`}
				{group["dm-state"] === null ? "" : `, ${shown(group["dm-state"])}`}
			</td>
		</tr>,
		...group.paths.map((path) => <PathRow key={`${group.group} ${path.dev} ${path.hctl}`} path={path} />),
	]);
}

function PathRow({ path }: { readonly path: PathAnswer }) {
	const { transport } = path;
	return (
		<tr className="path">
			<td className="tight">{path.dev === "" ? "no device" : shown(path.dev)}</td>
			<td>
				<StateWord state={path.state} />
			</td>
			<td />
			<td className="tight">{path.hctl === null ? "–" : shown(path.hctl)}</td>
			<td>
				{transport === null
					? "not reported"
					: `${shown(transport.protocol)} ${shown(transport.initiator ?? "?")} → ${shown(transport.portal ?? transport.target ?? "?")}`}
			</td>
			<td className="wide">{shown(pathStates(path))}</td>
		</tr>
	);
}
