import type { Randomness } from "@pathkeeper/model";
import type { KeptGroup, KeptVolume } from "./lun-contents.ts";
import { usedExtents } from "./reports.ts";
import { extentBytes, type VisibleGroups } from "./visible-groups.ts";
import type { Words } from "./words.ts";

/** Writes what was planned from the metadata as it was read. */
type Planned = () => void;
/** A plan, or what LVM says when it refuses. */
type PlanOf = (words: Words, groups: VisibleGroups, given: Given) => Planned | string;

/** What a change takes from outside: seconds since the epoch, and ids. */
interface Given {
	readonly nowS: number;
	readonly random: Pick<Randomness, "uuid">;
}

const pvcreate: PlanOf = (words, groups, { random }) => {
	const device = words.rest[0] ?? "";
	const wwid = groups.wwidOf(device);
	if (wwid === null) return `Cannot use ${device}: device not found`;
	const content = groups.contentOf(wwid);
	if (content !== null && !("lvm" in content))
		return "Aborted wiping; 1 existing signature left on the device.";
	if (content?.lvm.vg != null)
		return `Can't initialize physical volume "${device}" of volume group "${content.lvm.vg.name}" without -ff`;
	return () => groups.write(wwid, { lvm: { pvUuid: random.uuid(), vg: null } });
};

const vgcreate: PlanOf = (words, groups, { random }) => {
	const [name = "", device = ""] = words.rest;
	if (groups.hasActive(name)) return `/dev/${name}: already exists in filesystem`;
	const wwid = groups.wwidOf(device);
	const content = wwid === null ? null : groups.contentOf(wwid);
	if (wwid === null || content === null || !("lvm" in content))
		return `Cannot use ${device}: no physical volume`;
	if (groups.groupNamed(words.all("devices"), name) !== null)
		return `A volume group called ${name} already exists.`;
	if (content.lvm.vg !== null)
		return `Physical volume '${device}' is already in volume group '${content.lvm.vg.name}'`;
	const vg = { name, uuid: random.uuid(), volumes: [] };
	return () => groups.write(wwid, { lvm: { ...content.lvm, vg } });
};

const lvcreate: PlanOf = (words, groups, { nowS, random }) => {
	const vg = words.rest[0] ?? "";
	const name = words.one("name");
	return onGroup(words, groups, vg, (group, extents, wwid) => {
		if (group.vg?.volumes.some((volume) => volume.name === name))
			return `Logical Volume "${name}" already exists in volume group "${vg}"`;
		const asked = extentsIn(words.one("size"));
		const free = extents - usedExtents(group);
		if (asked > free)
			return `Volume group "${vg}" has insufficient free space (${free} extents): ${asked} required.`;
		const made: KeptVolume = {
			name,
			uuid: random.uuid(),
			extents: asked,
			tags: words.all("addtag"),
			createdAtS: nowS,
		};
		return {
			volumes: [...(group.vg?.volumes ?? []), made],
			after: () => groups.activate(wwid, `${vg}/${name}`),
		};
	});
};

const lvremove: PlanOf = (words, groups) =>
	onVolume(words, groups, (volumes, name, vg) => ({
		volumes: volumes.filter((volume) => volume.name !== name),
		after: () => groups.deactivate(`${vg}/${name}`),
	}));

const lvextend: PlanOf = (words, groups) =>
	onVolume(words, groups, (volumes, name, vg, free) => {
		const asked = extentsIn(words.one("size"));
		const present = volumes.find((volume) => volume.name === name)?.extents ?? 0;
		if (asked === present) return `New size (${asked} extents) matches existing size (${present} extents).`;
		if (asked < present)
			return `New size given (${asked} extents) not larger than existing size (${present} extents)`;
		if (asked - present > free)
			return `Insufficient free space: ${asked - present} extents needed, but only ${free} available in ${vg}`;
		return {
			volumes: volumes.map((volume) => (volume.name === name ? { ...volume, extents: asked } : volume)),
		};
	});

const lvrename: PlanOf = (words, groups) => {
	const [vg = "", from = "", to = ""] = words.rest;
	return onGroup(words, groups, vg, (group, _extents, wwid) => {
		const volumes = group.vg?.volumes ?? [];
		if (!volumes.some(({ name }) => name === from))
			return `Existing logical volume "${from}" not found in volume group "${vg}"`;
		if (volumes.some(({ name }) => name === to))
			return `Logical Volume "${to}" already exists in volume group "${vg}"`;
		const wasActive = groups.isActive(`${vg}/${from}`);
		return {
			volumes: volumes.map((volume) => (volume.name === from ? { ...volume, name: to } : volume)),
			after: () => {
				groups.deactivate(`${vg}/${from}`);
				if (wasActive) groups.activate(wwid, `${vg}/${to}`);
			},
		};
	});
};

const lvchange: PlanOf = (words, groups) => {
	const [vg = "", name = ""] = (words.rest[0] ?? "").split("/");
	const found = groups.groupNamed(words.all("devices"), vg);
	if (found === null) return notFound(vg);
	if (!found.group.vg?.volumes.some((volume) => volume.name === name))
		return `Failed to find logical volume "${vg}/${name}"`;
	return () => {
		if (words.one("a").endsWith("y")) groups.activate(found.wwid, `${vg}/${name}`);
		else if (words.one("a").endsWith("n")) groups.deactivate(`${vg}/${name}`);
	};
};

export const changingCommands: ReadonlyMap<string, PlanOf> = new Map([
	["pvcreate", pvcreate],
	["vgcreate", vgcreate],
	["lvcreate", lvcreate],
	["lvremove", lvremove],
	["lvextend", lvextend],
	["lvrename", lvrename],
	["lvchange", lvchange],
]);

interface NewState {
	readonly volumes: readonly KeptVolume[];
	readonly after?: () => void;
}

function onGroup(
	words: Words,
	groups: VisibleGroups,
	vg: string,
	change: (group: KeptGroup, extents: number, wwid: string) => NewState | string,
): Planned | string {
	const found = groups.groupNamed(words.all("devices"), vg);
	if (found === null || found.group.vg === null) return notFound(vg);
	const { wwid, group } = found;
	const state = change(group, groups.extentsOf(wwid), wwid);
	if (typeof state === "string") return state;
	const kept = { ...found.group.vg, volumes: state.volumes };
	return () => {
		groups.write(wwid, { lvm: { ...group, vg: kept } });
		state.after?.();
	};
}

function onVolume(
	words: Words,
	groups: VisibleGroups,
	change: (volumes: readonly KeptVolume[], name: string, vg: string, free: number) => NewState | string,
): Planned | string {
	const [vg = "", name = ""] = (words.rest[0] ?? "").split("/");
	return onGroup(words, groups, vg, (group, extents) => {
		const volumes = group.vg?.volumes ?? [];
		if (!volumes.some((volume) => volume.name === name))
			return `Failed to find logical volume "${vg}/${name}"`;
		return change(volumes, name, vg, extents - usedExtents(group));
	});
}

function extentsIn(size: string): number {
	return Math.ceil((Number.parseInt(size, 10) * 1024) / extentBytes);
}

function notFound(vg: string): string {
	return `Volume group "${vg}" not found; Cannot process volume group ${vg}`;
}
