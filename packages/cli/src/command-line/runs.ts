import type { Session } from "../session.ts";

/** Runs the work of a command and makes its outcome the exit code of the program; what it throws is told. */
export type Run = (work: () => Promise<number>) => Promise<void>;

/**
 * The same for work that needs the daemon; a number that it gives is the exit code. `onFailure` is the exit code of
 * whatever keeps it from an answer, for commands whose lower codes are answers.
 */
export type Online = (work: (session: Session) => Promise<unknown>, onFailure?: number) => Promise<void>;

export interface DigestOption {
	readonly digest?: string;
}

/** Of a change: what it is based on, and whether its effect is waited for. */
export interface ChangeOptions extends DigestOption {
	readonly unset?: readonly string[];
	/** False with --no-wait. */
	readonly wait: boolean;
}

export const digestHelp = "refuse if the document has changed since";
export const noWaitHelp = "do not wait until the nodes have applied it";

export function digestOf({ digest }: DigestOption): DigestOption {
	return digest === undefined ? {} : { digest };
}
