/** The iSCSI initiator of one host. */
export interface Iscsi {
	/**
	 * Asks a portal which targets it knows (SendTargets), and writes nothing down: no record is left that a boot would
	 * log in to. Throws PARAMETER_INVALID for a portal that is none, and ISCSI_FAILED when open-iscsi is not installed,
	 * or when the portal is not reached, does not answer, refuses, or says what cannot be read.
	 */
	discover(portal: string, options?: IscsiCall): Promise<readonly DiscoveredTarget[]>;
}

export interface IscsiCall {
	readonly deadlineMs?: number;
	readonly signal?: AbortSignal | undefined;
}

/** A target through one of its portals; a target of many portals comes once for each. */
export interface DiscoveredTarget {
	/** Its name (`iqn.…`, `eui.…`, `naa.…`). */
	readonly target: string;
	/** `address:port`. */
	readonly portal: string;
}
