import type { HostSysfs, PathFacts } from "@pathkeeper/host";
import type { Candidate, KernelMap, Transport } from "@pathkeeper/model";
import type { Disk } from "./san/fabric.ts";
import type { SimulatedNode } from "./san/node.ts";

/** What sysfs of a simulated node shows, answered from the model in memory. */
export class SimulatedSysfs implements HostSysfs {
	readonly #node: SimulatedNode;

	constructor(node: SimulatedNode) {
		this.#node = node;
	}

	kernelMaps(): Promise<readonly KernelMap[]> {
		return Promise.resolve(
			this.#node.maps.map((map) => ({
				dm: map.dm,
				name: map.name,
				wwid: map.wwid,
				sizeBytes: map.sizeBytes,
				suspended: map.suspended,
				slaves: map.disks.map((disk) => disk.dev),
				openCount: map.openCount,
				users: map.users.map((user) => user.words),
			})),
		);
	}

	mapSizes(): Promise<ReadonlyMap<string, number>> {
		return Promise.resolve(new Map(this.#node.maps.map(({ wwid, sizeBytes }) => [wwid, sizeBytes])));
	}

	candidates(): Promise<readonly Candidate[]> {
		return Promise.resolve(
			this.#node.disks
				.filter((disk) => this.#node.holderOf(disk.dev) === undefined)
				.map((disk) => ({
					dev: disk.dev,
					wwid: disk.wwid,
					sizeBytes: disk.sizeBytes,
					vendor: disk.lun.array.vendor,
					product: disk.lun.array.product,
					hctl: disk.hctl,
					transport: transportOf(disk),
					carries: disk.lun.carries,
				})),
		);
	}

	paths(devs: readonly string[]): Promise<ReadonlyMap<string, PathFacts>> {
		const facts = new Map<string, PathFacts>();
		for (const dev of devs) {
			const disk = this.#node.disk(dev);
			if (disk === undefined) continue;
			facts.set(dev, {
				hctl: disk.hctl,
				deviceState: this.#node.condition(disk).deviceState,
				sizeBytes: disk.sizeBytes,
				transport: transportOf(disk),
			});
		}
		return Promise.resolve(facts);
	}

	foreignDmNames(): Promise<readonly string[]> {
		return Promise.resolve(this.#node.otherDmNames);
	}

	async signs(): Promise<string> {
		const disks = this.#node.disks.map(({ dev, hctl }) => [dev, hctl]);
		return JSON.stringify([await this.kernelMaps(), disks, this.#node.otherDmNames]);
	}

	rootOnMap(): Promise<string | null> {
		return Promise.resolve(this.#node.plan.rootWwid ?? null);
	}
}

function transportOf(disk: Disk): Transport {
	const { port, initiator } = disk.session;
	const { protocol } = port.array;
	if (protocol === "unspec") return { protocol: "other", initiator: null, target: null, portal: null };
	return {
		protocol,
		initiator: initiator.address,
		target: port.plan.target,
		portal: port.plan.portal ?? null,
	};
}
