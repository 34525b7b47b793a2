import {
	type FaultClass,
	type LogKind,
	liveRoutes,
	multipathRoutes,
	PathkeeperError,
	type ResultOf,
} from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { momentOfOption, momentText } from "./moments.ts";

type LogRow = ResultOf<typeof liveRoutes.getLog>["entries"][number];

export interface LogOptions {
	/** WWID or alias. */
	readonly lun?: string;
	readonly node?: string;
	readonly kind?: LogKind;
	readonly since?: string;
	readonly until?: string;
	readonly limit: number;
	readonly follow?: true;
}

const pageSize = 1000;
const followEveryMs = 2000;
/** An entry that folds what goes on is written again; so long after it began it is still looked for. */
const foldedWithinMs = 60 * 60_000;

/** `log`: what happened in the fleet, oldest first, so that the newest stands at the prompt. */
export async function showLog(session: Session, options: LogOptions): Promise<void> {
	const { io, output } = session;
	const asked = {
		...(options.lun === undefined ? {} : { lun: await wwidOf(session, options.lun) }),
		...(options.node === undefined ? {} : { node: options.node }),
		...(options.kind === undefined ? {} : { kind: options.kind }),
	};
	const { since, until } = options;
	const entries = await readEntries(session, {
		...asked,
		...(since === undefined ? {} : { since: momentOfOption("since", since, io.now()) }),
		...(until === undefined ? {} : { until: momentOfOption("until", until, io.now()) }),
		limit: options.limit,
	});
	if (options.follow === undefined) {
		output.rows(entries, () =>
			entries.length === 0
				? emptyPlace(output, isWhole(options) ? "emptyLog" : "nothingInLog")
				: linesOf(entries, output),
		);
		return;
	}
	print(session, entries);
	await follow(session, asked, entries);
}

/** True when all of the log is asked for. */
function isWhole({ lun, node, kind, since, until }: LogOptions): boolean {
	return [lun, node, kind, since, until].every((filter) => filter === undefined);
}

type Asked = Pick<LogOptions, "lun" | "node" | "kind">;

/** Looks again and again, and prints what is new and what was written again; ends with the program. */
async function follow(session: Session, asked: Asked, before: readonly LogRow[]): Promise<never> {
	const { io } = session;
	const known = new Map(before.map((entry) => [entry.id, stampOf(entry)]));
	for (let told = ""; ; await io.sleep(followEveryMs)) {
		try {
			const since = Math.max(0, io.now() - foldedWithinMs);
			const entries = await readEntries(session, { ...asked, since, limit: pageSize });
			const news = entries.filter((entry) => known.get(entry.id) !== stampOf(entry));
			for (const entry of news) known.set(entry.id, stampOf(entry));
			print(session, news);
			told = "";
		} catch (error) {
			// What is wrong with a server or its store is mended some time; what was asked, and who asks, is not.
			if (!(error instanceof PathkeeperError) || final.includes(error.fault)) throw error;
			if (told !== error.message) io.err(`${shown(error.message)}; waiting\n`);
			told = error.message;
		}
	}
}

/** Failures that the same request meets again, however often it is made. */
const final: readonly FaultClass[] = ["input", "denied", "absent"];

/** The log knows WWIDs; also those of LUNs that nobody knows any more. */
async function wwidOf({ client, output }: Session, name: string): Promise<string> {
	const { luns } = await client.call(multipathRoutes.getStatus, {});
	const found = luns.find(({ wwid, alias }) => wwid === name || alias === name);
	if (found === undefined) output.note(`no LUN '${shown(name)}' is known now; it is looked for as a WWID`);
	return found?.wwid ?? name;
}

/** Changes whenever an entry is written again. */
function stampOf({ until, count, text }: LogRow): string {
	return `${until} ${count} ${text}`;
}

async function readEntries(
	{ client }: Session,
	{ limit, ...asked }: Asked & { readonly since?: number; readonly until?: number; readonly limit: number },
): Promise<LogRow[]> {
	const found: LogRow[] = [];
	for (let before: string | null = null; found.length < limit; ) {
		const page: ResultOf<typeof liveRoutes.getLog> = await client.call(liveRoutes.getLog, {
			...asked,
			limit: Math.min(pageSize, limit - found.length),
			...(before === null ? {} : { before }),
		});
		found.push(...page.entries);
		before = page.next;
		if (before === null) break;
	}
	return found.reverse();
}

function print({ output }: Session, entries: readonly LogRow[]): void {
	if (output.isTable) {
		if (entries.length > 0) output.text(linesOf(entries, output));
	} else for (const entry of entries) output.rows([entry], () => "");
}

function linesOf(entries: readonly LogRow[], output: Session["output"]): string {
	return entries.map((entry) => entryText(entry, output)).join("");
}

function entryText(entry: LogRow, output: Session["output"]): string {
	const { at, until, severity, text, count, by, from, unwatchedSince, details } = entry;
	const facts = [
		...(count > 1 ? [`${count} times until ${momentText(until)}`] : []),
		...(by === null ? [] : [`by ${shown(by)}${from === null ? "" : ` from ${shown(from)}`}`]),
		...(unwatchedSince === null ? [] : [`at some time after ${momentText(unwatchedSince)}`]),
	];
	const head = `${momentText(at)}  ${severity.padEnd(7)}  `;
	const indent = " ".repeat(head.length);
	return [
		output.lines(`${shown(text)}${facts.length === 0 ? "" : ` (${facts.join("; ")})`}`, head, indent),
		...details.map((detail) => output.lines(shown(detail), `${indent}- `, `${indent}  `)),
	].join("");
}
