/**
 * Who is logged in, for all tabs of this browser. The ticket travels in a header that only this page sets, never as
 * a cookie: a request that another site makes carries nothing.
 */
import { type Capabilities, type Right, roles } from "@pathkeeper/model";

export interface Session {
	readonly user: string;
	readonly ticket: string;
	readonly cap: Capabilities;
	/** When the ticket was given, milliseconds since the epoch. */
	readonly at: number;
	/** True when the server would not take the ticket any more: the page stays, and asks for the password. */
	readonly isExpired: boolean;
}

const place = "pathkeeper-session";
/** Tickets are good for two hours; they are renewed in half that time. */
export const renewAfterMs = 60 * 60 * 1000;

let current = read();
const listeners = new Set<() => void>();

export function session(): Session | null {
	return current;
}

export function setSession(next: Session | null): void {
	current = next;
	if (next === null) localStorage.removeItem(place);
	else localStorage.setItem(place, JSON.stringify(next));
	for (const listener of listeners) listener();
}

/** The ticket that was refused is of no use; a newer one, of another tab perhaps, is. */
export function expireSession(ticket: string): void {
	if (current?.ticket === ticket && !current.isExpired) setSession({ ...current, isExpired: true });
}

export function onSession(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

addEventListener("storage", ({ key }) => {
	if (key !== place && key !== null) return;
	current = read();
	for (const listener of listeners) listener();
});

/** Whether the page should offer what needs a right; the server decides in any case. */
export function holds({ cap }: Pick<Session, "cap">, right: Right): boolean {
	return Object.values(cap).some((part) => part[right] === 1);
}

function read(): Session | null {
	try {
		const value: unknown = JSON.parse(localStorage.getItem(place) ?? "null");
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
