import { PathkeeperError } from "@pathkeeper/model";

/** One attempt in so long, of a user whose logins failed too often everywhere. */
const everyMs = 2_000;
/** Browsers wait for a minute. */
const longestMs = 48_000;
/** A turn of a site puts it behind the sites without one for so long. */
const turnCountsMs = 10 * 60_000;
/** Users with a line of their own; the one that was touched longest ago is forgotten. */
const mostLines = 2_000;

/** A site's place in a line. */
export interface Turn {
	/**
	 * How long to wait for it yet, in milliseconds; at most zero: now. It may get later while it is waited for, so it is
	 * asked again then, with the time that was waited so far: that counts even where the clock stands still. Throws
	 * LOGIN_LIMITED when other sites took the place.
	 */
	readonly waitMs: (waitedMs?: number) => number;
}

interface WaitingSite {
	readonly site: string;
	/** How many turns the site had lately. */
	readonly turns: number;
	readonly enteredAt: number;
	/** No turn is given later than this. */
	readonly until: number;
	/** When it has its turn; null: it lost its place. */
	at: number | null;
}

interface LoginQueue {
	/** When the next attempt may be made that nobody waits for yet. */
	nextAt: number;
	/** The sites that wait, first the one that is next. */
	waiting: readonly WaitingSite[];
	/** When the sites had their turns lately, oldest first: at most one in `everyMs`. */
	had: readonly { readonly site: string; readonly at: number }[];
}

/**
 * Attempts that may be made one after another, slowly. Each site has one place in the line of a user, and a site with
 * fewer turns lately goes before those with more and takes the place of the last of them when the line is full. So
 * strangers with a few addresses make the user wait, and do not keep them out, however often they ask; guesses stay
 * below one in two seconds.
 */
export class SlowLine {
	readonly #now: () => number;
	readonly #lines = new Map<string, LoginQueue>();

	/** `now` gives milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Takes a place. Throws LOGIN_LIMITED: that site waits already, or too many do that had no more turns. */
	enter(user: string, site: string): Turn {
		const now = this.#now();
		const line = this.#lines.get(user) ?? { nextAt: now, waiting: [], had: [] };
		settle(line, now);
		const own = line.waiting.find((place) => place.site === site);
		if (own?.at != null) throw limited(own.at - now);
		const turns = line.had.filter((turn) => turn.site === site).length;
		const place: WaitingSite = { site, turns, enteredAt: now, until: now + longestMs, at: null };
		const before = line.waiting.filter((other) => other.turns <= turns);
		const behind = line.waiting.filter((other) => other.turns > turns);
		// Refused before anybody is moved: all who wait had no more turns, and theirs fill the line.
		const last = Math.max(now, line.nextAt);
		if (behind.length === 0 && last > place.until) throw limited(last - place.until);
		assign(line, [...before, place, ...behind], now);
		this.#lines.delete(user);
		this.#lines.set(user, line);
		const [oldest = ""] = this.#lines.keys();
		if (this.#lines.size > mostLines) this.#lines.delete(oldest);
		return { waitMs: (waitedMs = 0) => this.#waitMs(place, waitedMs) };
	}

	#waitMs({ at, enteredAt }: WaitingSite, waitedMs: number): number {
		const waitMs = (at ?? Number.POSITIVE_INFINITY) - Math.max(this.#now(), enteredAt + waitedMs);
		// Beyond what anybody waits: the place was lost, or the clock was set back.
		if (waitMs > longestMs) throw limited(everyMs);
		return waitMs;
	}
}

/** Notes the turns that came meanwhile. */
function settle(line: LoginQueue, now: number): void {
	const isOver = ({ at }: WaitingSite) => at !== null && at <= now;
	const over = line.waiting.flatMap(({ site, at }) => (at !== null && at <= now ? [{ site, at }] : []));
	// A clock that was set back must not make anybody wait for what it was.
	const isFarOff = line.nextAt > now + longestMs + everyMs;
	line.waiting = isFarOff ? [] : line.waiting.filter((place) => !isOver(place));
	if (isFarOff) line.nextAt = now;
	line.had = [...line.had, ...over].filter(({ at }) => at <= now && at > now - turnCountsMs);
}

/** Gives the times of those who wait, and one more, to these in their order; who would wait too long loses the place. */
function assign(line: LoginQueue, places: readonly WaitingSite[], now: number): void {
	const first = line.waiting[0]?.at ?? Math.max(now, line.nextAt);
	let at = first;
	const waiting: WaitingSite[] = [];
	for (const place of places) {
		const fits = at <= place.until;
		place.at = fits ? at : null;
		if (!fits) continue;
		waiting.push(place);
		at += everyMs;
	}
	line.waiting = waiting;
	line.nextAt = at;
}

function limited(waitMs: number): PathkeeperError {
	const seconds = Math.max(1, Math.ceil(waitMs / 1000));
	return new PathkeeperError("LOGIN_LIMITED", { seconds }, { retryAfterS: seconds });
}
