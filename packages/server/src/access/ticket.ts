/**
 * Tickets in Proxmox VE's form, `PVE:user@realm:HEXTIME::base64`, and the tokens against cross-site requests that go
 * with them, `HEXTIME:base64`. Both are signed with HMAC-SHA-256 by the one key of the fleet, over the user, the time
 * and what stands for the user's sessions: a new password makes all older tickets worthless, without a list of them.
 * The base64 of a ticket holds, before its signature, when its user logged in (four bytes, seconds since the epoch) and
 * which session that began (six bytes): a renewed ticket is of the same session.
 */
import { createHmac, type KeyObject } from "node:crypto";
import { isUserId } from "@pathkeeper/model";
import { isSameSecret } from "@pathkeeper/store";
import type { SessionMark } from "../http/caller.ts";

/** A ticket is good for that long (PVE::AccessControl, $ticket_lifetime). */
export const ticketLifetimeS = 2 * 60 * 60;
/** A session ends so long after its login, however often its ticket was renewed. */
export const sessionLifetimeS = 12 * 60 * 60;
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
	readonly session: SessionMark;
	/** Mark and signature, as they stand in the ticket. */
	readonly sealed: string;
}

/** Ten bytes of the mark and 32 of the signature: base64 of them has no padding, so one text only. */
const pattern = /^PVE:([^:\s]{1,64}):([0-9A-F]{8})::([A-Za-z0-9+/]{56})$/;
const markBytes = 10;

/** A ticket for somebody who proved to be that user, or who renews an earlier one of the same session. */
export function openSession(
	key: KeyObject,
	account: { readonly id: string; readonly sessions: string },
	nowS: number,
	session: SessionMark,
): Session {
	const time = hexOf(nowS);
	const signed = { user: account.id, time };
	return {
		ticket: `PVE:${account.id}:${time}::${sealOf(key, { ...signed, session }, account.sessions)}`,
		csrf: `${time}:${signature(key, "csrf", signed, account.sessions).toString("base64")}`,
	};
}

/** Null for what has not the form of a ticket. */
export function parseTicket(text: string): Ticket | null {
	const [, user, time, sealed] = pattern.exec(text) ?? [];
	if (user === undefined || time === undefined || sealed === undefined || !isUserId(user)) return null;
	const mark = Buffer.from(sealed, "base64").subarray(0, markBytes);
	const session = { sinceS: mark.readUInt32BE(0), id: mark.toString("hex", 4) };
	return { user, time, session, sealed };
}

/** Whether we made this ticket, for the sessions that its user has now. */
export function isGenuine(key: KeyObject, ticket: Ticket, sessions: string): boolean {
	return isSameSecret(ticket.sealed, sealOf(key, ticket, sessions));
}

/** Whether a ticket is of the last two hours, and its session of the last twelve. */
export function isFresh({ time, session }: Pick<Ticket, "time" | "session">, nowS: number): boolean {
	return isWithin(Number.parseInt(time, 16), ticketLifetimeS, nowS) && isOngoing(session, nowS);
}

/** Whether a session began lately enough to go on. */
export function isOngoing({ sinceS }: SessionMark, nowS: number): boolean {
	return isWithin(sinceS, sessionLifetimeS, nowS);
}

function isWithin(fromS: number, lifetimeS: number, nowS: number): boolean {
	const ageS = nowS - fromS;
	return ageS >= -skewS && ageS < lifetimeS;
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
		`${time}:${signature(key, "csrf", { user: account.id, time }, account.sessions).toString("base64")}`,
	);
	return isOurs && isWithin(Number.parseInt(time, 16), ticketLifetimeS, nowS);
}

function sealOf(
	key: KeyObject,
	{ user, time, session }: Pick<Ticket, "user" | "time" | "session">,
	sessions: string,
): string {
	const mark = Buffer.from(`${hexOf(session.sinceS)}${session.id}`, "hex");
	const signed = signature(key, "ticket", { user, time }, sessions, mark.toString("hex"));
	return Buffer.concat([mark, signed]).toString("base64");
}

/** No part can hold a line break, so no two lists of parts give one text. */
function signature(
	key: KeyObject,
	purpose: "ticket" | "csrf",
	{ user, time }: Pick<Ticket, "user" | "time">,
	sessions: string,
	mark = "",
): Buffer {
	return createHmac("sha256", key).update([purpose, user, time, sessions, mark].join("\n")).digest();
}

function hexOf(seconds: number): string {
	return seconds.toString(16).toUpperCase().padStart(8, "0");
}
