import { readdirSync, readFileSync } from "node:fs";
import {
	type DaemonState,
	type LunState,
	type MapVerdict,
	type PathState,
	type Queueing,
	type VerdictDocument,
	verdictExitCode,
} from "@pathkeeper/model";

/** What may come of a text that somebody saved or posted. Lists name what is allowed. */
interface Outcome {
	readonly exit: readonly number[];
	readonly daemon: readonly DaemonState[];
	readonly maps: readonly ExpectedMap[];
	/** True: no other maps than those. */
	readonly mapsExact: boolean;
	/** States that maps which are not listed may have. */
	readonly otherMaps?: readonly LunState[];
	readonly problems: "some" | "none" | "any";
}

interface ExpectedMap {
	readonly wwid: string;
	readonly state: readonly LunState[];
	/** Null: any number. */
	readonly paths: number | null;
	readonly name?: string;
	readonly vendor?: string;
	readonly product?: string;
	readonly groups?: number;
	readonly pathStates?: Readonly<Record<string, readonly PathState[]>>;
	/** Of every path that `pathStates` does not name. */
	readonly allPaths?: readonly PathState[];
	readonly queueing?: readonly Queueing[];
	/** True: a reason says that I/O queues. */
	readonly saysQueueing?: boolean;
}

export interface SavedText {
	readonly name: string;
	readonly text: string;
	/** Any one of them. */
	readonly outcomes: readonly Outcome[];
}

const folder = new URL("../samples/saved-texts/", import.meta.url);
const ending = ".expected.json";

/** Texts as people post them: quoted, marked, wrapped, filtered, escaped. Read as the command line reads files. */
export function savedTexts(): SavedText[] {
	const files = readdirSync(folder);
	return files
		.filter((file) => file.endsWith(ending))
		.map((file) => {
			const name = file.slice(0, -ending.length);
			const textFile = files.find((other) => other === `${name}.txt` || other === `${name}.json`);
			const { or = [], ...first }: Outcome & { readonly or?: readonly Outcome[] } = JSON.parse(
				readFileSync(new URL(file, folder), "utf8"),
			);
			return {
				name,
				text: readFileSync(new URL(textFile ?? `${name}.txt`, folder), "utf8"),
				outcomes: [first, ...or],
			};
		});
}

/** How bad a state or an exit code is. */
const badness: Readonly<Record<LunState, number>> = {
	optimal: 0,
	unmanaged: 0,
	degraded: 1,
	unknown: 2,
	missing: 3,
	failed: 3,
};
const exitBadness = [0, 1, 3, 2];
const pathBadness: readonly PathState[] = ["usable", "standby", "impaired", "unknown", "failed", "gone"];

/** What a document says better than is allowed; `unknown` and unreadable never are. */
export function betterThan(document: VerdictDocument, outcome: Outcome): string[] {
	const better: string[] = [];
	const code = verdictExitCode(document);
	const exits = outcome.exit.map((exit) => exitBadness[exit] ?? 0);
	if (code !== 3 && (exitBadness[code] ?? 0) < Math.min(...exits)) better.push(`exit code ${code}`);
	for (const map of document.maps) {
		const expected = outcome.maps.find(({ wwid }) => wwid === map.wwid);
		const allowed = expected?.state ?? outcome.otherMaps ?? (outcome.mapsExact ? ["unknown"] : []);
		if (map.state === "unknown" || allowed.length === 0) continue;
		const least = Math.min(...allowed.map((state) => badness[state]));
		if (badness[map.state] < least) better.push(`${map.wwid} is ${map.state}`);
		for (const path of map.paths) {
			const states = expected?.pathStates?.[path.dev] ?? expected?.allPaths ?? [];
			const rank = Math.min(...states.map((state) => pathBadness.indexOf(state)));
			if (states.length > 0 && path.state !== "unknown" && pathBadness.indexOf(path.state) < rank)
				better.push(`path ${path.dev} of ${map.wwid} is ${path.state}`);
		}
	}
	return better;
}

/** Everything in which a document differs from one outcome. */
export function differences(document: VerdictDocument, outcome: Outcome): string[] {
	const wrong: string[] = [];
	const code = verdictExitCode(document);
	if (!outcome.exit.includes(code)) wrong.push(`exit code ${code}`);
	if (!outcome.daemon.includes(document.daemon)) wrong.push(`daemon ${document.daemon}`);
	if (outcome.problems !== "any" && (outcome.problems === "some") !== document.problems.length > 0)
		wrong.push(`problems ${document.problems.join("; ")}`);
	for (const expected of outcome.maps) {
		const map = document.maps.find(({ wwid }) => wwid === expected.wwid);
		wrong.push(...(map === undefined ? [`no map ${expected.wwid}`] : mapDifferences(map, expected)));
	}
	for (const map of document.maps) {
		if (outcome.maps.some(({ wwid }) => wwid === map.wwid)) continue;
		const allowed = outcome.otherMaps?.includes(map.state) ?? !outcome.mapsExact;
		if (!allowed) wrong.push(`another map ${map.wwid} is ${map.state}`);
	}
	return wrong;
}

function mapDifferences(map: MapVerdict, expected: ExpectedMap): string[] {
	const wrong: string[] = [];
	if (!expected.state.includes(map.state)) wrong.push(map.state);
	if (expected.paths !== null && map.paths.length !== expected.paths) wrong.push(`${map.paths.length} paths`);
	for (const key of ["name", "vendor", "product"] as const) {
		if (expected[key] !== undefined && map[key] !== expected[key]) wrong.push(`${key} ${map[key]}`);
	}
	const groups = new Set(map.paths.map(({ group }) => group)).size;
	if (expected.groups !== undefined && groups !== expected.groups) wrong.push(`${groups} groups`);
	for (const path of map.paths) {
		const states = expected.pathStates?.[path.dev] ?? expected.allPaths;
		if (states !== undefined && !states.includes(path.state)) wrong.push(`${path.dev} is ${path.state}`);
	}
	for (const dev of Object.keys(expected.pathStates ?? {})) {
		if (!map.paths.some((path) => path.dev === dev)) wrong.push(`no path ${dev}`);
	}
	const queueing = JSON.stringify(map.queueing);
	if (expected.queueing?.every((one) => JSON.stringify(one) !== queueing)) wrong.push(`queueing ${queueing}`);
	if (expected.saysQueueing === true && !map.reasons.some((reason) => reason.includes("queue")))
		wrong.push("no reason says that it queues");
	return wrong.map((what) => `${map.wwid}: ${what}`);
}
