import { parseVolumeId } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { NativeSelect } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/words.ts";
import type { StorageAnswer } from "./answers.ts";
import { isOfLuns } from "./is-of-luns.ts";
import { LunPicker } from "./lun-picker.tsx";
import { scannedGroupsQuery } from "./storage-queries.ts";

/** What a volume group stands on: a LUN of another storage, or a group that is there already. */
export function BaseChoice({
	stored,
	group,
	base,
	error,
	onChoose,
	onGroup,
}: {
	readonly stored: readonly StorageAnswer[];
	/** Name of the group. */
	readonly group: string;
	/** ID of the chosen volume; `STORAGE:` while none is; empty: no LUN. */
	readonly base: string;
	readonly error: string | undefined;
	readonly onChoose: (base: string) => void;
	readonly onGroup: (name: string) => void;
}) {
	const shows = stored.filter(isOfLuns);
	const storage = base.slice(0, Math.max(0, base.indexOf(":")));
	return (
		<>
			<NativeSelect
				label="Base storage"
				description="The storage whose LUN the volume group stands on; without one, the group must be there"
				value={storage}
				onChange={(event) => {
					const chosen = event.currentTarget.value;
					onChoose(chosen === "" ? "" : `${chosen}:`);
				}}
				data={[
					{ value: "", label: "none: an existing volume group" },
					...shows.map((one) => ({ value: one.storage, label: shown(one.storage) })),
				]}
			/>
			{shows.length === 0 ? (
				<Notice kind="info">
					To put a volume group on a LUN, add a storage of type multipath first: its volumes are the LUNs.{" "}
					<Link to="/config" search={{ tab: "luns" }}>
						LUNs are allowed under Configuration
					</Link>
					.
				</Notice>
			) : null}
			{storage === "" ? (
				<Groups group={group} onGroup={onGroup} />
			) : (
				<LunPicker
					stored={stored}
					storage={storage}
					chosen={parseVolumeId(base)?.volname ?? null}
					error={error}
					onPick={(wwid) => onChoose(`${storage}:${wwid}`)}
				/>
			)}
		</>
	);
}

/** Volume groups that a node sees on devices of its own. */
function Groups({ group, onGroup }: { readonly group: string; readonly onGroup: (name: string) => void }) {
	const { picture } = useFleet();
	const node = picture.nodes.find(({ online }) => online === 1)?.node ?? null;
	const { data, error } = useQuery({ ...scannedGroupsQuery(node ?? ""), enabled: node !== null });
	const name = useId();
	if (error !== null)
		return <Problem what={`The volume groups of ${shown(node ?? "")} are not known.`} error={error} />;
	if (node === null || data === undefined || data.length === 0) return null;
	return (
		<fieldset className="nodes-choice">
			<legend>Volume groups that {shown(node)} sees</legend>
			<div className="row-of">
				{data.map(({ vg }) => (
					<label key={vg} className="radio">
						<input type="radio" name={name} checked={vg === group} onChange={() => onGroup(vg)} /> {shown(vg)}
					</label>
				))}
			</div>
		</fieldset>
	);
}
