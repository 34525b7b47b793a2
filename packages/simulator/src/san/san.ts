import type { Clock } from "../clock.ts";
import type { Access, Disk, Fabric, Lun, PathFault, Port, Session } from "./fabric.ts";
import { SimulatedNode } from "./node.ts";
import type { ArrayPlan, LunPlan, NodePlan, SanPlan } from "./san-plan.ts";

/**
 * A SAN that lives in memory: arrays with ports in fabrics, LUNs, and nodes whose paths follow from them. Every
 * change is one call, takes effect at once on the paths it concerns, and can be taken back. Daemons notice it when
 * they would notice it on a real node: at their next check, or when a read fails.
 */
export class San {
	readonly #clock: Clock;
	readonly #fabrics = new Map<string, Fabric>();
	readonly #ports = new Map<string, Port>();
	readonly #luns = new Map<string, Lun>();
	readonly #nodes = new Map<string, SimulatedNode>();

	constructor(plan: SanPlan, clock: Clock) {
		this.#clock = clock;
		const names = plan.nodes.map((node) => node.name);
		for (const array of plan.arrays) {
			this.#addPorts(array);
			for (const lun of array.luns) this.#luns.set(lun.wwid, newLun(array, lun, names));
		}
		for (const node of plan.nodes) this.#addNode(node);
	}

