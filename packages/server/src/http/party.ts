import { addressGroup } from "./address-group.ts";
import type { Caller } from "./caller.ts";

/** Whose share of something limited a caller takes. */
export interface Party {
	/** User or token. */
	readonly name: string;
	/** The user, also of a token: more tokens give nobody a larger share. */
	readonly owner: string;
	/** What counts as one address; `local` for the local socket. */
	readonly address: string;
}

export function partyOf({ user, holder, from }: Pick<Caller, "user" | "holder" | "from">): Party {
	return { name: user, owner: holder.user, address: addressGroup(from) };
}
