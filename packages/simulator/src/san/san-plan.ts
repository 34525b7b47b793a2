/**
 * What a simulated SAN is made of. A plan is plain data: the same plan always gives the same SAN, with the same
 * device names on the same nodes.
 */
export interface SanPlan {
	readonly arrays: readonly ArrayPlan[];
	readonly nodes: readonly NodePlan[];
}

export interface ArrayPlan {
	/** Name for people (`vega`). */
	readonly name: string;
	/** INQUIRY strings as multipathd prints them: without trailing blanks. */
	readonly vendor: string;
	readonly product: string;
	readonly revision: string;
	/** `unspec`: an emulated controller that tells nothing of its wire, such as virtio-scsi. */
	readonly protocol: "iscsi" | "fc" | "unspec";
	/** True when the array tells ALUA states: ports of the owning controller are optimized, others are not. */
	readonly alua: boolean;
	/** What multipathd's built-in table says of this product (`path_grouping_policy`, `no_path_retry`, …). */
	readonly builtIn?: Readonly<Record<string, string>>;
	readonly ports: readonly PortPlan[];
	readonly luns: readonly LunPlan[];
}

/** A port of an array: iSCSI portal or FC port. Every node with an initiator in its fabric has a session to it. */
export interface PortPlan {
	/** Unique in the SAN (`vega-a1`). */
	readonly name: string;
	readonly controller: string;
	readonly fabric: string;
	/** IQN (iSCSI) or WWPN (FC). */
	readonly target: string;
	/** WWNN (FC only). */
	readonly targetNode?: string;
	/** `address:port` (iSCSI only). */
	readonly portal?: string;
}

export interface LunPlan {
	readonly wwid: string;
	readonly sizeBytes: number;
	/** Logical unit number on every port. */
	readonly number: number;
	readonly serial?: string;
	/** Controller that owns the LUN, where the array tells ALUA states; the first one by default. */
	readonly owner?: string;
	/** What udev recognises on it (`LVM2_member`, `ext4`); nothing by default. */
	readonly carries?: string | null;
	/** Nodes it is mapped to; all by default. */
	readonly nodes?: readonly string[];
}

export interface NodePlan {
	readonly name: string;
	/** SCSI host number of the first session; 0 by default. */
	readonly firstHost?: number;
	/** Initiator of the node in each fabric that it has a port in. */
	readonly initiators: Readonly<Record<string, InitiatorPlan>>;
	/** WWID of the LUN that holds the root file system. */
	readonly rootWwid?: string;
}

export interface InitiatorPlan {
	/** IP address (iSCSI) or WWPN (FC). */
	readonly address: string;
	/** WWNN (FC only). */
	readonly node?: string;
	/** PCI address (FC only). */
	readonly adapter?: string;
}
