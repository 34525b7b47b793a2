import { existsSync } from "node:fs";
import type { Io } from "@pathkeeper/cli";
import { Output } from "@pathkeeper/cli";
import { PathkeeperError } from "@pathkeeper/model";
import { version } from "../../version.ts";
import { doctorText } from "../doctor-text.ts";
import { type ExamineOptions, examine } from "../examine.ts";
import { makeBundle, writeBundle } from "./archive.ts";
import { sourcesOf } from "./sources.ts";

/** Writes the archive and says what is in it. Throws ALREADY_EXISTS before anything is looked at. */
export async function bundle(path: string, options: ExamineOptions, output: Output): Promise<number> {
	if (existsSync(path)) throw new PathkeeperError("ALREADY_EXISTS", { what: path });
	await examine(options, async ({ facts, diagnoses }, gathering) => {
		const plain = new Output(silent(options.now), "table", true);
		const { archive, entries } = await makeBundle({
			sources: await sourcesOf({ ...gathering, facts, version }),
			diagnoses,
			facts,
			doctorText: doctorText(diagnoses, plain, true),
			now: options.now,
			version,
		});
		writeBundle(path, archive);
		const files = entries.filter(({ bytes }) => bytes !== null).length;
		const left = entries.length - files;
		const removed = entries.reduce((sum, entry) => sum + entry.removed, 0);
		output.document({ file: path, bytes: archive.length, files, "left-out": left, removed, entries }, () =>
			output.lines(
				`${path} is written: ${files} files, ${archive.length} bytes; ${left} sources left out, ${removed} secrets removed. Its MANIFEST says what and why; check it before you pass it on.`,
			),
		);
	});
	return 0;
}

/** Only lays out text; nothing is printed. */
function silent(now: number): Io {
	const never = () => Promise.reject(new Error("nobody is asked"));
	return {
		out: () => undefined,
		err: () => undefined,
		isTerminal: false,
		columns: null,
		showsProgress: false,
		canAsk: false,
		env: {},
		readFile: () => "",
		confirm: never,
		edit: never,
		now: () => now,
		monotonic: () => now,
		sleep: never,
	};
}
