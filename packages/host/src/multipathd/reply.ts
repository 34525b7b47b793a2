import { PathkeeperError } from "@pathkeeper/model";

/**
 * What an answer of multipathd says. Releases up to 0.9.7 give the bare text of an error, later ones put `fail` on
 * a line before it (multipathd/uxlsnr.c); both read the same here.
 */
export type Reply =
	/** The command was carried out, or a listing has no rows. */
	| { readonly kind: "ok" }
	/** Refused or failed; the daemon's own words, or null when it gave none. */
	| { readonly kind: "fail"; readonly problem: string | null }
	/** The daemon did not get its own lock, or the whole request, within its `uxsock_timeout`. */
	| { readonly kind: "timeout" }
	/** Only uid 0 may do this. */
	| { readonly kind: "denied" }
	/** The help text: the command is not known, or an argument of it is missing. */
	| { readonly kind: "unknown-command"; readonly problem: string; readonly version: string | null }
	/** A single word or sentence that is neither success nor `fail`: the change did not happen as asked. */
	| { readonly kind: "remark"; readonly remark: string }
	/** What was asked for. */
	| { readonly kind: "payload"; readonly text: string };

/** Answers without `fail` in front that still are no success (multipathd/cli_handlers.c `add path`, `del path`). */
const remarks: ReadonlySet<string> = new Set(["blacklisted", "delayed", "map reload error. removed"]);

const helpPattern =
	/^(?<problem>.*: (?:not found|Missing argument|Not enough memory))\nmultipath-tools v(?<version>\d[\w.]*)/;

/** Sorts an answer into what it says; total: any text gives a Reply. */
export function classifyReply(text: string): Reply {
	if (text === "fail" || text.startsWith("fail\n")) {
		const said = text.slice("fail\n".length);
		return errorIn(said) ?? { kind: "fail", problem: said.trim() === "" ? null : said.trim() };
	}
	const trimmed = text.trimEnd();
	if (trimmed === "ok") return { kind: "ok" };
	if (remarks.has(trimmed)) return { kind: "remark", remark: trimmed };
	return errorIn(text) ?? { kind: "payload", text };
}

function errorIn(text: string): Reply | null {
	const trimmed = text.trimEnd();
	if (trimmed === "timeout") return { kind: "timeout" };
	if (/^permission den(?:y|ied)\b.*$/.test(trimmed)) return { kind: "denied" };
	const help = helpPattern.exec(text)?.groups;
	if (help !== undefined) {
		return {
			kind: "unknown-command",
			problem: help["problem"] ?? "not found",
			version: help["version"] ?? null,
		};
	}
	return null;
}

/** The text of a listing; empty when the daemon had nothing to list. Throws the error of every other reply. */
export function listingOf(reply: Reply, command: string): string {
	if (reply.kind === "payload") return reply.text;
	if (reply.kind === "ok") return "";
	throw errorOf(reply, command);
}

/** Nothing, when the daemon said `ok`. Throws for every other reply: only `ok` is a success. */
export function confirm(reply: Reply, command: string): void {
	if (reply.kind !== "ok") throw errorOf(reply, command);
}

function errorOf(reply: Exclude<Reply, { readonly kind: "ok" }>, command: string): PathkeeperError {
	switch (reply.kind) {
		case "timeout":
			return new PathkeeperError("MULTIPATHD_TIMEOUT", { command });
		case "denied":
			return new PathkeeperError("MULTIPATHD_DENIED", { command });
		case "unknown-command":
			return new PathkeeperError("MULTIPATHD_UNKNOWN_COMMAND", { command });
		case "fail":
			return refused(command, reply.problem ?? "it gave no reason ('fail')");
		case "remark":
			return refused(command, meaningOf(reply.remark));
		case "payload": {
			const start = reply.text.trim().slice(0, 80);
			const problem = start === "" ? "it is blank" : `expected 'ok', it begins '${start}'`;
			return new PathkeeperError("MULTIPATHD_UNREADABLE", { command, problem });
		}
	}
}

function refused(command: string, problem: string): PathkeeperError {
	return new PathkeeperError("MULTIPATHD_FAIL", { command, problem });
}

function meaningOf(remark: string): string {
	if (remark === "blacklisted")
		return "blacklisted: a rule of the node's multipath configuration excludes it";
	if (remark === "delayed") return "delayed: the daemon could not reload the map and will try again";
	return remark;
}
