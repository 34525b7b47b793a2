import { parseVolumeId } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { ChoiceBox } from "../ui/choice-box.tsx";
import { SelectField } from "../ui/fields.tsx";
import { Notice } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/shown.ts";
import type { StorageAnswer } from "./answers.ts";
import { isOfLuns } from "./is-of-luns.ts";
import { LunPicker } from "./lun-picker.tsx";
import { scannedGroupsQuery } from "./storage-queries.ts";

/** What a volume group is on: a LUN of another storage, or a group that exists already. */
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
	const lunStorages = stored.filter(isOfLuns);
	const storage = base.slice(0, Math.max(0, base.indexOf(":")));
	return (
		<>
			<SelectField
				label="Base storage"
				description="The storage whose LUN the volume group is on; without one, the group must exist already"
				value={storage}
				onChange={(chosen) => onChoose(chosen === "" ? "" : `${chosen}:`)}
				data={[
					{ value: "", label: "none: an existing volume group" },
					...lunStorages.map((one) => ({ value: one.storage, label: shown(one.storage) })),
				]}
			/>
			{lunStorages.length === 0 ? <NoLunStorage /> : null}
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

function NoLunStorage() {
	return (
		<Notice kind="info">
			To create a volume group on a LUN, add a storage of type multipath first: its volumes are the LUNs.{" "}
			<Link to="/config" search={{ tab: "luns" }}>
				LUNs are allowed under Configuration
			</Link>
			.
		</Notice>
	);
}

/** Volume groups that a node sees on devices of its own. */
function Groups({ group, onGroup }: { readonly group: string; readonly onGroup: (name: string) => void }) {
	const { picture } = useFleet();
	const node = picture.nodes.find(({ online }) => online === 1)?.node ?? null;
	const { data, error } = useQuery({ ...scannedGroupsQuery(node ?? ""), enabled: node !== null });
	const name = useId();
	if (error !== null)
		return <Problem what={`The volume groups of ${shown(node ?? "")} are unknown.`} error={error} />;
	if (node === null || data === undefined || data.length === 0) return null;
	return (
		<ChoiceBox legend={`Volume groups that ${shown(node)} sees`}>
			{data.map(({ vg }) => (
				<label key={vg} className="radio">
					<input type="radio" name={name} checked={vg === group} onChange={() => onGroup(vg)} /> {shown(vg)}
				</label>
			))}
		</ChoiceBox>
	);
}
