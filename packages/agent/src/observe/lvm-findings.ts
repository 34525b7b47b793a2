import { type PhysicalVolume, wholeDisk } from "@pathkeeper/host";
import type { Candidate, Finding, KernelMap } from "@pathkeeper/model";

/** What LVM of a host finds. */
export interface LvmSeen {
	/** Where nobody tells it to look: every copy of every physical volume. */
	readonly own: readonly PhysicalVolume[];
	/** On the maps alone, whatever its configuration lets it see. */
	readonly onMaps: readonly PhysicalVolume[];
}

/** What the kernel showed at that time. */
export interface Devices {
	readonly kernelMaps: readonly KernelMap[];
	readonly candidates: readonly Candidate[];
}

/** A physical volume with what stands behind its device. */
interface Copy {
	readonly device: string;
	readonly volume: PhysicalVolume;
	/** WWID of the LUN; null for a disk that is none, or has none. */
	readonly wwid: string | null;
	readonly map: KernelMap | null;
	/** True: it is one of several paths, or of a LUN that has a map. */
	readonly isPath: boolean;
}

/** What is wrong with where LVM looks: at a path instead of the map, at two copies of one volume, or past a LUN. */
export function lvmFindings({ own, onMaps }: LvmSeen, devices: Devices): Finding[] {
	const copies = own.map((volume) => copyOf(volume, devices));
	const found = new Set(own.map(({ uuid }) => uuid));
	return [
		...[
			...Map.groupBy(
				copies.filter(({ isPath }) => isPath),
				({ wwid }) => wwid,
			),
		].flatMap(([wwid, onPaths]) => (wwid === null ? [] : [rawPath(wwid, onPaths, devices)])),
		...[...Map.groupBy(copies, ({ volume }) => volume.uuid).values()].flatMap(duplicate),
		...onMaps.filter(({ uuid }) => !found.has(uuid)).flatMap((volume) => hidden(copyOf(volume, devices))),
	];
}

function copyOf(volume: PhysicalVolume, { kernelMaps, candidates }: Devices): Copy {
	const { device } = volume;
	const name = device.replace(/^\/dev\/(?:mapper\/)?/, "");
	const map = kernelMaps.find((one) => one.name === name || one.dm === name);
	if (map !== undefined) return { device, volume, wwid: map.wwid, map, isPath: false };
	const disk = wholeDisk(name);
	const over = kernelMaps.find(({ slaves }) => slaves.includes(disk));
	if (over !== undefined) return { device, volume, wwid: over.wwid, map: over, isPath: true };
	const wwid = candidates.find(({ dev }) => dev === disk)?.wwid ?? null;
	const paths = candidates.filter((other) => wwid !== null && other.wwid === wwid).length;
	return { device, volume, wwid, map: null, isPath: paths > 1 };
}

function rawPath(wwid: string, copies: readonly Copy[], { candidates }: Devices): Finding {
	const [first] = copies;
	const map = first?.map ?? null;
	const names = copies.map(({ device }) => device).join(", ");
	const group = groupWords(first?.volume.vg ?? null);
	if (map !== null) {
		const text = `LVM takes ${names}, ${copies.length === 1 ? "a single path" : "single paths"} of LUN ${wwid}, for a physical volume${group}, beside its map ${map.name}: what it activates there does not survive that path. Let LVM see maps only: devices/multipath_component_detection=1 in lvm.conf, and no path in its filter or devices file (lvmdevices --deldev).`;
		return { code: "raw-path-pv", severity: "error", subject: wwid, text };
	}
	const paths = candidates.filter((other) => other.wwid === wwid).length;
	const text = `LVM finds a physical volume${group} on ${names}: LUN ${wwid} has ${paths} paths here and no map that joins them, so what it activates is on one of them. Allow the LUN, or hide it from LVM or from this node.`;
	return { code: "raw-path-pv", severity: "warning", subject: wwid, text };
}

/** Copies on paths of one LUN are one volume, seen several times. */
function duplicate(copies: readonly Copy[]): Finding[] {
	const places = Map.groupBy(copies, ({ wwid, device }) => wwid ?? device);
	const [first] = copies;
	if (places.size < 2 || first === undefined) return [];
	const names = [...places].map(([place, [copy]]) =>
		place === copy?.device ? place : `${copy?.device} (LUN ${place})`,
	);
	const text = `${names.join(" and ")} carry the same physical volume${groupWords(first.volume.vg)} (UUID ${first.volume.uuid}): one is a copy of the other, such as a snapshot of the array. LVM uses one of them and may change the wrong one. Remove the copy from this node, or give it its own identity with vgimportclone.`;
	return [{ code: "duplicate-pv", severity: "error", subject: first.wwid, text }];
}

function hidden({ device, volume, wwid }: Copy): Finding[] {
	if (wwid === null) return [];
	const text = `LVM on this node does not scan ${device} (LUN ${wwid}), which carries a physical volume${groupWords(volume.vg)}: a filter or the devices file leaves it out (lvmdevices --adddev). vgs and lvs do not list it here; storages of Pathkeeper name their LUN and work all the same.`;
	return [{ code: "pv-hidden", severity: "info", subject: wwid, text }];
}

function groupWords(vg: string | null): string {
	return vg === null ? "" : ` of group '${vg}'`;
}
