import { sizeText } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { ActionsMenu, type MenuAction } from "../ui/actions-menu.tsx";
import { Ago } from "../ui/age.tsx";
import { byName } from "../ui/by-name.ts";
import { type Column, List } from "../ui/list.tsx";
import { Empty } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";
import type { StorageAnswer, VolumeAnswer } from "./answers.ts";
import { isOfLuns } from "./is-of-luns.ts";
import { LunOfVolume } from "./lun-of-volume.tsx";
import { baseOf, storagesOn } from "./storage-state.ts";
import type { VolumeWork } from "./volume-work.ts";

const growing: readonly Action[] = [
	{ value: "grow", text: "Grow" },
	{ value: "rename", text: "Rename" },
];
const activating: readonly Action[] = [
	{ value: "activate", text: "Activate on a node" },
	{ value: "deactivate", text: "Deactivate on a node" },
];

const removing: Action = { value: "remove", text: "Remove", isDanger: true };

type Action = MenuAction<VolumeWork>;

/** A file in a folder is there on every node that mounts it: there is nothing to activate. */
function actionsOf({ type }: StorageAnswer, { content }: VolumeAnswer): readonly Action[] {
	if (content !== "images" && content !== "rootdir") return [removing];
	return [...(type === "dir" ? [] : activating), ...growing, removing];
}

/** Volumes with their size, their guest, and the LUN that they are or are on. */
export function VolumeTable({
	storage,
	stored,
	volumes,
	filter,
	onWork,
}: {
	readonly storage: StorageAnswer;
	readonly stored: readonly StorageAnswer[];
	readonly volumes: readonly VolumeAnswer[];
	readonly filter: string;
	/** Null: the user may not, or nothing can be done with them. */
	readonly onWork: ((volume: VolumeAnswer, work: VolumeWork) => void) | null;
}) {
	const volname = ({ volid }: VolumeAnswer) => volid.slice(storage.storage.length + 1);
	return (
		<List
			label="Volumes of the storage"
			thing="volume"
			rows={volumes}
			keyOf={({ volid }) => volid}
			columns={[
				{
					head: "Volume",
					cell: (volume) => <code>{shown(volname(volume))}</code>,
					compare: (a, b) => byName(a.volid, b.volid),
				},
				...(isOfLuns(storage) ? lunColumns(storage, stored) : guestColumns(storage)),
			]}
			filter={{ text: filter, textOf: ({ volid }) => volid }}
			empty={
				<Empty title="It contains nothing yet.">
					{isOfLuns(storage)
						? "LUNs that are allowed under Configuration appear here as soon as they have a map."
						: "Volumes of guests appear here."}
				</Empty>
			}
			actions={
				onWork === null
					? null
					: (volume) => (
							<ActionsMenu
								label={`More for volume ${shown(volname(volume))}`}
								actions={actionsOf(storage, volume)}
								onChoose={(work) => onWork(volume, work)}
							/>
						)
			}
		/>
	);
}

const sizeColumn: Column<VolumeAnswer> = {
	head: "Size",
	kind: "number",
	cell: ({ size }) => <span title={`${size.toLocaleString("en")} bytes`}>{sizeText(size)}</span>,
	compare: (a, b) => a.size - b.size,
};

/** Of a storage whose volumes are LUNs. */
function lunColumns(
	{ storage }: StorageAnswer,
	stored: readonly StorageAnswer[],
): readonly Column<VolumeAnswer>[] {
	const wwidOf = ({ volid }: VolumeAnswer) => volid.slice(storage.length + 1);
	return [
		{ head: "LUN", cell: (volume) => <LunOfVolume wwid={wwidOf(volume)} /> },
		sizeColumn,
		{
			head: "Used by",
			cell: (volume) => <UsedBy stored={stored} storage={storage} wwid={wwidOf(volume)} />,
		},
	];
}

/** Of a storage whose volumes belong to guests. */
function guestColumns(storage: StorageAnswer): readonly Column<VolumeAnswer>[] {
	const lun = baseOf(storage)?.volname;
	return [
		...(lun === undefined ? [] : [{ head: "On LUN", cell: () => <LunOfVolume wwid={lun} /> }]),
		sizeColumn,
		{ head: "Kind", cell: ({ content, format }) => `${shown(content)}, ${shown(format)}` },
		{
			head: "Guest",
			cell: ({ vmid }) => vmid ?? "–",
			compare: (a, b) => Number(a.vmid ?? 0) - Number(b.vmid ?? 0),
		},
		{
			head: "Created",
			kind: "tight",
			cell: ({ ctime }) => (ctime === undefined ? "–" : <Ago at={ctime * 1000} />),
			compare: (a, b) => (a.ctime ?? 0) - (b.ctime ?? 0),
		},
	];
}

/** Storages that are built on the LUN. */
function UsedBy({
	stored,
	storage,
	wwid,
}: {
	readonly stored: readonly StorageAnswer[];
	readonly storage: string;
	readonly wwid: string;
}) {
	const above = storagesOn(stored, storage, wwid);
	if (above.length === 0) return <span className="hint">no storage</span>;
	return above.map((other, at) => (
		<span key={other.storage}>
			{at === 0 ? "" : ", "}
			<Link to="/storage/$storage" params={{ storage: other.storage }}>
				{shown(other.storage)}
			</Link>
		</span>
	));
}
