import { sizeText, urgency } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { MapAnswer } from "../api/answers.ts";
import type { PathAnswer } from "../api/queries.ts";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button } from "../ui/kit.ts";
import { Scroll } from "../ui/panel.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { counted, shown } from "../ui/words.ts";

const few = 50;

/** Maps with their groups and paths, as a tree in a table; what is in trouble stands first, and open. */
export function NodeMaps({ maps, filter }: { readonly maps: readonly MapAnswer[]; readonly filter: string }) {
	const [most, setMost] = useState(few);
	const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
	const sorted = useMemo(
		() =>
			maps
				.filter(({ name, wwid }) => `${name} ${wwid}`.toLowerCase().includes(filter.toLowerCase()))
				.sort(
					(a, b) =>
						urgency(a.state) - urgency(b.state) || a.name.localeCompare(b.name, "en", { numeric: true }),
				),
		[maps, filter],
	);
	if (maps.length === 0)
		return (
			<EmptyPlace place="noMap">
				<Link to="/config" search={{ tab: "luns" }}>
					Choose LUNs
				</Link>
			</EmptyPlace>
		);
	const toggle = (wwid: string) => setToggled((before) => before.symmetricDifference(new Set([wwid])));
	return (
		<>
			<Scroll label="Maps of the node">
				<table className="list tree">
					<TableHead columns={["Map, group, path", "State", "Size", "Address", "Way", "In their words"]} />
					<tbody>
						{sorted.slice(0, most).map((map) => {
							const opensItself = map.state !== "optimal" && map.state !== "unmanaged";
							return (
								<MapRows
									key={map.wwid}
									map={map}
									isOpen={opensItself !== toggled.has(map.wwid)}
									onToggle={() => toggle(map.wwid)}
								/>
							);
						})}
					</tbody>
				</table>
			</Scroll>
			{sorted.length > most ? (
				<Button variant="subtle" m="xs" onClick={() => setMost(most + 200)}>
					Show more of {counted(sorted.length, "map")}
				</Button>
			) : null}
			{sorted.length === 0 ? <p className="hint">None fits the filter.</p> : null}
		</>
	);
}

function MapRows({
	map,
	isOpen,
	onToggle,
}: {
	readonly map: MapAnswer;
	readonly isOpen: boolean;
	readonly onToggle: () => void;
}) {
	const paths = map.groups.flatMap((group) => group.paths);
	const usable = paths.filter(({ state }) => state === "usable").length;
	const onKey = (event: KeyboardEvent) => {
		if ((event.key === "ArrowRight" && !isOpen) || (event.key === "ArrowLeft" && isOpen)) onToggle();
	};
	return (
		<>
			<tr className="map">
				<td className="tight">
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
					<Link to="/luns/$wwid" params={{ wwid: map.wwid }}>
						{shown(map.name)}
					</Link>
				</td>
				<td>
					<StateWord state={map.state} />
				</td>
				<td className="tight">{sizeText(map.size)}</td>
				<td className="tight">{map.dm === null ? "–" : shown(map.dm)}</td>
				<td className="tight">
					{usable} of {counted(paths.length, "path")} usable
				</td>
				<td className="wide">{map.users.length === 0 ? "" : `used: ${map.users.map(shown).join("; ")}`}</td>
			</tr>
			{isOpen
				? map.groups.flatMap((group) => [
						<tr key={`${map.wwid} ${group.group}`} className="group">
							<td colSpan={6}>
								Group {group.group}
								{group.priority === null ? "" : `, priority ${group.priority}`}
								{group["dm-state"] === null ? "" : `, ${shown(group["dm-state"])}`}
							</td>
						</tr>,
						...group.paths.map((path) => (
							<PathRow key={`${map.wwid} ${group.group} ${path.dev} ${path.hctl}`} path={path} />
						)),
					])
				: null}
		</>
	);
}

function PathRow({ path }: { readonly path: PathAnswer }) {
	const { transport } = path;
	const words = [
		["checker", path["checker-state"]],
		["dm", path["dm-state"]],
		["device", path["device-state"]],
	]
		.filter(([, word]) => word !== null)
		.map(([name, word]) => `${name} ${shown(word ?? "")}`);
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
					? "not told"
					: `${shown(transport.protocol)} ${shown(transport.initiator ?? "?")} → ${shown(transport.portal ?? transport.target ?? "?")}`}
			</td>
			<td className="wide">{words.join(", ")}</td>
		</tr>
	);
}
