/**
 * Tickets in Proxmox VE's form, `PVE:user@realm:HEXTIME::base64`, and the tokens against cross-site requests that go
 * with them, `HEXTIME:base64`. Both are signed with HMAC-SHA-256 by the one key of the fleet, over the user, the time
 * and what stands for the user's sessions: a new password makes all older tickets worthless, without a list of them.
 */
import { createHmac, type KeyObject } from "node:crypto";
import { isUserId } from "@pathkeeper/model";
import { isSameSecret } from "@pathkeeper/store";

/** A ticket is good for that long (PVE::AccessControl, $ticket_lifetime). */
export const ticketLifetimeS = 2 * 60 * 60;
/** Servers of a fleet may disagree about the time by this much. */
const skewS = 300;

export interface Session {
	readonly ticket: string;
	/** Value for the header CSRFPreventionToken. */
	readonly csrf: string;
}

/** A ticket taken apart, not believed yet. */
export interface Ticket {
	readonly user: string;
	/** Seconds since the epoch, as eight hex digits. */
	readonly time: string;
	readonly signature: string;
}

const pattern = /^PVE:([^:\s]{1,64}):([0-9A-F]{8})::([A-Za-z0-9+/]{43}=)$/;

/** A ticket for somebody who proved to be that user. */
export function openSession(
	key: KeyObject,
	account: { readonly id: string; readonly sessions: string },
	nowS: number,
): Session {
	const time = nowS.toString(16).toUpperCase().padStart(8, "0");
	const signed = { user: account.id, time };
	return {
		ticket: `PVE:${account.id}:${time}::${signature(key, "ticket", signed, account.sessions)}`,
		csrf: `${time}:${signature(key, "csrf", signed, account.sessions)}`,
	};
}

/** Null for what has not the form of a ticket. */
export function parseTicket(text: string): Ticket | null {
	const [, user, time, signed] = pattern.exec(text) ?? [];
	if (user === undefined || time === undefined || signed === undefined || !isUserId(user)) return null;
	return { user, time, signature: signed };
}

/** Whether we made this ticket, for the sessions that its user has now. */
export function isGenuine(key: KeyObject, ticket: Ticket, sessions: string): boolean {
	return isSameSecret(ticket.signature, signature(key, "ticket", ticket, sessions));
}

/** Whether a ticket is of the last two hours. */
export function isFresh(ticket: Pick<Ticket, "time">, nowS: number): boolean {
	const ageS = nowS - Number.parseInt(ticket.time, 16);
	return ageS >= -skewS && ageS < ticketLifetimeS;
}

/**
 * Whether a token against cross-site requests was given to this user within the last two hours. With which ticket does
 * not matter, as in Proxmox VE: proxmoxer sends the new token with the old ticket at the call that renews both.
 */
export function isCsrfOf(
	key: KeyObject,
	account: { readonly id: string; readonly sessions: string },
	csrf: string,
	nowS: number,
): boolean {
	const time = csrf.slice(0, 8);
	const isOurs = isSameSecret(
		csrf,
		`${time}:${signature(key, "csrf", { user: account.id, time }, account.sessions)}`,
	);
	return isOurs && isFresh({ time }, nowS);
}

/** No part can hold a line break, so no two lists of parts give one text. */
function signature(
	key: KeyObject,
	purpose: "ticket" | "csrf",
	{ user, time }: Pick<Ticket, "user" | "time">,
	sessions: string,
): string {
	return createHmac("sha256", key).update([purpose, user, time, sessions].join("\n")).digest("base64");
}
