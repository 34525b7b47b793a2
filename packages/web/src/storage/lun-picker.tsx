import { type Picture, sizeText } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { byName } from "../ui/by-name.ts";
import { ChoiceBox } from "../ui/choice-box.tsx";
import { counted } from "../ui/counted.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import type { ScannedLun, StorageAnswer } from "./answers.ts";
import { scannedLunsQuery } from "./storage-queries.ts";
import { storagesOn } from "./storage-state.ts";

const maxShown = 100;

interface Option {
	readonly lun: ScannedLun;
	readonly name: string;
	readonly state: string;
	/** What is on it. */
	readonly uses: readonly string[];
}

/** Chooses a LUN that a node sees; each is shown with its state and what is on it. */
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
	const node = picture.nodes.find(({ online }) => online === 1)?.node ?? null;
	const scan = useQuery({ ...scannedLunsQuery(node ?? ""), enabled: node !== null });
	return (
		<ChoiceBox legend="Base volume: the LUN" isTall error={error}>
			<FilterField label="Filter LUNs" count={scan.data?.length ?? 0} value={filter} onChange={setFilter} />
			{node === null ? (
				<p className="hint">No node is online that could list LUNs.</p>
			) : (
				<Loaded answer={scan} problem="The LUNs could not be read.">
					{(luns) => (
						<Options
							node={node}
							options={optionsOf(luns, picture, (lun) => usesOf(lun, stored, storage))}
							filter={filter}
							chosen={chosen}
							onPick={onPick}
						/>
					)}
				</Loaded>
			)}
		</ChoiceBox>
	);
}

/** The LUNs that are allowed, by name. */
function optionsOf(
	luns: readonly ScannedLun[],
	picture: Picture,
	uses: (lun: ScannedLun) => readonly string[],
): readonly Option[] {
	return luns
		.filter(({ allowed }) => allowed === 1)
		.map((lun): Option => {
			const known = picture.luns.find(({ wwid }) => wwid === lun.wwid);
			const name = known?.alias ?? lun.name ?? lun.wwid;
			return { lun, name, state: known?.state ?? "unknown", uses: uses(lun) };
		})
		.toSorted((a, b) => byName(a.name, b.name));
}

function Options({
	node,
	options,
	filter,
	chosen,
	onPick,
}: {
	readonly node: string;
	readonly options: readonly Option[];
	readonly filter: string;
	readonly chosen: string | null;
	readonly onPick: (wwid: string) => void;
}) {
	const group = useId();
	const words = filter.toLowerCase();
	const found = options.filter(({ name, lun }) => `${name} ${lun.wwid}`.toLowerCase().includes(words));
	if (found.length === 0)
		return <p className="hint">No allowed LUN {filter === "" ? "is seen there." : "matches the filter."}</p>;
	return (
		<>
			{found.slice(0, maxShown).map(({ lun: { wwid, size, paths }, name, state, uses }) => (
				<label key={wwid} className="radio lun">
					<input type="radio" name={group} checked={wwid === chosen} onChange={() => onPick(wwid)} />
					<span className="what">
						<b>{shown(name)}</b> {sizeText(size)} <StateWord state={state} />
						<span className="more">
							{counted(paths, "path")} on {shown(node)}
							{uses.map((text) => ` · ${text}`)}
						</span>
					</span>
				</label>
			))}
			{found.length > maxShown ? (
				<p className="hint">and {found.length - maxShown} more; use the filter</p>
			) : null}
		</>
	);
}

/** What shows that something is on the LUN. */
function usesOf(lun: ScannedLun, stored: readonly StorageAnswer[], storage: string): readonly string[] {
	return [
		...storagesOn(stored, storage, lun.wwid).map((other) => `used by storage ${shown(other.storage)}`),
		...(lun.carries === null ? [] : [`contains ${shown(lun.carries)}`]),
		...(lun.users ?? []).map((user) => `used: ${shown(user)}`),
		...(lun.users === null ? ["its use is unknown"] : []),
	];
}
