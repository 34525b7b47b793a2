import { lunProperties, type PictureLun, sizeText, urgency } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { ConfigAnswer } from "../api/queries.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { ActionsMenu } from "../ui/actions-menu.tsx";
import { byName } from "../ui/by-name.ts";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { type Column, List } from "../ui/list.tsx";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { arrayText, shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";

export type AllowedLun = ConfigAnswer["luns"][number];

interface Row {
	readonly lun: AllowedLun;
	/** What the fleet reports of it; undefined: nothing yet. */
	readonly now: PictureLun | undefined;
}

/** The LUNs that are allowed, with their state and settings. */
export function AllowList({
	luns,
	mayModify,
	onEdit,
	onForget,
}: {
	readonly luns: readonly AllowedLun[];
	readonly mayModify: boolean;
	readonly onEdit: (wwid: string) => void;
	readonly onForget: (lun: AllowedLun) => void;
}) {
	const { picture } = useFleet();
	const [filter, setFilter] = useState("");
	const rows = useMemo(() => {
		const reported = new Map(picture.luns.map((lun) => [lun.wwid, lun]));
		return luns.map((lun): Row => ({ lun, now: reported.get(lun.wwid) }));
	}, [luns, picture.luns]);
	if (luns.length === 0)
		return (
			<Panel title="Allowed LUNs">
				<EmptyPlace place="nothingAllowed">they are in the list below</EmptyPlace>
			</Panel>
		);
	return (
		<Panel
			title={`Allowed LUNs · ${luns.length.toLocaleString("en")}`}
			wide
			aside={
				<FilterField label="Filter allowed LUNs" count={luns.length} value={filter} onChange={setFilter} />
			}
		>
			<List
				label="Allowed LUNs"
				thing="LUN"
				rows={rows}
				keyOf={({ lun }) => lun.wwid}
				columns={columns}
				sortedBy="Alias"
				filter={{ text: filter, textOf }}
				actions={mayModify ? ({ lun }) => <LunActions lun={lun} onEdit={onEdit} onForget={onForget} /> : null}
			/>
		</Panel>
	);
}

const nameOf = ({ alias, wwid }: AllowedLun) => alias ?? wwid;

const textOf = ({ lun: { wwid, alias, comment } }: Row) => `${wwid} ${alias ?? ""} ${comment ?? ""}`;

const columns: readonly Column<Row>[] = [
	{
		head: "Alias",
		cell: ({ lun }) => (
			<Link to="/luns/$wwid" params={{ wwid: lun.wwid }}>
				{lun.alias === undefined ? "no alias" : shown(lun.alias)}
			</Link>
		),
		compare: (a, b) => byName(nameOf(a.lun), nameOf(b.lun)),
	},
	{
		head: "State",
		cell: ({ now }) => <StateWord state={now?.state ?? "unknown"} />,
		compare: (a, b) => urgency(a.now?.state ?? "unknown") - urgency(b.now?.state ?? "unknown"),
	},
	{
		head: "Size",
		kind: "number",
		cell: ({ now }) => sizeText(now?.size ?? null),
		compare: (a, b) => (a.now?.size ?? 0) - (b.now?.size ?? 0),
	},
	{
		head: "WWID",
		cell: ({ lun }) => <code>{shown(lun.wwid)}</code>,
		compare: (a, b) => byName(a.lun.wwid, b.lun.wwid),
	},
	{ head: "Array", cell: ({ now }) => arrayText(now?.vendor, now?.model, "unknown") },
	{
		head: "Settings and comment",
		cell: ({ lun }) => (
			<>
				{settingsText(lun)}
				{lun.comment === undefined ? null : <div className="more">{shown(lun.comment)}</div>}
			</>
		),
	},
];

function LunActions({
	lun,
	onEdit,
	onForget,
}: {
	readonly lun: AllowedLun;
	readonly onEdit: (wwid: string) => void;
	readonly onForget: (lun: AllowedLun) => void;
}) {
	const name = shown(nameOf(lun));
	return (
		<>
			<RowButton text="Change" label={`Change ${name}`} onClick={() => onEdit(lun.wwid)} />
			<ActionsMenu
				label={`More for ${name}`}
				actions={[{ value: "forget", text: "Forget", isDanger: true }]}
				onChoose={() => onForget(lun)}
			/>
		</>
	);
}

function settingsText(lun: AllowedLun): string {
	const own = Object.entries(lun).filter(
		([key]) => key !== "wwid" && !lunProperties.some((name) => name === key),
	);
	return [
		...(lun.nodes === undefined ? [] : [`only on ${shown(lun.nodes)}`]),
		...(lun["expected-paths"] === undefined ? [] : [`${lun["expected-paths"]} paths expected`]),
		...own.map(([key, value]) => `${key} ${shown(String(value))}`),
	].join(", ");
}
