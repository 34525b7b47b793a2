import { PathkeeperError } from "@pathkeeper/model";

/** One attempt in so long, of a user whose logins failed too often everywhere. */
const everyMs = 2_000;
/** Browsers wait for a minute. */
const longestMs = 48_000;
/** Users with a line of their own; the one that was touched longest ago is forgotten. */
const mostLines = 2_000;

interface Line {
	/** When the next attempt may be made. */
	nextAt: number;
	/** When whoever waits from a site has their turn. */
	readonly turns: Map<string, number>;
}

/**
 * Attempts that may be made one after another, slowly. Each site has one place in the line of a user, so that a
 * stranger with a few addresses makes the user wait, and does not keep them out; guesses stay below one in two seconds.
 */
export class SlowLine {
	readonly #now: () => number;
	readonly #lines = new Map<string, Line>();

	/** `now` gives milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** How long to wait for the turn, in milliseconds. Throws LOGIN_LIMITED: that site waits already, or too many do. */
	enter(user: string, site: string): number {
		const now = this.#now();
		const line = this.#lines.get(user) ?? { nextAt: now, turns: new Map<string, number>() };
		for (const [other, at] of line.turns) if (at <= now) line.turns.delete(other);
		const own = line.turns.get(site);
		if (own !== undefined) throw limited(own - now);
		// A clock that was set back must not make anybody wait for what it was.
		const at = Math.max(now, Math.min(line.nextAt, now + longestMs + everyMs));
		if (at - now > longestMs) throw limited(at - now - longestMs);
		line.turns.set(site, at);
		line.nextAt = at + everyMs;
		this.#lines.delete(user);
		this.#lines.set(user, line);
		const [oldest = ""] = this.#lines.keys();
		if (this.#lines.size > mostLines) this.#lines.delete(oldest);
		return at - now;
	}
}

function limited(waitMs: number): PathkeeperError {
	const seconds = Math.max(1, Math.ceil(waitMs / 1000));
	return new PathkeeperError("LOGIN_LIMITED", { values: { seconds }, retryAfterS: seconds });
}
