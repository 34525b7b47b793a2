import { type Picture, sizeText } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { TextInput } from "../ui/kit.ts";
import { Problem } from "../ui/problem.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { counted, shown } from "../ui/words.ts";
import type { ScannedLun, StorageAnswer } from "./answers.ts";
import { baseOf } from "./standing.ts";
import { scannedLunsQuery } from "./storage-queries.ts";

const most = 100;
const few = 8;

/** Chooses a LUN out of those that a node sees, with how well it is and what is on it. */
export function LunPicker({
	stored,
	storage,
	chosen,
	error,
	onPick,
}: {
	readonly stored: readonly StorageAnswer[];
	/** The storage that shows the LUNs. */
	readonly storage: string;
	/** WWID. */
	readonly chosen: string | null;
	readonly error: string | undefined;
	readonly onPick: (wwid: string) => void;
}) {
	const { picture } = useFleet();
	const [filter, setFilter] = useState("");
	const name = useId();
	const node = picture.nodes.find(({ online }) => online === 1)?.node ?? null;
	const scan = useQuery({ ...scannedLunsQuery(node ?? ""), enabled: node !== null });
	const luns = (scan.data ?? [])
		.filter(({ allowed }) => allowed === 1)
		.map((lun) => ({ lun, name: aliasOf(picture, lun) }))
		.filter(({ lun, name: alias }) => `${alias} ${lun.wwid}`.toLowerCase().includes(filter.toLowerCase()))
		.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
	const isLong = (scan.data?.length ?? 0) > few;
	return (
		<fieldset className="nodes-choice luns-choice">
			<legend>Base volume: the LUN</legend>
			{node === null ? <p className="hint">No node is online that could tell of LUNs.</p> : null}
			{scan.error === null ? null : <Problem what="The LUNs could not be read." error={scan.error} />}
			{scan.isFetching && scan.data === undefined ? <p className="hint">Reading …</p> : null}
			{isLong ? (
				<TextInput
					size="xs"
					aria-label="Filter LUNs"
					placeholder="Filter by alias or WWID"
					value={filter}
					onChange={(event) => setFilter(event.currentTarget.value)}
				/>
			) : null}
			{scan.data !== undefined && luns.length === 0 ? (
				<p className="hint">No allowed LUN {filter === "" ? "is seen there." : "fits the filter."}</p>
			) : null}
			{luns.slice(0, most).map(({ lun, name: alias }) => (
				<label key={lun.wwid} className="radio lun">
					<input type="radio" name={name} checked={lun.wwid === chosen} onChange={() => onPick(lun.wwid)} />
					<span className="what">
						<b>{shown(alias)}</b> {sizeText(lun.size)}{" "}
						<StateWord state={picture.luns.find(({ wwid }) => wwid === lun.wwid)?.state ?? "unknown"} />
						<span className="more">
							{counted(lun.paths, "path")} on {shown(node ?? "")}
							{onIt(lun, stored, storage).map((text) => ` · ${text}`)}
						</span>
					</span>
				</label>
			))}
			{luns.length > most ? <p className="hint">and {luns.length - most} more; use the filter</p> : null}
			{error === undefined ? null : <p className="field-error">{error}</p>}
		</fieldset>
	);
}

function aliasOf({ luns }: Picture, { wwid, name }: ScannedLun): string {
	return luns.find((lun) => lun.wwid === wwid)?.alias ?? name ?? wwid;
}

/** What speaks for something on the LUN. */
function onIt(lun: ScannedLun, stored: readonly StorageAnswer[], storage: string): readonly string[] {
	const standing = stored.filter((other) => {
		const base = baseOf(other);
		return base?.volname === lun.wwid && base.storage.toLowerCase() === storage.toLowerCase();
	});
	return [
		...standing.map((other) => `storage ${shown(other.storage)} stands on it`),
		...(lun.carries === null ? [] : [`carries ${shown(lun.carries)}`]),
		...(lun.users ?? []).map((user) => `used: ${shown(user)}`),
		...(lun.users === null ? ["what uses it is not known"] : []),
	];
}
