import {
	checkAlias,
	type KnownNames,
	parseSectionConfig,
	readFleetConfig,
	wwidCollision,
} from "@pathkeeper/model";
import type { LocatedProblem } from "./problems.ts";

/**
 * What speaks against a `multipath.cfg` as a whole text: its own problems, and names that it gives and that something
 * on a node has already. Names that it only keeps are not looked at: they must not stop an edit of something else.
 */
export function configProblems(before: string, after: string, known: KnownNames): LocatedProblem[] {
	const { config, problems } = readFleetConfig(after);
	const former = new Map(readFleetConfig(before).config.luns.map((lun) => [lun.wwid, lun]));
	const names = config.luns.flatMap((lun): LocatedProblem[] => {
		const { wwid, alias } = lun;
		const context = { wwid, luns: config.luns, known };
		const ofWwid = former.has(wwid) ? null : wwidCollision(wwid, config.luns, known);
		const isNew = alias !== null && former.get(wwid)?.alias !== alias;
		const ofAlias = isNew ? checkAlias(alias, context) : null;
		return [
			...(ofWwid === null ? [] : [problemAt(after, wwid, null, `WWID ${wwid} ${ofWwid}`)]),
			...(ofAlias === null ? [] : [problemAt(after, wwid, "alias", `alias '${alias}' ${ofAlias}`)]),
		];
	});
	return [...problems, ...names];
}

/** LUNs of the allow-list that would leave it. They have to be forgotten, which looks at every node first. */
export function droppedLuns(before: string, after: string): string[] {
	const kept = new Set(readFleetConfig(after).config.luns.map(({ wwid }) => wwid));
	const former = readFleetConfig(before).config.luns.map(({ wwid }) => wwid);
	return former.filter((wwid) => !kept.has(wwid));
}

/** Why dropped LUNs are refused. */
export function droppedText(wwids: readonly string[]): string {
	const named = wwids.slice(0, 10).join(", ");
	const rest = wwids.length > 10 ? ` and ${wwids.length - 10} more` : "";
	return `LUN ${named}${rest} would leave the allow-list; forget it instead, so that nobody who uses it is cut off`;
}

function problemAt(text: string, wwid: string, key: string | null, problem: string): LocatedProblem {
	const section = parseSectionConfig(text).sections.findLast(
		({ type, id }) => type === "wwid" && id === wwid,
	);
	const property = section?.properties.find((candidate) => candidate.key === key);
	const line = (property?.line ?? section?.from ?? 0) + 1;
	return { line, column: property?.valueColumn ?? 1, severity: "error", text: problem };
}
