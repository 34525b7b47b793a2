/** Who makes a request. */
export interface Caller {
	/** User such as `root@local`. */
	readonly user: string;
	/** Address of the client; null for the local socket. */
	readonly from: string | null;
}

/** Everybody who can open the local socket is root on this host. */
export const localRoot: Caller = { user: "root@local", from: null };
