import { placeOf } from "@pathkeeper/host";
import {
	type ConfFile,
	configDropIn,
	type EffectiveConf,
	effectiveConf,
	lintConf,
	overridesDropIn,
	type Settings,
} from "@pathkeeper/model";
import { type Check, type Diagnosis, error, warning } from "../diagnosis.ts";
import { known } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import { confFolder, mainConf } from "../facts/multipath-files.ts";
import { isAbsent } from "./multipath-tools.ts";

/** More problems of one file than this are counted. */
const mostProblems = 5;
const readAgain = ["multipath -t > /dev/null", "multipathd reconfigure"];

const isReadable: Check<Facts> = {
	name: "multipath-conf-broken",
	fine: "multipath can read its configuration",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const files = known(facts.multipath.conf);
		const { fatal } = effectiveConf(files);
		const why =
			"a running multipathd does not show it, but exits at its next reconfigure and does not start again; maps are then not monitored.";
		if (fatal !== null) {
			const line = lineOf(fatal);
			const where = line === null ? mainConf : `${mainConf}:${line}`;
			return [
				error({
					code: "multipath-conf-fatal",
					what: fatal,
					where,
					fix: [`# fix ${where}`, ...readAgain],
					why,
				}),
			];
		}
		const { lint } = facts;
		if (lint.known) return [];
		// It may also be that the program could not be asked.
		if (!/refuses the configuration|crashed|printed no configuration|within/.test(lint.why)) known(lint);
		const at = placeOf(lint.why);
		const where = at === null ? null : at.line === null ? at.file : `${at.file}:${at.line}`;
		return [
			error({
				code: "multipath-conf-broken",
				what: `multipath cannot read its configuration: ${lint.why}`,
				where,
				fix: [`# fix ${where ?? `${mainConf} and ${confFolder}`}`, ...readAgain],
				why,
			}),
		];
	},
};

const isSound: Check<Facts> = {
	name: "multipath-conf-problem",
	fine: "multipath understands all of its configuration",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const complaints = facts.lint.known ? (facts.lint.value?.complaints ?? []) : [];
		const files = known(facts.multipath.conf);
		// That one line is worse than a problem, and said before.
		const { fatal } = effectiveConf(files);
		return [
			...files.flatMap((file) => problemsOf(file, file.name === mainConf ? lineOf(fatal) : null)),
			// What the program says of files that are fine to us is its word against ours, and it is the one that reads them.
			...complaints
				.filter((line) => !isSaid(line, files))
				.slice(0, mostProblems)
				.map((line) => fromMultipath(line)),
		];
	},
};

/** The line of the main file that a text about it names. */
function lineOf(fatal: string | null): number | null {
	const [, line] = / line (\d+):/.exec(fatal ?? "") ?? [];
	return line === undefined ? null : Number(line);
}

function problemsOf(file: ConfFile, fatalLine: number | null): readonly Diagnosis[] {
	const problems = syntaxProblems(file).filter(({ line }) => line !== fatalLine);
	const shown = problems.slice(0, mostProblems).map(({ line, column, text }, at) => {
		const more = problems.length - mostProblems;
		const rest =
			at === mostProblems - 1 && more > 0 ? ` (and ${more} more: pathkeeper conf check ${file.name})` : "";
		const where = `${file.name}:${line}:${column}`;
		return warning({
			code: "multipath-conf-problem",
			what: `${text}${rest}`,
			where,
			fix: [`# fix ${where}`, `pathkeeper conf check ${file.name}`, "multipathd reconfigure"],
			why: "multipath skips what it does not understand, so it does not do what the file says.",
		});
	});
	return shown;
}

/** What Pathkeeper refuses in its own documents is an administrator's choice in a file of the host. */
function syntaxProblems({ name, text }: ConfFile) {
	return lintConf(text, { mainFile: name === mainConf }).filter(
		({ severity, code }) => severity === "error" && !code.startsWith("refused-"),
	);
}

function isSaid(complaint: string, files: readonly ConfFile[]): boolean {
	const place = placeOf(complaint);
	const file = files.find(({ name }) => name === place?.file);
	if (otherPlaces.some((keyword) => complaint.includes(keyword))) return true;
	return (
		file !== undefined &&
		syntaxProblems(file).some(({ line }) => place?.line === null || line === place?.line)
	);
}

function fromMultipath(complaint: string): Diagnosis {
	const place = placeOf(complaint);
	const where = place === null ? null : place.line === null ? place.file : `${place.file}:${place.line}`;
	return warning({
		code: "multipath-conf-problem",
		what: `multipath says: ${complaint}`,
		where,
		fix: [`# fix ${where ?? mainConf}`, ...readAgain],
		why: "multipath skips what it does not understand.",
	});
}

