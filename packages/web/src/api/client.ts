/** The typed client over the browser's fetch. */
import { accessRoutes, type Client, createClient, PathkeeperError, type Send } from "@pathkeeper/model";
import { pageRuntime } from "../runtime.ts";
import { expireSession, renewAfterMs, session, setSession } from "../session/session.ts";

const answerWithinMs = 60_000;

const send: Send = async ({ method, target, body }) => {
	const ticket = session()?.ticket;
	const late = new AbortController();
	const cancel = pageRuntime.schedule(answerWithinMs, () => late.abort(tooLate));
	try {
		const response = await reach(target, {
			method,
			body,
			headers: { ...authorization(), ...(body === null ? {} : { "content-type": "application/json" }) },
			signal: late.signal,
		});
		if (response.status === 401 && ticket !== undefined && target !== ticketTarget) expireSession(ticket);
		return { status: response.status, reason: response.statusText, body: await response.text() };
	} finally {
		cancel();
	}
};

const tooLate = new Error("no answer within a minute");

const ticketTarget = "/api2/json/access/ticket";

/** Headers with the ticket of the user. */
export function authorization(): Record<string, string> {
	const ticket = session()?.ticket;
	return ticket === undefined ? {} : { authorization: `PVEAuthCookie=${ticket}` };
}

/** `fetch` with a helpful message when it fails. */
async function reach(target: string, init: RequestInit): Promise<Response> {
	try {
		return await fetch(target, { ...init, credentials: "omit", cache: "no-store" });
	} catch (error) {
		const problem = error === tooLate ? tooLate.message : "no connection";
		throw new PathkeeperError("DAEMON_UNREACHABLE", { address: location.host, problem }, { cause: error });
	}
}

export const client: Client = createClient(send);

/** Logs in; the session is then that of all tabs. Throws REMOTE with the server's words. */
export async function logIn(username: string, password: string): Promise<void> {
	const {
		username: user,
		ticket,
		cap,
	} = await client.call(accessRoutes.createTicket, { username, password });
	setSession({ user, ticket, cap, at: pageRuntime.now(), isExpired: false });
}

/**
 * Logs out, here or everywhere. The session of the page ends in any case; throws when the server did not end it, so that
 * the ticket may still be good.
 */
export async function logOut({ everywhere }: { readonly everywhere: boolean }): Promise<void> {
	try {
		await client.call(accessRoutes.endSession, everywhere ? { all: 1 } : {});
	} finally {
		setSession(null);
	}
}

/** Renews the ticket before it ends, for as long as the page is open. */
export function keepSession(): void {
	pageRuntime.schedule(60_000, () => {
		keepSession();
		const now = session();
		if (now === null || now.isExpired || pageRuntime.now() - now.at < renewAfterMs) return;
		logIn(now.user, now.ticket).catch(() => undefined);
	});
}

/** True for the refusal that means: it was changed in the meantime. */
export function isConflict(error: unknown): boolean {
	return remoteCode(error) === "DIGEST_CONFLICT";
}

/** True for the refusal that means: there is no such thing. Everything else that goes wrong does not say that. */
export function isNotFound(error: unknown): boolean {
	return remoteCode(error) === "NOT_FOUND";
}

/** Code of the server's own error; null when it is none of the server's, or the server sent no code. */
function remoteCode(error: unknown): string | null {
	return error instanceof PathkeeperError ? (error.remote?.code ?? null) : null;
}
