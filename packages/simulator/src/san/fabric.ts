import type { ArrayPlan, InitiatorPlan, LunPlan, PortPlan } from "./san-plan.ts";

/** Parts of a running SAN that all nodes share. Only `San` changes them. */

export interface Fabric {
	readonly name: string;
	up: boolean;
}

/** ALUA access state of a controller's ports. */
export type Access = "optimized" | "non-optimized" | "standby" | "unavailable";

export interface Port {
	readonly plan: PortPlan;
	readonly array: ArrayPlan;
	readonly fabric: Fabric;
	/** 1-based number of the controller, told as ALUA target port group. */
	readonly group: number;
	up: boolean;
	/** Overrides what follows from who owns a LUN. */
	access: Access | null;
}

export interface Lun {
	readonly plan: LunPlan;
	readonly array: ArrayPlan;
	sizeBytes: number;
	carries: string | null;
	/** Names of the nodes that the array shows it to. */
	readonly mappedTo: Set<string>;
}

/** A node's way to a port: iSCSI session or FC remote port. */
export interface Session {
	readonly port: Port;
	readonly initiator: InitiatorPlan;
	/** SCSI host number. */
	readonly host: number;
	up: boolean;
}

/** What is wrong with one path alone; null: nothing. */
export type PathFault =
	| "offline"
	| "failing"
	| "ghost"
	| "shaky"
	| "pending"
	| "timeout"
	| "delayed"
	| "disconnected";

/** A SCSI disk on one node: one path to one LUN. */
export interface Disk {
	readonly dev: string;
	/** `major:minor`. */
	readonly devT: string;
	readonly hctl: string;
	readonly lun: Lun;
	readonly session: Session;
	/** As the node's udev has it; normally the LUN's. */
	wwid: string;
	/** As the node's kernel last read it. */
	sizeBytes: number;
	fault: PathFault | null;
}

/** How a path does at this moment. */
export interface Condition {
	/** `/sys/block/sdX/device/state`. */
	readonly deviceState: string;
	/** What a path checker would find, in the words of multipathd's `chk_st`. */
	readonly checker: string;
	/** Whether a read through it comes back with data. */
	readonly carriesIo: boolean;
}

const good: Condition = { deviceState: "running", checker: "ready", carriesIo: true };
const ghost: Condition = { deviceState: "running", checker: "ghost", carriesIo: true };
const lost: Condition = { deviceState: "transport-offline", checker: "faulty", carriesIo: false };
const offline: Condition = { deviceState: "offline", checker: "faulty", carriesIo: false };
const failing: Condition = { deviceState: "running", checker: "faulty", carriesIo: false };
const byFault: Readonly<Record<PathFault, Condition>> = {
	offline,
	failing,
	ghost,
	shaky: { deviceState: "running", checker: "shaky", carriesIo: true },
	pending: { deviceState: "running", checker: "i/o pending", carriesIo: true },
	timeout: { deviceState: "running", checker: "i/o timeout", carriesIo: false },
	delayed: { deviceState: "running", checker: "delayed", carriesIo: true },
	disconnected: { deviceState: "running", checker: "disconnected", carriesIo: false },
};

/** The worst of everything on the way decides. */
export function conditionOf(disk: Disk, node: string): Condition {
	const { session, lun } = disk;
	if (disk.fault === "offline") return offline;
	if (!session.up || !session.port.up || !session.port.fabric.up)
		return session.port.array.protocol === "unspec" ? offline : lost;
	if (!lun.mappedTo.has(node)) return failing;
	if (disk.fault !== null) return byFault[disk.fault];
	const access = accessOf(disk);
	return access === "standby" || access === "unavailable" ? ghost : good;
}

/** ALUA state of a path; null where the array tells none. */
export function accessOf(disk: Disk): Access | null {
	const { port } = disk.session;
	if (!port.array.alua) return null;
	if (port.access !== null) return port.access;
	const owner = disk.lun.plan.owner ?? port.array.ports[0]?.controller;
	return port.plan.controller === owner ? "optimized" : "non-optimized";
}
