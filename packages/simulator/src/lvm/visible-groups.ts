import type { SimulatedNode } from "../san/node.ts";
import type { San } from "../san/san.ts";
import { type KeptGroup, type LunContent, lunContents } from "./lun-contents.ts";

/** As LVM makes it by default. */
export const extentBytes = 4 * 1024 * 1024;
/** Taken by label and metadata at the start of a physical volume. */
const headBytes = 1024 * 1024;

/** Which devices LVM looks at by itself, as its configuration has it. */
export interface LvmSight {
	/** Multipath maps. */
	readonly maps: boolean;
	/** Single paths too: nothing in its configuration tells them from disks. */
	readonly paths: boolean;
}

const byId = "/dev/disk/by-id/dm-uuid-mpath-";

/** What a node sees of the groups on its maps, and which volumes are active on it. */
export class VisibleGroups {
	readonly #node: SimulatedNode;
	readonly #contents: Map<string, LunContent>;
	/** By `VG/LV`: lets go of the map. */
	readonly #active = new Map<string, () => void>();

	constructor(node: SimulatedNode, san: San) {
		this.#node = node;
		this.#contents = lunContents(san);
	}

	/** WWID of the map that a device node is; null when this node has none there. */
	wwidOf(device: string): string | null {
		const map = this.#mapOf(device);
		return map?.wwid ?? null;
	}

	/** True when a read of the device waits for a path. */
	hangs(device: string): boolean {
		const map = this.#mapOf(device);
		if (map === undefined) return false;
		const reader = map.read("read by lvm");
		reader.close();
		return reader.waiting;
	}

	contentOf(wwid: string): LunContent | null {
		return this.#contents.get(wwid) ?? null;
	}

	write(wwid: string, content: LunContent): void {
		this.#contents.set(wwid, content);
	}

	/** Physical volumes among the devices, by WWID. A LUN of which no path gives data shows nothing. */
	on(devices: readonly string[]): ReadonlyMap<string, KeptGroup> {
		const found = new Map<string, KeptGroup>();
		for (const device of devices) {
			const map = this.#mapOf(device);
			if (map === undefined) continue;
			const reader = map.read("read by lvm");
			reader.close();
			const content = this.contentOf(map.wwid);
			if (reader.errors === 0 && content !== null && "lvm" in content) found.set(map.wwid, content.lvm);
		}
		return found;
	}

	/** Physical volumes that are found when nothing says where, each with its device. */
	unasked({ maps, paths }: LvmSight): readonly { readonly device: string; readonly wwid: string }[] {
		const seen = maps ? this.#node.maps.map(({ wwid }) => ({ device: this.deviceOf(wwid), wwid })) : [];
		const single = paths ? this.#node.disks.map(({ dev, wwid }) => ({ device: `/dev/${dev}`, wwid })) : [];
		return [...seen, ...single].filter(({ wwid }) => {
			const content = this.contentOf(wwid);
			return content !== null && "lvm" in content;
		});
	}

	/** The LUN of a group among the devices. */
	groupNamed(
		devices: readonly string[],
		name: string,
	): { readonly wwid: string; readonly group: KeptGroup } | null {
		for (const [wwid, group] of this.on(devices)) if (group.vg?.name === name) return { wwid, group };
		return null;
	}

	deviceOf(wwid: string): string {
		return `/dev/mapper/${this.#node.map(wwid)?.name ?? wwid}`;
	}

	extentsOf(wwid: string): number {
		return Math.floor(((this.#node.map(wwid)?.sizeBytes ?? headBytes) - headBytes) / extentBytes);
	}

	isActive(volume: string): boolean {
		return this.#active.has(volume);
	}

	/** As by the folder of the group in /dev, which is there while any volume is active in it. */
	hasActive(vg: string): boolean {
		return [...this.#active.keys()].some((volume) => volume.startsWith(`${vg}/`));
	}

	isActiveDevice(device: string): boolean {
		return device.startsWith("/dev/") && this.isActive(device.slice("/dev/".length));
	}

	activate(wwid: string, volume: string): void {
		if (this.#active.has(volume)) return;
		const letGo = this.#node.map(wwid)?.hold({ kind: "lv", words: `LV ${volume} active` });
		this.#active.set(volume, letGo ?? (() => undefined));
	}

	deactivate(volume: string): void {
		this.#active.get(volume)?.();
		this.#active.delete(volume);
	}

	#mapOf(device: string) {
		if (device.startsWith(byId)) return this.#node.map(device.slice(byId.length));
		if (device.startsWith("/dev/mapper/")) return this.#node.mapByName(device.slice("/dev/mapper/".length));
		return this.#node.maps.find(({ dm }) => device === `/dev/${dm}`);
	}
}
