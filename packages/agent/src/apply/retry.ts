import { backoffMs, type ErrorCode, PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";

const pauses = { firstMs: 5_000, longestMs: 60_000 };
/** After a refusal of the content itself, trying again helps only when something else on the host changed. */
const contentMs = 600_000;

/** The content itself was refused, by our grammar or by the real parser. */
const contentCodes: readonly ErrorCode[] = ["CONF_INVALID", "LINT_FAILED"];

/** When to try a wish again that could not be made true. Another wish is tried at once. */
export class Retry {
	readonly #clock: Clock;
	#failure: { readonly wish: string; readonly at: number; readonly tries: number } | null = null;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	isDue(wish: string): boolean {
		return this.#failure?.wish !== wish || this.#clock.monotonic() >= this.#failure.at;
	}

	succeeded(): void {
		this.#failure = null;
	}

	failed(wish: string, error: unknown): void {
		const tries = this.#failure?.wish === wish ? this.#failure.tries + 1 : 1;
		this.#failure = { wish, tries, at: this.#clock.monotonic() + pauseMs(error, tries) };
	}
}

function pauseMs(error: unknown, tries: number): number {
	const code = error instanceof PathkeeperError ? error.code : null;
	// `multipath -t` hangs over some contents, and is late on a host that is short of processors: only time tells.
	if (code === "LINT_FAILED" && isLate(error)) return backoffMs({ ...pauses, longestMs: contentMs }, tries);
	if (code !== null && contentCodes.includes(code)) return contentMs;
	// Once may be an administrator who stopped it just then; twice is the new files.
	if (code === "DAEMON_ENDED") return tries === 1 ? pauses.longestMs : contentMs;
	return backoffMs(pauses, tries);
}

function isLate(error: unknown): boolean {
	const cause = error instanceof PathkeeperError ? error.cause : null;
	return cause instanceof PathkeeperError && cause.code === "PROCESS_DEADLINE";
}
