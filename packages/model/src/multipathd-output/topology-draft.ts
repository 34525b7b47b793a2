import type { MultipathMap, PathGroup } from "../topology/map.ts";
import type { Path } from "../topology/path.ts";
import { queueingOf } from "./queueing.ts";
import type { TopologyHeader } from "./topology-header.ts";
import type { GroupLine, PropertiesLine, TreeMark } from "./topology-lines.ts";

/** One path group while its lines are read. */
export interface DraftGroup {
	readonly line: GroupLine;
	readonly paths: Path[];
	/** Where the last path line said it stands; null before the first. */
	lastPlace: TreeMark | null;
}

/** One map while its lines are read. */
export interface DraftMap {
	readonly header: TopologyHeader;
	properties: PropertiesLine | null;
	readonly groups: DraftGroup[];
	/** The fewest states in brackets that a path of it has; null where none has brackets. */
	brackets: number | null;
	/** How many places in the text before it show that another capture began there. */
	readonly section: number;
	/** True when right before its first line stands another that could not be read. */
	readonly behindUnread: boolean;
	/** Why the map is not whole; null while it is. */
	damage: string | null;
}

/** True when its drawing proves that nothing can follow in it. */
export function isFinished({ groups }: DraftMap): boolean {
	const group = groups.at(-1);
	return group?.line.place === "last" && group.lastPlace === "last";
}

/**
 * True when its paths were taken away: multipath takes vendor and product from the first path, so a map that names
 * them has paths.
 */
export function lostItsPaths({ header, properties, groups }: DraftMap): boolean {
	return properties !== null && groups.length === 0 && (header.vendor !== null || header.product !== null);
}

/** For a map whose first line is lost. */
export const noHeader: TopologyHeader = {
	name: "",
	wwid: "",
	dm: null,
	vendor: null,
	product: null,
	revision: null,
	action: null,
	deviceless: false,
	foreign: false,
};

/** What was read of a map; a topology text tells neither exact size, nor suspension, nor how long I/O queues. */
export function mapOf({ header, properties, groups, damage }: DraftMap): MultipathMap {
	const features = properties?.features ?? null;
	return {
		name: header.name,
		wwid: header.wwid,
		dm: header.dm,
		vendor: header.vendor,
		product: header.product,
		revision: header.revision,
		sizeBytes: null,
		suspended: false,
		readOnly: properties?.readOnly ?? null,
		queueing: queueingOf({ word: null, features }),
		features,
		hardwareHandler: properties?.hardwareHandler ?? null,
		failback: null,
		action: header.action,
		groups: groups.map(groupOf),
		whole: damage === null,
	};
}

function groupOf({ line, paths }: DraftGroup, index: number): PathGroup {
	return {
		number: index + 1,
		dmState: line.dmState,
		priority: line.priority,
		selector: line.selector,
		marginal: false,
		paths,
	};
}
