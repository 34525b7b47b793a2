/**
 * Logging in. Who fails learns nothing: an unknown user, one without password, one that is disabled and a wrong
 * password take the same work, the same delay and the same words.
 */
import { isUserId, localRealm, PathkeeperError } from "@pathkeeper/model";
import { type Account, isSessionEnded, readAccount } from "@pathkeeper/store";
import type { SessionMark } from "../http/caller.ts";
import { type AccessContext, nowSeconds } from "./access-context.ts";
import { isLetIn } from "./authenticate.ts";
import type { Attempt } from "./login-limits.ts";
import { isFresh, isGenuine, openSession, parseTicket, type Session } from "./ticket.ts";

/** As pveproxy delays them (PVE::APIServer::AnyEvent); clients give up after 5 s. */
export const failedLoginDelayMs = 3000;

export interface LoginRequest {
	/** `jane@local`, or `jane` beside a realm; without any realm, the local one. */
	readonly username: string;
	readonly realm: string | undefined;
	/** The password, or a ticket of the same user that is still good. */
	readonly password: string;
	readonly from: string | null;
}

/** Throws LOGIN_FAILED, after a delay; LOGIN_LIMITED at once. */
export async function logIn(
	access: AccessContext,
	request: LoginRequest,
): Promise<Session & { user: string }> {
	const user = userOf(request);
	const account = user === null ? null : await readAccount(access.store, user);
	const renewed = account === null ? null : await sessionOf(access, account, request.password);
	// What was a ticket once is no guess at a password: a page that renews it too late must not lock its user out.
	if (renewed === "over") throw new PathkeeperError("LOGIN_FAILED");
	if (renewed === null)
		await provePassword(access, { user, account, password: request.password, from: request.from });
	// Who got here has an account: a password never fits without one.
	if (account === null) throw new PathkeeperError("LOGIN_FAILED");
	const nowS = nowSeconds(access);
	const session = renewed ?? { sinceS: nowS, id: Buffer.from(access.runtime.bytes(6)).toString("hex") };
	access.tell({ what: "login", user: account.id, from: request.from, subject: "login", detail: "" });
	return { user: account.id, ...openSession(await access.key(), account, nowS, session) };
}

/**
 * Returns when the password is that of the account, and the account is let in. Throws LOGIN_FAILED, after a delay;
 * LOGIN_LIMITED at once, when there were too many of those.
 */
export async function provePassword(
	access: AccessContext,
	attempt: {
		/** Null: a name that no user can have. */
		readonly user: string | null;
		readonly account: Account | null;
		readonly password: string;
		readonly from: string | null;
	},
): Promise<void> {
	const { user, account, password, from } = attempt;
	const known = account?.id ?? null;
	let charged: Attempt;
	try {
		charged = access.limits.charge(user, from);
	} catch (error) {
		const detail = "too many failed logins";
		access.tell({ what: "login limited", user: known, from, subject: "login", detail });
		throw error;
	}
	const { waitMs, takeBack } = charged;
	const limited = (detail: string) =>
		access.tell({ what: "login limited", user: known, from, subject: "login", detail });
	const firstWaitMs = waitMs();
	if (firstWaitMs > 0) limited(`it waits for ${firstWaitMs} ms`);
	try {
		let waited = 0;
		for (let ms = firstWaitMs; ms > 0; ms = waitMs(waited)) {
			await access.runtime.sleep(ms);
			waited += ms;
		}
	} catch (error) {
		takeBack();
		limited("it lost its place to others with fewer attempts");
		throw error;
	}
	let fits: boolean;
	try {
		fits = await access.hashing.fits(password, account?.passwordHash ?? null);
	} catch (error) {
		takeBack();
		throw error;
	}
	const letIn = account !== null && isLetIn(account, nowSeconds(access));
	if (fits && letIn) {
		takeBack();
		access.limits.succeeded(account.id, from);
		return;
	}
	const detail = account === null ? "no such user" : letIn ? "wrong password" : "disabled or expired";
	access.tell({ what: "login failed", user: known, from, subject: "login", detail });
	await access.runtime.sleep(failedLoginDelayMs);
	throw new PathkeeperError("LOGIN_FAILED");
}

function userOf({ username, realm }: LoginRequest): string | null {
	const full =
		realm !== undefined && realm !== ""
			? `${username}@${realm}`
			: username.includes("@")
				? username
				: `${username}@${localRealm}`;
	return isUserId(full) ? full : null;
}

/** The session of a ticket that was given as password; null: it is no ticket of ours, `over`: it was one. */
async function sessionOf(
	access: AccessContext,
	account: Account,
	text: string,
): Promise<SessionMark | "over" | null> {
	const ticket = parseTicket(text);
	if (ticket === null || ticket.user !== account.id) return null;
	if (!isGenuine(await access.key(), ticket, account.sessions)) return null;
	const nowS = nowSeconds(access);
	const goesOn = isFresh(ticket, nowS) && isLetIn(account, nowS);
	const isEnded = !goesOn || (await isSessionEnded(access.store, account.id, ticket.session.id));
	return isEnded ? "over" : ticket.session;
}
