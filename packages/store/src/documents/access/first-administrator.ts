import { PathkeeperError, type Randomness, type Runtime, rootUser } from "@pathkeeper/model";
import type { Store } from "../../store.ts";
import { readAccount } from "./account.ts";
import { hashPassword } from "./password-hash.ts";
import { createUser } from "./users.ts";

/** 32 characters that are not taken for each other, so five bits of a byte choose one. */
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

/**
 * Makes root@local in a store that does not know it, with a random password of 100 bits that is given back once and
 * kept nowhere: print it, or it is lost and the local socket has to set another. Null when root@local is there.
 */
export async function makeFirstAdministrator(
	store: Store,
	runtime: Pick<Runtime, "now" | "bytes" | "uuid">,
): Promise<{ readonly user: string; readonly password: string } | null> {
	if ((await readAccount(store, rootUser)) !== null) return null;
	const password = randomPassword(runtime);
	const user = {
		id: rootUser,
		comment: "first administrator",
		passwordHash: await hashPassword(password, runtime),
	};
	try {
		await createUser(store, user, { by: "pathkeeper", from: null, at: runtime.now(), random: runtime });
		return { user: rootUser, password };
	} catch (error) {
		// Another server of the fleet was first, and printed its own.
		if (error instanceof PathkeeperError && error.code === "ALREADY_EXISTS") return null;
		throw error;
	}
}

function randomPassword(random: Pick<Randomness, "bytes">): string {
	const letters = Array.from(random.bytes(20), (byte) => alphabet.charAt(byte % alphabet.length));
	return letters.join("").replace(/(.{5})(?=.)/g, "$1-");
}
