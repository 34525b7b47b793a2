import { emptyReading, type Reading } from "./reading.ts";
import { noiseOf } from "./saved-text.ts";
import { quoted } from "./visible.ts";

/** Said by multipathd, its client or a program around them when no daemon answered in time. Whole lines only. */
const silent: readonly RegExp[] = [
	/\bnot running\b/i,
	/\bconnection refused\b/i,
	/\bux_socket_connect\b/,
	/\bno such file or directory\b/i,
	/\b(?:can(?:not|'t)|could not|failed to|unable to) connect\b/i,
	/\berror -?\d+ (?:receiving|sending) packet\b/i,
	/\b(?:error|timeout|timed out) (?:receiving|sending|waiting for) (?:packet|reply|response)\b/i,
	/\b(?:connection|operation|request) timed out\b|\btimeout receiving\b/i,
	/\bresource temporarily unavailable\b|\bbroken pipe\b|\bconnection reset\b/i,
];

/** Answers of a daemon that are no listing, with what to say about them. */
const answers: readonly (readonly [RegExp, string])[] = [
	[/permission deny|need to be root|permission denied/i, "multipathd refused to answer: permission denied"],
	[
		/CLI commands reference|^multipath-tools v\d/im,
		"multipathd printed its help: it does not know the command",
	],
	[/: (?:not found|Missing argument|Not enough memory)$/m, "multipathd did not understand the command"],
	[/^fail(?:\n|$)/, "multipathd answered 'fail'"],
	[/<(?:!doctype|html|\?xml)/i, "this is a web page or XML, not an answer of multipathd"],
];

/** How much of a text is looked at to find out what it is when it is no listing. */
const look = 4000;

/**
 * Reads an answer that is no map listing: `ok` is a daemon without maps; nothing, `timeout` and the messages of a
 * client that found no daemon are silence; everything else is unreadable. Null when the text may be a listing.
 * `plain` has passed `plainText`. Replies as in multipath-tools multipathd/uxlsnr.c and multipathd/uxclnt.c.
 */
export function shortReply(plain: string): Reading | null {
	const text = (plain.length > look ? plain.slice(0, look) : plain).trim();
	if (text === "" && plain.length <= look)
		return emptyReading("silent", "the text is empty: nobody answered");
	if (text === "ok") return { daemon: "ok", problems: [], maps: [] };
	return null;
}

/** What to say of a text in which no map listing was found. */
export function noListing(plain: string, wanted: string): Reading {
	const text = (plain.length > look ? plain.slice(0, look) : plain).trim();
	if (text === "") return emptyReading("silent", "the text is empty: nobody answered");
	const answer = withoutLog(text);
	if (answer === "ok")
		return { daemon: "ok", problems: ["log lines before the answer 'ok' not read"], maps: [] };
	if (/^(?:fail\n)?timeout$/.test(answer)) return emptyReading("silent", "multipathd timed out");
	for (const [pattern, problem] of answers) {
		if (pattern.test(text)) return emptyReading("unreadable", problem);
	}
	if (plain.length <= look && silent.some((pattern) => pattern.test(text))) {
		return emptyReading("silent", `multipathd did not answer: ${quoted(text, 120)}`);
	}
	return emptyReading("unreadable", `this is not a ${wanted}: it begins with ${quoted(text, 60)}`);
}

/** The lines that the daemon may have said itself. */
function withoutLog(text: string): string {
	const lines = text.split("\n").map((line) => line.trim());
	return lines.filter((line) => noiseOf(line) === "unknown").join("\n");
}
