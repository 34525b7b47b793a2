import type { MultipathMap, PathGroup } from "../topology/map.ts";
import type { Path, Transport } from "../topology/path.ts";
import type { JsonScalar } from "./json-text.ts";
import { devmapper, inquiryText, transportFrom } from "./path-words.ts";
import { queueingOf } from "./queueing.ts";
import type { ReadingOptions } from "./reading.ts";
import { quoted } from "./visible.ts";

/** The members of one JSON object, as they were told (names in multipath-tools libmultipath/print.h). */
export interface Members {
	get(key: string): JsonScalar | undefined;
	has(key: string): boolean;
}

/**
 * Members that every release since 0.6.2 prints (multipath-tools libmultipath/print.h PRINT_JSON_*). One that is
 * missing was lost on the way; without it the object could look healthier than it is.
 */
const required = {
	map: ["name", "uuid", "dm_st"],
	group: [],
	path: ["dev", "dm_st", "dev_st", "chk_st"],
} as const;

/** Why the members of an object cannot be taken as told; null when nothing is wrong with them. */
export function unsoundMembers(role: "map" | "group" | "path", members: Members): string | null {
	const missing = required[role].find((key) => typeof members.get(key) !== "string");
	if (missing !== undefined) return `'${missing}' is missing`;
	const dmState = role === "map" ? members.get("dm_st") : "active";
	if (dmState === "active" || dmState === "suspend") return null;
	return `its device-mapper state is ${quoted(String(dmState))}`;
}

/**
 * True when a path tells whether it is marginal and its group does not, or the other way round: every release that
 * prints the member prints it in both (multipath-tools libmultipath/print.h since 0.8.3), so one was lost.
 */
export function lostMarginal(group: Members, path: Members): boolean {
	return group.has("marginal_st") !== path.has("marginal_st");
}

export function pathOf(members: Members): Path {
	const dev = told(members, "dev") ?? "";
	const devT = told(members, "dev_t");
	return {
		dev: dev === "-" ? "" : dev,
		devT: devT === "-" ? null : devT,
		hctl: null,
		dmState: told(members, "dm_st"),
		deviceState: told(members, "dev_st"),
		checkerState: told(members, "chk_st"),
		checker: told(members, "checker"),
		priority: priorityOf(members),
		marginal: isMarginal(members),
		anaState: null,
		transport: transportOf(members),
	};
}

export function groupOf(members: Members, position: number, paths: readonly Path[]): PathGroup {
	const number = members.get("group");
	const marginal = isMarginal(members);
	return {
		number: typeof number === "number" && Number.isSafeInteger(number) && number > 0 ? number : position,
		dmState: told(members, "dm_st"),
		priority: priorityOf(members),
		selector: told(members, "selector"),
		marginal,
		paths: marginal ? paths.map((path) => ({ ...path, marginal })) : paths,
	};
}

export function mapOf(
	members: Members,
	groups: readonly PathGroup[],
	whole: boolean,
	options: ReadingOptions,
): MultipathMap {
	const wwid = told(members, "uuid") ?? "";
	const features = told(members, "features");
	const writeProtection = told(members, "write_prot");
	return {
		name: told(members, "name") ?? wwid,
		wwid,
		dm: devmapper(told(members, "sysfs")),
		vendor: inquiryText(told(members, "vend")),
		product: inquiryText(told(members, "prod")),
		revision: inquiryText(told(members, "rev")),
		sizeBytes: null,
		suspended: told(members, "dm_st") === "suspend",
		readOnly: writeProtection === "ro" ? true : writeProtection === "rw" ? false : null,
		queueing: queueingOf({
			word: told(members, "queueing"),
			features,
			pollingIntervalS: options.pollingIntervalS ?? null,
		}),
		features,
		hardwareHandler: told(members, "hwhandler"),
		failback: told(members, "failback"),
		action: told(members, "action") || null,
		groups,
		whole,
	};
}

function told(members: Members, key: string): string | null {
	const value = members.get(key);
	return typeof value === "string" ? value : null;
}

function priorityOf(members: Members): number | null {
	const value = members.get("pri");
	return typeof value === "number" && value !== -1 ? value : null;
}

/** Only the word `normal`, or no word at all (before 0.8.3), clears a path of being marginal. */
function isMarginal(members: Members): boolean {
	return members.has("marginal_st") && members.get("marginal_st") !== "normal";
}

function transportOf(members: Members): Transport | null {
	return transportFrom({
		targetName: told(members, "target_wwnn"),
		targetPort: told(members, "target_wwpn"),
		hostPort: told(members, "host_wwpn"),
		adapter: told(members, "host_adapter"),
	});
}
