import type { MultipathMap } from "./topology/map.ts";
import type { Transport } from "./topology/path.ts";

/**
 * What an agent saw on its node, and what it applied, at one moment. A report holds facts and no judgement:
 * verdicts are computed from it by whoever needs them (`verdict/`).
 */
export interface Report {
	readonly node: string;
	/** When the agent looked, milliseconds since the epoch, by the node's clock. */
	readonly at: number;
	/** Longest time between two looks when nothing happens, in milliseconds. */
	readonly intervalMs: number;
	/** True when host, daemon and LUNs are simulated; shown with everything derived from it. */
	readonly simulated: boolean;
	readonly agentVersion: string;
	readonly multipathd: MultipathdReport;
	/** True until the daemon was seen not busy twice after start, reconfigure or rescan: maps may still change. */
	readonly settling: boolean;
	/** What multipathd listed, with sizes and transports from sysfs. */
	readonly maps: readonly MultipathMap[];
	/**
	 * While multipathd does not answer or is settling: what it listed when it was last calm, as far as the agent saw it,
	 * in this run or an earlier one; history, and no fact of now. Absent: not known, or `maps` is current.
	 */
	readonly lastMaps?: readonly MultipathMap[];
	/** Every dm device with a multipath uuid that the kernel holds, daemon or not. */
	readonly kernelMaps: readonly KernelMap[];
	/** Block devices that could be paths but stand in no map. */
	readonly candidates: readonly Candidate[];
	/** Names of device-mapper devices that are no multipath maps: an alias must not be one of them. */
	readonly foreignDmNames: readonly string[];
	/** By WWID: the highest number of configured paths that this node saw since the map was made. */
	readonly highestPaths: Readonly<Record<string, number>>;
	readonly applied: AppliedConfig;
	readonly findings: readonly Finding[];
}

export interface MultipathdReport {
	readonly state: "running" | "not-installed" | "not-running" | "silent" | "unreadable";
	/** Why it is not `running`, in words; null when it is. */
	readonly problem: string | null;
	/** multipath-tools version such as `0.11.1`; null when not installed. */
	readonly version: string | null;
	/** Its own polling interval in seconds; null when not known. */
	readonly pollingIntervalS: number | null;
}

/** A multipath map as the kernel shows it in sysfs, without asking the daemon. */
export interface KernelMap {
	/** `dm-N`. */
	readonly dm: string;
	readonly name: string;
	readonly wwid: string;
	readonly sizeBytes: number;
	readonly suspended: boolean;
	/** Kernel names of the paths below (`sda`). */
	readonly slaves: readonly string[];
	/**
	 * The kernel's open count; null when device-mapper could not be asked, and then `users` says so in a line of
	 * its own: an unknown user counts as a user. An idle partition mapping opens the map too and is no user.
	 */
	readonly openCount: number | null;
	/**
	 * Who stands on it, in words a person can act on: `mounted on /srv`, `LV vg0/data (dm-7) active`,
	 * `held open by kvm (process 4711)`. The map is free exactly when this is empty.
	 */
	readonly users: readonly string[];
}

/** A block device that no map holds: a path of a LUN that nobody allowed yet, or one left alone on purpose. */
export interface Candidate {
	readonly dev: string;
	readonly wwid: string | null;
	readonly sizeBytes: number;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly hctl: string | null;
	readonly transport: Transport | null;
	/** What is on it, from udev: `LVM2_member`, `ext4`, `gpt`; null when nothing was recognised. */
	readonly carries: string | null;
}

/** Which config documents the node runs, read back from the host. */
export interface AppliedConfig {
	readonly state: "applied" | "pending" | "failed";
	/** SHA-1 of the `multipath.cfg` that was last applied whole; null before the first time. */
	readonly configDigest: string | null;
	readonly overridesDigest: string | null;
	/** Milliseconds since the epoch; null before the first time. */
	readonly at: number | null;
	/** In words, when `failed`. */
	readonly error: string | null;
}

/** Something an administrator should know about a node that is not a path state. */
export interface Finding {
	/** Stable name, kebab-case: `unknown-keyword`, `drift-file`, `blacklisted-by-rule`, … */
	readonly code: string;
	readonly severity: "info" | "warning" | "error";
	/** WWID, file or keyword that it is about; null when it is about the node. */
	readonly subject: string | null;
	/** What is so, where, and what to do. */
	readonly text: string;
}
