/**
 * One path of a map, in the words of multipathd and the kernel. Nothing here is judged yet: the words are kept
 * as they were said, so that a word nobody knows can be shown and is never taken for a healthy one.
 */
export interface Path {
	/** Kernel name such as `sdb`; empty when the device is gone and no name is left. */
	readonly dev: string;
	/** `major:minor`, or null when not told. */
	readonly devT: string | null;
	/** SCSI address `host:channel:target:lun`, NVMe `subsystem:controller:namespace`; null when not told (JSON carries none). */
	readonly hctl: string | null;
	/** What the kernel's multipath target holds: `active`, `failed`, `undef`. */
	readonly dmState: string | null;
	/** What the block device's own state file says: `running`, `offline`, `live`, … */
	readonly deviceState: string | null;
	/** What the path checker last found: `ready`, `faulty`, `ghost`, … */
	readonly checkerState: string | null;
	/** Name of the checker: `tur`, `directio`, … */
	readonly checker: string | null;
	/** Priority as the prioritizer gave it; null when unknown (multipathd says -1). */
	readonly priority: number | null;
	/** True when multipathd set the path aside as marginal. */
	readonly marginal: boolean;
	/** ANA state of an NVMe path (`optimized`, `inaccessible`, …); null elsewhere. */
	readonly anaState: string | null;
	/** How the path reaches the array; null when it was not looked up. */
	readonly transport: Transport | null;
}

/** The wire between host and array, as far as sysfs or multipathd tells. Every text here is chosen by a target. */
export interface Transport {
	readonly protocol: "iscsi" | "fc" | "sas" | "nvme" | "usb" | "other";
	/** Initiator side: IP address (iSCSI), WWPN (FC), SAS address. */
	readonly initiator: string | null;
	/** Target side: IQN (iSCSI), WWPN (FC), SAS address, NQN. */
	readonly target: string | null;
	/** iSCSI portal `address:port`, or NVMe transport address. */
	readonly portal: string | null;
}
