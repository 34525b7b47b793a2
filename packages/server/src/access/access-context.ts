import type { KeyObject } from "node:crypto";
import type { Runtime } from "@pathkeeper/model";
import { type Argon2id, requireAudit, type Store, ticketKey } from "@pathkeeper/store";
import { WriteBudget } from "../room/write-budget.ts";
import { HashSlots } from "./hash-slots.ts";
import { LoginLimits } from "./login-limits.ts";
import { type Refusal, RefusalTally } from "./refusal-tally.ts";

/** Something about access that belongs into the log. Never holds a secret, nor a name that no user has. */
export interface AccessEvent {
	/** `refused`: it is not known who asks; `denied`: it is, and they may not. */
	readonly what: "login" | "logout" | "login failed" | "login limited" | "refused" | "denied";
	/** Null: no known user. */
	readonly user: string | null;
	readonly from: string | null;
	/** What was asked for, as `PUT /access/acl`. */
	readonly subject: string;
	/** Why, in words that the client is not told. */
	readonly detail: string;
}

export interface AccessOptions {
	readonly store: Store;
	readonly runtime: Runtime;
	/** Works out passwords off the event loop; absent: in a thread of Node. */
	readonly argon2id?: Argon2id;
	readonly tell: (event: AccessEvent) => void;
}

/** What access control of one server works with. */
export interface AccessContext extends AccessOptions {
	readonly limits: LoginLimits;
	readonly hashing: HashSlots;
	/** What of all that was told is refused goes into the audit. */
	readonly refusals: RefusalTally;
	/** What users may change through this server. */
	readonly budget: WriteBudget;
	/** The key that signs tickets, read once. */
	readonly key: () => Promise<KeyObject>;
}

export function accessContext(options: AccessOptions): AccessContext {
	let key: KeyObject | null = null;
	const { runtime } = options;
	const now = () => runtime.now();
	const store = requireAudit(options.store);
	const refusals = new RefusalTally({ runtime, store });
	return {
		...options,
		store,
		refusals,
		tell: (event) => {
			options.tell(event);
			const { what, ...about } = event;
			if (what !== "login" && what !== "logout")
				refusals.note({ ...about, what: auditWords[what], proven: what === "denied" });
		},
		limits: new LoginLimits(now),
		hashing: new HashSlots(options.argon2id),
		budget: new WriteBudget(now),
		key: async () => {
			key ??= await ticketKey(options.store, runtime);
			return key;
		},
	};
}

const auditWords: Readonly<Record<Exclude<AccessEvent["what"], "login" | "logout">, Refusal["what"]>> = {
	"login failed": "login.failed",
	"login limited": "login.limited",
	refused: "refused.credentials",
	denied: "refused.permission",
};

/** Seconds since the epoch. */
export function nowSeconds({ runtime }: Pick<AccessContext, "runtime">): number {
	return Math.floor(runtime.now() / 1000);
}