	get nodes(): readonly SimulatedNode[] {
		return [...this.#nodes.values()];
	}
	get luns(): readonly Lun[] {
		return [...this.#luns.values()];
	}
	get ports(): readonly Port[] {
		return [...this.#ports.values()];
	}
	get fabrics(): readonly Fabric[] {
		return [...this.#fabrics.values()];
	}

	node(name: string): SimulatedNode {
		return found(this.#nodes.get(name), "node", name);
	}
	lun(wwid: string): Lun {
		return found(this.#luns.get(wwid), "LUN", wwid);
	}
	port(name: string): Port {
		return found(this.#ports.get(name), "port", name);
	}
	disk(node: string, dev: string): Disk {
		return found(this.node(node).disk(dev), "path", `${node}:${dev}`);
	}

	/** Something is wrong with one path of one node: `offline` is what `echo offline > device/state` does. */
	failPath(node: string, dev: string, fault: PathFault = "offline"): void {
		this.node(node).setFault(this.disk(node, dev), fault);
	}
	restorePath(node: string, dev: string): void {
		this.node(node).setFault(this.disk(node, dev), null);
	}

	/** A port of an array goes down, for every node. */
	failPort(name: string): void {
		this.#setPort(name, false);
	}
	restorePort(name: string): void {
		this.#setPort(name, true);
	}

	/** A whole fabric goes down. */
	failFabric(name: string): void {
		this.#setFabric(name, false);
	}
	restoreFabric(name: string): void {
		this.#setFabric(name, true);
	}

	/** One node loses its session to one port. */
	failSession(node: string, port: string): void {
		this.#setSession(node, port, false);
	}
	restoreSession(node: string, port: string): void {
		this.#setSession(node, port, true);
	}

	/** What a port answers when asked for its ALUA state; null: as the ownership of the LUNs says. */
	setAccess(port: string, access: Access | null): void {
		this.port(port).access = access;
		this.#touch((disk) => disk.session.port.plan.name === port);
	}

	/** The SCSI disk goes (`echo 1 > device/delete`); a rescan brings it back. */
	deletePath(node: string, dev: string): boolean {
		return this.node(node).removeDisk(dev);
	}

	/** Finds what is mapped and has no disk yet, and reads sizes again. Gives the names of new disks. */
	rescan(node: string): readonly string[] {
		const kernel = this.node(node);
		for (const disk of kernel.disks) kernel.rescanDisk(disk);
		const known = new Set(kernel.disks.map((disk) => place(disk.lun.plan.wwid, disk.session)));
		const added: string[] = [];
		for (const session of kernel.sessions)
			if (session.up && session.port.up && session.port.fabric.up)
				for (const lun of this.#visible(session.port, node))
					if (!known.has(place(lun.plan.wwid, session))) added.push(kernel.addDisk(lun, session).dev);
		return added;
	}

	/** A new LUN on an array that has ports here; nodes see it after a rescan. */
	addLun(arrayName: string, plan: LunPlan): Lun {
		const port = found(
			this.ports.find((each) => each.array.name === arrayName),
			"array",
			arrayName,
		);
		const lun = newLun(port.array, plan, [...this.#nodes.keys()]);
		this.#luns.set(plan.wwid, lun);
		return lun;
	}

	/** The array shows the LUN to a node, or to all; the nodes see it after a rescan. */
	mapLun(wwid: string, node?: string): void {
		for (const name of node === undefined ? this.#nodes.keys() : [node]) this.lun(wwid).mappedTo.add(name);
		this.#touch((disk) => disk.lun.plan.wwid === wwid);
	}
	/** The array hides the LUN; disks of it stay on the nodes and fail. */
	unmapLun(wwid: string, node?: string): void {
		for (const name of node === undefined ? this.#nodes.keys() : [node]) this.lun(wwid).mappedTo.delete(name);
		this.#touch((disk) => disk.lun.plan.wwid === wwid);
	}

	/** The array gives the LUN another size; nodes see it after a rescan, and the map after `resize map`. */
	resizeLun(wwid: string, sizeBytes: number): void {
		this.lun(wwid).sizeBytes = sizeBytes;
	}

	/** Another LUN answers behind a path that was there before. */
	changeWwid(node: string, dev: string, wwid: string): void {
		const disk = this.disk(node, dev);
		disk.wwid = wwid;
		this.node(node).touch(disk);
	}

	#addPorts(array: ArrayPlan): void {
		const controllers: string[] = [];
		for (const port of array.ports) {
			if (!controllers.includes(port.controller)) controllers.push(port.controller);
			const fabric = this.#fabrics.get(port.fabric) ?? { name: port.fabric, up: true };
			this.#fabrics.set(port.fabric, fabric);
			const group = controllers.indexOf(port.controller) + 1;
			this.#ports.set(port.name, { plan: port, array, fabric, group, up: true, access: null });
		}
	}

	#addNode(plan: NodePlan): void {
		const sessions: Session[] = [];
		for (const port of this.#ports.values()) {
			const initiator = plan.initiators[port.fabric.name];
			if (initiator === undefined) continue;
			sessions.push({ port, initiator, host: (plan.firstHost ?? 0) + sessions.length, up: true });
		}
		this.#nodes.set(plan.name, new SimulatedNode(plan, sessions, this.#clock));
		this.rescan(plan.name);
	}

	#visible(port: Port, node: string): readonly Lun[] {
		return this.luns.filter((lun) => lun.array === port.array && lun.mappedTo.has(node));
	}

	#setPort(name: string, up: boolean): void {
		this.port(name).up = up;
		this.#touch((disk) => disk.session.port.plan.name === name);
	}

	#setFabric(name: string, up: boolean): void {
		found(this.#fabrics.get(name), "fabric", name).up = up;
		this.#touch((disk) => disk.session.port.fabric.name === name);
	}

	#setSession(node: string, port: string, up: boolean): void {
		const session = this.node(node).sessions.find((each) => each.port.plan.name === port);
		const there = found(session, "session", `${node} to ${port}`);
		there.up = up;
		this.#touch((disk) => disk.session === there);
	}

	#touch(concerned: (disk: Disk) => boolean): void {
		for (const node of this.#nodes.values())
			for (const disk of node.disks) if (concerned(disk)) node.touch(disk);
	}
}

function newLun(array: ArrayPlan, plan: LunPlan, nodes: readonly string[]): Lun {
	return {
		plan,
		array,
		sizeBytes: plan.sizeBytes,
		carries: plan.carries ?? null,
		mappedTo: new Set(plan.nodes ?? nodes),
	};
}

function place(wwid: string, session: Session): string {
	return `${session.host} ${wwid}`;
}

function found<T>(thing: T | undefined, kind: string, name: string): T {
	if (thing === undefined) throw new Error(`the simulated SAN has no ${kind} '${name}'`);
	return thing;
}
