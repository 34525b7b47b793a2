import type { KeptGroup } from "./lun-contents.ts";
import { extentBytes, type LvmSight, type VisibleGroups } from "./visible-groups.ts";
import type { Words } from "./words.ts";

type Fields = Readonly<Record<string, string>>;

/** The JSON of `pvs`, `vgs` or `lvs`; null for another command. */
export function reportText(
	command: string,
	words: Words,
	groups: VisibleGroups,
	sight: LvmSight,
): string | null {
	const rows = rowsOf.get(command);
	if (rows === undefined) return null;
	const wanted = words.one("o").split(",");
	const [, only] = /^vg_name="(.*)"$/.exec(words.one("select")) ?? [];
	const found = groups.on(words.all("devices"));
	const all = words.has("all")
		? everyCopy(groups, sight)
		: [...found].flatMap(([wwid, group]) => rows(wwid, group, groups, found));
	const shown = all
		.filter((row) => only === undefined || row["vg_name"] === only)
		.map((row) => Object.fromEntries(wanted.map((field) => [field, row[field] ?? ""])));
	return `${JSON.stringify({ report: [{ [command.slice(0, 2)]: shown }] }, null, 2)}\n`;
}

/** As `pvs --all`: of several copies of one physical volume LVM uses the first, and calls the others duplicates. */
function everyCopy(groups: VisibleGroups, sight: LvmSight): readonly Fields[] {
	const used = new Set<string>();
	return groups.unasked(sight).flatMap(({ device, wwid }) => {
		const content = groups.contentOf(wwid);
		if (content === null || !("lvm" in content)) return [];
		const duplicate = used.has(content.lvm.pvUuid);
		used.add(content.lvm.pvUuid);
		return physicalVolumes(wwid, content.lvm, groups, new Map()).map((row) => ({
			...row,
			pv_name: device,
			pv_duplicate: duplicate ? "duplicate" : "",
		}));
	});
}

type Rows = (
	wwid: string,
	group: KeptGroup,
	groups: VisibleGroups,
	all: ReadonlyMap<string, KeptGroup>,
) => readonly Fields[];

const physicalVolumes: Rows = (wwid, group, groups, all) => {
	const extents = groups.extentsOf(wwid);
	const twins = [...all.values()].filter(({ pvUuid }) => pvUuid === group.pvUuid);
	return [
		{
			pv_name: groups.deviceOf(wwid),
			pv_uuid: group.pvUuid,
			pv_size: String(extents * extentBytes),
			pv_free: String((extents - usedExtents(group)) * extentBytes),
			vg_name: group.vg?.name ?? "",
			pv_duplicate: twins.length > 1 ? "duplicate" : "",
			pv_missing: "",
			pv_mda_size: "1044480",
			pv_mda_free: "520704",
		},
	];
};

const volumeGroups: Rows = (wwid, group, groups) => {
	if (group.vg === null) return [];
	const extents = groups.extentsOf(wwid);
	return [
		{
			vg_name: group.vg.name,
			vg_uuid: group.vg.uuid,
			vg_size: String(extents * extentBytes),
			vg_free: String((extents - usedExtents(group)) * extentBytes),
			vg_extent_size: String(extentBytes),
			lv_count: String(group.vg.volumes.length),
			vg_missing_pv_count: "0",
		},
	];
};

const logicalVolumes: Rows = (wwid, group, groups, all) => {
	const { vg } = group;
	const [ofGroup] = volumeGroups(wwid, group, groups, all);
	return (vg?.volumes ?? []).map((volume) => ({
		...ofGroup,
		vg_name: vg?.name ?? "",
		lv_name: volume.name,
		lv_uuid: volume.uuid,
		lv_size: String(volume.extents * extentBytes),
		lv_attr: groups.isActive(`${vg?.name ?? ""}/${volume.name}`) ? "-wi-a-----" : "-wi-------",
		lv_tags: volume.tags.join(","),
		lv_time: String(volume.createdAtS),
	}));
};

const rowsOf: ReadonlyMap<string, Rows> = new Map([
	["pvs", physicalVolumes],
	["vgs", volumeGroups],
	["lvs", logicalVolumes],
]);

export function usedExtents({ vg }: KeptGroup): number {
	return (vg?.volumes ?? []).reduce((sum, { extents }) => sum + extents, 0);
}
