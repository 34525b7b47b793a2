import type { KeyObject } from "node:crypto";
import { type Randomness, type Store, ticketKey } from "@pathkeeper/store";
import { HashSlots } from "./hash-slots.ts";
import { LoginLimits } from "./login-limits.ts";

/** Something about access that belongs into the log. Never holds a secret, nor a name that no user has. */
export interface AccessEvent {
	readonly what: "login" | "logout" | "login failed" | "login limited" | "refused";
	/** Null: no known user. */
	readonly user: string | null;
	readonly from: string | null;
	/** Why, in words that the client is not told. */
	readonly detail: string;
}

export interface AccessOptions {
	readonly store: Store;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly sleep: (ms: number) => Promise<void>;
	readonly random: Randomness;
	readonly tell: (event: AccessEvent) => void;
}

/** What access control of one server works with. */
export interface AccessContext extends AccessOptions {
	readonly limits: LoginLimits;
	readonly hashing: HashSlots;
	/** The key that signs tickets, read once. */
	readonly key: () => Promise<KeyObject>;
}

export function accessContext(options: AccessOptions): AccessContext {
	let key: KeyObject | null = null;
	return {
		...options,
		limits: new LoginLimits(options.now),
		hashing: new HashSlots(),
		key: async () => {
			key ??= await ticketKey(options.store, options.random);
			return key;
		},
	};
}

/** Seconds since the epoch. */
export function nowSeconds({ now }: Pick<AccessContext, "now">): number {
	return Math.floor(now() / 1000);
}