const otherPlaces = ["config_dir", "multipath_dir", "bindings_file", "wwids_file", "prkeys_file"];

const elsewhere: Check<Facts> = {
	name: "multipath-conf-elsewhere",
	fine: "all configuration of multipath is where multipath reads it",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const files = known(facts.multipath.conf);
		return [
			...files.flatMap(({ name, text }) =>
				otherPlaces.flatMap((keyword) =>
					linesWith(text, keyword).map(({ line, value }) =>
						warning({
							code: "multipath-conf-elsewhere",
							what: `${keyword} ${value} names a location other than the default`,
							where: `${name}:${line}`,
							fix: [
								`# take ${keyword} out of ${name}, and move what is in ${value} to /etc/multipath`,
								...readAgain,
							],
							why: "old releases read that location instead of /etc/multipath, where Pathkeeper writes; newer ones (config_dir since 0.9.0, the files since 0.9.7) ignore the keyword, and what is there.",
						}),
					),
				),
			),
			...known(facts.multipath.notRead).map((name) =>
				warning({
					code: "multipath-conf-not-read",
					what: `${name} in ${confFolder} is not read by multipath: the name of a drop-in ends in .conf`,
					where: `${confFolder}/${name}`,
					fix: [
						`# if it is intended: mv ${confFolder}/${name} ${confFolder}/NAME.conf and multipathd reconfigure; else move it out of the folder`,
					],
					why: "its author may believe that it is in effect.",
				}),
			),
		];
	},
};

function linesWith(
	text: string,
	keyword: string,
): readonly { readonly line: number; readonly value: string }[] {
	return text.split("\n").flatMap((each, at) => {
		const [, value] = new RegExp(`^\\s*${keyword}\\s+"?([^"\\s#!]+)`).exec(each) ?? [];
		return value === undefined ? [] : [{ line: at + 1, value }];
	});
}

const foreign: Check<Facts> = {
	name: "foreign-drop-in",
	fine: "no other file changes what Pathkeeper sets",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const files = known(facts.multipath.conf);
		const ourNames = [configDropIn, overridesDropIn].map((name) => `${confFolder}/${name}`);
		const last = files.findLastIndex(({ name }) => ourNames.includes(name));
		if (last < 0) return null;
		const ours = effectiveConf(files.filter(({ name }) => ourNames.includes(name)));
		return files
			.filter(({ name }) => !ourNames.includes(name))
			.flatMap((file) => changedBy(file, ours, files.indexOf(file) > last));
	},
};

/** One diagnosis a file: what it sets otherwise than ours, where multipath takes its word. */
function changedBy(file: ConfFile, ours: EffectiveConf, isLater: boolean): readonly Diagnosis[] {
	const theirs = effectiveConf([file]);
	const changed = [
		...(isLater ? clashes("defaults", ours.defaults, theirs.defaults) : []),
		...(isLater ? clashes("overrides", ours.overrides, theirs.overrides) : []),
		// Overrides are stronger than defaults, wherever they stand.
		...clashes("overrides", ours.defaults, theirs.overrides),
		...(isLater
			? theirs.multipaths.flatMap(({ wwid, settings }) =>
					clashes(
						`multipath ${wwid}`,
						ours.multipaths.find((lun) => lun.wwid === wwid)?.settings ?? {},
						settings,
					),
				)
			: []),
	];
	if (changed.length === 0) return [];
	return [
		warning({
			code: "foreign-drop-in",
			what: `${file.name} changes what Pathkeeper sets: ${[...new Set(changed)].join("; ")}`,
			where: file.name,
			fix: [
				`# take these settings out of ${file.name}, or set them for the fleet: pathkeeper config set, pathkeeper lun set`,
				"multipathd reconfigure",
			],
			why: "files are read in the order of their names and the last setting wins, so this node differs from the others. A file of another package may be rewritten by its next upgrade: see dpkg -S.",
		}),
	];
}

function clashes(place: string, ours: Settings, theirs: Settings): readonly string[] {
	return Object.entries(theirs).flatMap(([keyword, value]) => {
		const own = ours[keyword];
		return own === undefined || own === value ? [] : [`${place}: ${keyword} ${value} instead of ${own}`];
	});
}

/** A configuration that cannot be read keeps multipathd from starting, and so stands before that. */
export const confReadableCheck: Check<Facts> = isReadable;

export const multipathConfChecks: readonly Check<Facts>[] = [isSound, elsewhere, foreign];
