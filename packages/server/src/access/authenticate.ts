/** From what a request brings along to who makes it. Asks the store each time: who is disabled now is out now. */
import { type Holder, PathkeeperError, rightsOf, tokenIdOf } from "@pathkeeper/model";
import {
	type Account,
	isSessionEnded,
	isTokenSecret,
	readAccount,
	readAccountAndToken,
	readAcl,
} from "@pathkeeper/store";
import type { Caller, SessionMark } from "../http/caller.ts";
import { type AccessContext, nowSeconds } from "./access-context.ts";
import { type Credentials, credentialsOf, type RequestParts } from "./credentials.ts";
import { isCsrfOf, isFresh, isGenuine, parseTicket } from "./ticket.ts";

export type Authentication =
	| { readonly caller: Caller }
	| {
			/** What the client is told: the same for everything that is wrong with a ticket or token. */
			readonly failure: PathkeeperError;
			/** Whom it says to be, when there is such a user; null: there is none, or it says nothing. */
			readonly user: string | null;
			/** What log and audit are told. */
			readonly detail: string;
	  };

/** Throws only when the store does not answer or cannot be read. */
export async function authenticate(access: AccessContext, request: RequestParts): Promise<Authentication> {
	const credentials = credentialsOf(request);
	switch (credentials.kind) {
		case "none":
			return { failure: new PathkeeperError("NO_TICKET"), user: null, detail: "no ticket" };
		case "malformed":
			return failed(null, "credentials in an unknown form");
		case "ticket":
			return await byTicket(access, request, credentials);
		case "token":
			return await byToken(access, request, credentials);
	}
}

/** Whether somebody with this account may come in at all. */
export function isLetIn(account: Pick<Account, "enabled" | "expiresAtS">, nowS: number): boolean {
	return account.enabled && !isPast(account.expiresAtS, nowS);
}

async function byTicket(
	access: AccessContext,
	request: RequestParts,
	{ text, bySite }: Extract<Credentials, { kind: "ticket" }>,
): Promise<Authentication> {
	const ticket = parseTicket(text);
	if (ticket === null) return invalidTicket(null, "a ticket in an unknown form");
	const nowS = nowSeconds(access);
	const key = await access.key();
	const account = await readAccount(access.store, ticket.user);
	const user = account?.id ?? null;
	if (!isGenuine(key, ticket, account?.sessions ?? "") || account === null)
		return invalidTicket(user, "a ticket that was not issued here, or is no longer valid");
	if (!isFresh(ticket, nowS)) return invalidTicket(user, `ticket of ${account.id} expired`);
	if (await isSessionEnded(access.store, account.id, ticket.session.id))
		return invalidTicket(user, `ticket of a session that ${account.id} has ended`);
	if (!isLetIn(account, nowS)) return invalidTicket(user, `user ${account.id} is disabled or expired`);
	const changes = request.method !== "GET" && request.method !== "HEAD";
	if (bySite && changes && !isCsrfOf(key, account, request.csrf ?? "", nowS))
		return {
			failure: new PathkeeperError("CSRF_INVALID"),
			user,
			detail: `invalid csrf token of ${account.id}`,
		};
	return await callerFrom(access, request, account.id, { user: account.id, token: null }, ticket.session);
}

async function byToken(
	access: AccessContext,
	request: RequestParts,
	{ user, token: name, secret }: Extract<Credentials, { kind: "token" }>,
): Promise<Authentication> {
	const nowS = nowSeconds(access);
	const { account, token } = await readAccountAndToken(access.store, user, name);
	if (!isTokenSecret(secret, token) || account === null || token === null)
		return failed(account?.id ?? null, "invalid API token");
	const id = tokenIdOf(user, name);
	if (isPast(token.expiresAtS, nowS)) return failed(account.id, `token ${id} expired`);
	if (!isLetIn(account, nowS)) return failed(account.id, `user of token ${id} is disabled or expired`);
	return await callerFrom(access, request, id, { user, token: { name, separated: token.separated } }, null);
}

async function callerFrom(
	access: AccessContext,
	request: RequestParts,
	user: string,
	holder: Holder,
	session: SessionMark | null,
): Promise<Authentication> {
	return {
		caller: {
			user,
			from: request.from,
			holder,
			via: holder.token === null ? "ticket" : "token",
			session,
			rights: rightsOf(holder, await readAcl(access.store)),
			current: async () => {
				const again = await authenticate(access, request);
				return "caller" in again ? again.caller : null;
			},
		},
	};
}

function isPast(expiresAtS: number, nowS: number): boolean {
	return expiresAtS !== 0 && expiresAtS <= nowS;
}

/** Clients log in again at these words, and at no others (npm proxmox-api 1.1.1, ProxmoxEngine.doRequest). */
function invalidTicket(user: string | null, detail: string): Authentication {
	return { failure: new PathkeeperError("TICKET_INVALID"), user, detail };
}

function failed(user: string | null, detail: string): Authentication {
	return { failure: new PathkeeperError("AUTHENTICATION_FAILED"), user, detail };
}
