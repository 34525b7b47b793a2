import { PathkeeperError } from "@pathkeeper/model";
import { readAccount } from "@pathkeeper/store";
import type { Caller } from "../http/caller.ts";
import { type AccessContext, nowSeconds } from "./access-context.ts";
import { provePassword } from "./login.ts";

/** So long after a login nobody is asked for the password again. */
export const freshLoginS = 5 * 60;

const field = "confirmation-password";

/**
 * Makes sure that who holds a ticket knows the password, too: an unattended screen or a stolen ticket must not be
 * enough to take somebody's account. Whoever comes with a token or through the local socket has no password to show.
 * Throws PARAMETER_INVALID, LOGIN_LIMITED.
 */
export async function confirm(
	access: AccessContext,
	caller: Caller,
	password: string | undefined,
): Promise<void> {
	if (caller.via !== "ticket") return;
	if (password === undefined) throw refused("property is missing and it is not optional");
	const account = await readAccount(access.store, caller.user);
	try {
		await provePassword(access, { user: caller.user, account, password, from: caller.from });
	} catch (error) {
		if (!(error instanceof PathkeeperError) || error.code !== "LOGIN_FAILED") throw error;
		throw refused("authentication failure");
	}
}

/** As `confirm`, but that a login within the last minutes is enough: for what gives access that outlives a session. */
export async function confirmUnlessFresh(
	access: AccessContext,
	caller: Caller,
	password: string | undefined,
): Promise<void> {
	const { session } = caller;
	const ageS = session === null ? Number.POSITIVE_INFINITY : nowSeconds(access) - session.sinceS;
	if (caller.via === "ticket" && password === undefined && ageS >= freshLoginS)
		throw refused(
			`property is missing and it is not optional - you logged in more than ${freshLoginS / 60} minutes ago`,
		);
	if (password !== undefined || ageS >= freshLoginS) await confirm(access, caller, password);
}

function refused(text: string): PathkeeperError {
	return new PathkeeperError("PARAMETER_INVALID", { fields: { [field]: text } });
}
