import { allRights, type Holder, noRights, type Rights, rootUser } from "@pathkeeper/model";

/** What a login began. */
export interface SessionMark {
	/** When the user logged in, seconds since the epoch. */
	readonly sinceS: number;
	/** Twelve hex digits that no other session of the user has. */
	readonly id: string;
}

/** Who makes a request, and what they may do. */
export interface Caller {
	/** User such as `root@local`, or token such as `root@local!name`. */
	readonly user: string;
	/** Address of the client; null for the local socket. */
	readonly from: string | null;
	readonly holder: Holder;
	/** How they proved who they are. */
	readonly via: "socket" | "ticket" | "token" | "nothing";
	/** The login that their ticket comes from; null without a ticket. */
	readonly session: SessionMark | null;
	/** What they may do, as it stood when the request came. */
	readonly rights: Rights;
	/** Who they are now, for what lasts longer than a request; null when they would be let in no more. */
	readonly current: () => Promise<Caller | null>;
}

/** Everybody who can open the local socket is root on this host. */
export const localRoot: Caller = {
	user: rootUser,
	from: null,
	holder: { user: rootUser, token: null },
	via: "socket",
	session: null,
	rights: () => allRights,
	current: async () => localRoot,
};

/** Somebody who did not say who they are: for routes that ask nothing. */
export function stranger(from: string | null): Caller {
	const caller: Caller = {
		user: "nobody",
		from,
		holder: { user: "nobody", token: null },
		via: "nothing",
		session: null,
		rights: noRights,
		current: async () => caller,
	};
	return caller;
}
