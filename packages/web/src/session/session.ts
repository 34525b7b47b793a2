/**
 * Who is logged in, for all tabs of this browser. The ticket travels in a header that only this page sets, never as
 * a cookie: a request that another site makes carries nothing. Each tab keeps it for itself, so that it goes with the
 * last of them; a new tab gets it from one that is open.
 */
import { type Capabilities, type Right, roles } from "@pathkeeper/model";

export interface Session {
	readonly user: string;
	readonly ticket: string;
	readonly cap: Capabilities;
	/** When the ticket was given, milliseconds since the epoch. */
	readonly at: number;
	/** True when the server no longer accepts the ticket: the page stays, and asks for the password. */
	readonly isExpired: boolean;
}

const place = "pathkeeper-session";
/** Tickets are good for two hours; they are renewed in half that time. */
export const renewAfterMs = 60 * 60 * 1000;

/** Where earlier versions kept it, for longer than the browser is open. */
localStorage.removeItem(place);
let current = sessionFrom(sessionStorage.getItem(place));
const listeners = new Set<() => void>();
const otherTabs = new BroadcastChannel(place);
if (current === null) otherTabs.postMessage({ asks: true });

export function session(): Session | null {
	return current;
}

export function setSession(next: Session | null): void {
	take(next);
	share(next);
}

function take(next: Session | null): void {
	current = next;
	if (next === null) sessionStorage.removeItem(place);
	else sessionStorage.setItem(place, JSON.stringify(next));
	for (const listener of listeners) listener();
}

function share(now: Session | null): void {
	otherTabs.postMessage({ session: now === null ? null : JSON.stringify(now) });
}

/** The ticket that was refused is of no use; a newer one, of another tab perhaps, is. */
export function expireSession(ticket: string): void {
	if (current?.ticket === ticket && !current.isExpired) setSession({ ...current, isExpired: true });
}

export function onSession(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

otherTabs.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
	const said = new Map<string, unknown>(Object.entries(data instanceof Object ? data : {}));
	const text = said.get("session");
	if (said.get("asks") === true && current !== null) share(current);
	else if (text === null) take(null);
	else if (typeof text === "string") {
		const next = sessionFrom(text);
		// That an older ticket of another tab has ended says nothing about this tab's.
		const isOurs = current === null || current.ticket === next?.ticket || next?.isExpired === false;
		if (next !== null && isOurs) take(next);
	}
});

/** Whether the page should offer what needs a right; the server decides in any case. */
export function holds({ cap }: Pick<Session, "cap">, right: Right): boolean {
	return Object.values(cap).some((part) => part[right] === 1);
}

function sessionFrom(text: string | null): Session | null {
	try {
		const value: unknown = JSON.parse(text ?? "null");
		if (!(value instanceof Object)) return null;
		const fields = new Map<string, unknown>(Object.entries(value));
		const { user, ticket, at } = {
			user: fields.get("user"),
			ticket: fields.get("ticket"),
			at: fields.get("at"),
		};
		if (typeof user !== "string" || typeof ticket !== "string" || typeof at !== "number") return null;
		return { user, ticket, at, cap: capOf(fields.get("cap")), isExpired: fields.get("isExpired") === true };
	} catch {
		return null;
	}
}

/** What is kept in a browser is only believed as far as it says known rights. */
function capOf(value: unknown): Capabilities {
	const parts = new Map<string, unknown>(Object.entries(value instanceof Object ? value : {}));
	const part = (name: string) => {
		const given: unknown = parts.get(name);
		const held = given instanceof Object ? given : {};
		return Object.fromEntries(
			roles.Administrator.filter((right) => right in held).map((right) => [right, 1 as const]),
		);
	};
	return { dc: part("dc"), access: part("access"), nodes: part("nodes"), storage: part("storage") };
}
