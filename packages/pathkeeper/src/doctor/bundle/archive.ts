/** `doctor --bundle`: gathers, redacts and writes the support archive. */
import { closeSync, constants, fsyncSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import type { Diagnosis } from "../diagnosis.ts";
import { factOf } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import { type Entry, manifest } from "./manifest.ts";
import { redact, redactValues } from "./redaction.ts";
import type { Source } from "./sources.ts";
import { tarGz } from "./tar.ts";

/** Of one file, and of all of them before they are packed. */
const mostFileBytes = 4 * 1024 * 1024;
const mostBytes = 48 * 1024 * 1024;
const sourceMs = 40_000;

export interface Bundle {
	readonly archive: Buffer;
	readonly entries: readonly Entry[];
}

interface Gathered {
	readonly source: Pick<Source, "name" | "from" | "holdsSecrets">;
	readonly text: string | null;
	readonly note: string | null;
}

export interface BundleOptions {
	readonly sources: readonly Source[];
	readonly diagnoses: readonly Diagnosis[];
	readonly facts: Facts;
	/** As people read it. */
	readonly doctorText: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
	readonly version: string;
}

/** Everything redacted, with the manifest at the front. Throws nothing that a source can be at fault for. */
export async function makeBundle(options: BundleOptions): Promise<Bundle> {
	const { diagnoses, doctorText, facts, now, version } = options;
	const gathered: readonly Gathered[] = [
		own("doctor.txt", doctorText),
		own("doctor.json", `${JSON.stringify(diagnoses, null, 2)}\n`),
		...(await Promise.all(options.sources.map(gather))),
	];
	// What is secret by its name in one file may stand in another without it.
	const first = gathered.map(({ text }) => (text === null ? null : redact(text)));
	const values = new Set([...first.flatMap((redacted) => redacted?.values ?? []), ...valuesInFiles(facts)]);
	const entries: Entry[] = [];
	const files: { name: string; content: Buffer }[] = [];
	let left = mostBytes;
	for (const [
		at,
		{
			source: { name, from },
			text,
			note,
		},
	] of gathered.entries()) {
		const source = { name, from };
		const redacted = first[at];
		if (text === null || redacted === undefined || redacted === null) {
			entries.push({ ...source, bytes: null, removed: 0, note });
			continue;
		}
		const again = redactValues(redacted.text, values);
		const content = Buffer.from(again.text);
		const removed = redacted.count + again.count;
		if (content.length > left) {
			entries.push({ ...source, bytes: null, removed, note: "the archive is full" });
			continue;
		}
		left -= content.length;
		files.push({ name: source.name, content });
		entries.push({ ...source, bytes: content.length, removed, note });
	}
	const head = Buffer.from(redactValues(manifest(entries, { now, version }), values).text);
	return { archive: tarGz([{ name: "MANIFEST", content: head }, ...files], now), entries };
}

/** Writes it with mode 0600. Throws ALREADY_EXISTS, and FILE_UNSAFE with nothing left behind. */
export function writeBundle(path: string, archive: Buffer): void {
	let file: number;
	try {
		file = openSync(
			path,
			constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
			0o600,
		);
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "EEXIST")
			throw new PathkeeperError("ALREADY_EXISTS", { what: path }, { cause: error });
		throw new PathkeeperError("FILE_UNSAFE", { path, problem: messageOf(error) }, { cause: error });
	}
	try {
		for (let at = 0; at < archive.length; ) at += writeSync(file, archive, at);
		fsyncSync(file);
	} catch (error) {
		unlinkSync(path);
		throw new PathkeeperError("FILE_UNSAFE", { path, problem: messageOf(error) }, { cause: error });
	} finally {
		closeSync(file);
	}
}

function own(name: string, text: string): Gathered {
	return { source: { name, from: "pathkeeper doctor" }, ...bounded(text, "beginning") };
}

async function gather(source: Source): Promise<Gathered> {
	const found = await factOf(sourceMs, source.read);
	if (!found.known) return { source, text: null, note: found.why };
	return found.value === null
		? { source, text: null, note: "it is not there" }
		: { source, ...bounded(found.value, source.keep) };
}

/** Cut at the end of a line, so that no rule of redaction sees half of one. */
function bounded(text: string, keep: Source["keep"]): Pick<Gathered, "text" | "note"> {
	if (text.length <= mostFileBytes) return { text, note: null };
	const cut =
		keep === "end"
			? text.slice(-mostFileBytes).replace(/^[^\n]*\n?/, "")
			: text.slice(0, mostFileBytes).replace(/[^\n]*$/, "");
	return { text: cut, note: `cut: ${text.length} characters; the ${keep} is kept` };
}

/** Passwords that stand alone in a file: that of our user in etcd, and of the first administrator. */
function valuesInFiles({ own: settings }: Facts): readonly string[] {
	if (!settings.known) return [];
	return [...settings.value.settings.values()].flatMap(({ store, stateFolder }) => {
		const paths = [
			`${stateFolder}/first-administrator`,
			...(store.kind === "etcd" && store.passwordFile !== undefined ? [store.passwordFile] : []),
		];
		return paths.flatMap((path) => {
			try {
				return readFileSync(path, "utf8")
					.split("\n")
					.map((line) => line.trim());
			} catch {
				return [];
			}
		});
	});
}
