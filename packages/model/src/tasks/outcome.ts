/**
 * What became of a task, as data. It goes whole from the agent over the store and the server to the client; the exit
 * text of Proxmox VE is made from it and is for people and for clients of Proxmox VE.
 */
import { type Static, Type } from "typebox";
import { type ErrorCode, isErrorCode, messageOf, PathkeeperError, ReceivedError } from "../errors.ts";

const failure = {
	code: Type.String({ description: "code of the error table of the agent's version" }),
	values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
	text: Type.String(),
};

export const outcomeSchema = Type.Union([
	Type.Object({ kind: Type.Literal("done") }),
	/** Nothing was begun. */
	Type.Object({ kind: Type.Literal("refused"), ...failure }),
	/** Something may have been begun. */
	Type.Object({ kind: Type.Literal("failed"), ...failure }),
	/** No agent began it. */
	Type.Object({
		kind: Type.Literal("not-run"),
		why: Type.Union([Type.Literal("not-taken"), Type.Literal("node-removed")]),
	}),
	/** It was begun, and what it did is not known. */
	Type.Object({
		kind: Type.Literal("lost"),
		why: Type.Union([Type.Literal("agent-restarted"), Type.Literal("node-removed")]),
	}),
]);

export type TaskOutcome = Static<typeof outcomeSchema>;
export type TaskFailure = Extract<TaskOutcome, { readonly kind: "refused" | "failed" }>;

export const doneOutcome: TaskOutcome = { kind: "done" };
/** No agent took it in time; nothing was done. */
export const notTaken: TaskOutcome = { kind: "not-run", why: "not-taken" };
/** Its agent ended while it ran. */
export const lostInRestart: TaskOutcome = { kind: "lost", why: "agent-restarted" };

const notRunTexts = {
	"not-taken": "not run: no agent took it in time",
	"node-removed": "not run: the node was removed from the fleet",
} as const;
const lostTexts = {
	"agent-restarted": "unknown (node restarted while it ran)",
	"node-removed": "unknown (node removed while it ran)",
} as const;

/** The exit status of Proxmox VE's API: `OK`, or what came of it in words. */
export function exitStatusOf(outcome: TaskOutcome): string {
	switch (outcome.kind) {
		case "done":
			return "OK";
		case "refused":
		case "failed":
			return outcome.text;
		case "not-run":
			return notRunTexts[outcome.why];
		case "lost":
			return lostTexts[outcome.why];
	}
}

/** Code of an outcome that was kept as an exit status alone, so that its own code is not known. */
const codeOfText: ErrorCode = "NODE_REFUSED";

/**
 * The outcome of a task that an agent or server of version 0.1.0 ended: those kept the exit status alone. Its texts are
 * compared whole; whatever else it says is the failure's text, and nothing is read out of it.
 */
export function outcomeOfText(exitStatus: string): TaskOutcome {
	const known: readonly TaskOutcome[] = [
		doneOutcome,
		notTaken,
		{ kind: "not-run", why: "node-removed" },
		lostInRestart,
		{ kind: "lost", why: "node-removed" },
	];
	const same = known.find((outcome) => exitStatusOf(outcome) === exitStatus);
	if (same !== undefined) return same;
	return { kind: "failed", code: codeOfText, values: { problem: exitStatus }, text: exitStatus };
}

/** Of a text or value of a failure so many characters are kept. */
const maxTextLength = 4000;

/** The outcome of work that threw. */
export function failureOf(kind: TaskFailure["kind"], error: unknown): TaskFailure {
	const text = messageOf(error).slice(0, maxTextLength);
	if (!(error instanceof PathkeeperError)) return { kind, code: "BUG", values: { problem: text }, text };
	const values = Object.entries(error.values).map(([name, value]): [string, string | number] => [
		name,
		typeof value === "string" ? value.slice(0, maxTextLength) : value,
	]);
	return { kind, code: error.code, values: Object.fromEntries(values), text };
}

/**
 * A failure of another process as an error of this one, with its code, values and text. A code that this version does
 * not know, or that is not to be believed of the other process, becomes NODE_REFUSED.
 */
export function errorOfFailure(
	{ code, values, text }: Pick<TaskFailure, "code" | "values" | "text">,
	isBelieved: (code: ErrorCode) => boolean = () => true,
): PathkeeperError {
	if (isErrorCode(code) && isBelieved(code))
		return new PathkeeperError(new ReceivedError(code, text, values));
	return new PathkeeperError(new ReceivedError(codeOfText, text, { problem: text }));
}
