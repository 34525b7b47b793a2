import {
	aliasCollision,
	type KnownNames,
	parseSectionConfig,
	readFleetConfig,
	takenNames,
	wwidCollision,
} from "@pathkeeper/model";
import type { LocatedProblem } from "./problems.ts";

/** A new text for `multipath.cfg`, the one it replaces, and what the nodes have already. */
export interface ConfigCheck {
	readonly before: string;
	readonly after: string;
	readonly known: KnownNames;
}

/**
 * What speaks against a `multipath.cfg` as a whole text: its own problems, and names that it gives and that something
 * on a node has already. Names that it only keeps are not looked at: they must not stop an edit of something else.
 */
export function configProblems({ before, after, known }: ConfigCheck): LocatedProblem[] {
	const { config, problems } = readFleetConfig(after);
	const former = new Map(readFleetConfig(before).config.luns.map((lun) => [lun.wwid, lun]));
	const taken = takenNames(config.luns, known);
	const names = config.luns.flatMap(({ wwid, alias }): NameProblem[] => {
		const ofWwid = former.has(wwid) ? null : wwidCollision(wwid, taken);
		const isNew = alias !== null && former.get(wwid)?.alias !== alias;
		const ofAlias = isNew ? aliasCollision(alias, wwid, taken) : null;
		return [
			...(ofWwid === null ? [] : [{ wwid, key: null, text: `WWID ${wwid} ${ofWwid}` }]),
			...(ofAlias === null ? [] : [{ wwid, key: "alias", text: `alias '${alias}' ${ofAlias}` }]),
		];
	});
	return [...problems, ...(names.length === 0 ? [] : locatedIn(after, names))];
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

interface NameProblem {
	readonly wwid: string;
	/** Key of the section that it is about; null: the section. */
	readonly key: string | null;
	readonly text: string;
}

function locatedIn(text: string, problems: readonly NameProblem[]): LocatedProblem[] {
	const sections = new Map(
		parseSectionConfig(text)
			.sections.filter(({ type }) => type === "wwid")
			.map((section) => [section.id, section]),
	);
	return problems.map(({ wwid, key, text: problem }) => {
		const section = sections.get(wwid);
		const property = section?.properties.find((candidate) => candidate.key === key);
		const line = (property?.line ?? section?.from ?? 0) + 1;
		return { line, column: property?.valueColumn ?? 1, severity: "error", text: problem };
	});
}
