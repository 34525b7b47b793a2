import type { MapVerdict, PathVerdict, VerdictDocument } from "@pathkeeper/model";

/** A path row: group, device, address, state, checker, dm state, device state; `-` for null, blanks as `_`. */
export function pathRow(row: string): PathVerdict {
	const [group, dev, hctl, state, checker, dmState, deviceState] = row.trim().split(/\s+/);
	return {
		dev: dev === "-" ? "" : (dev ?? ""),
		hctl: told(hctl),
		group: Number(group),
		state: pathStates.find((word) => word === state) ?? "unknown",
		checker: told(checker),
		dmState: told(dmState),
		deviceState: told(deviceState),
	};
}

const pathStates = ["gone", "failed", "unknown", "impaired", "standby", "usable"] as const;

function told(word: string | undefined): string | null {
	return word === undefined || word === "-" ? null : word.replaceAll("_", " ");
}

export interface ExpectedMap extends Pick<MapVerdict, "wwid" | "state"> {
	readonly name?: string;
	readonly dm?: string | null;
	readonly vendor?: string | null;
	readonly product?: string | null;
	readonly reasons?: readonly string[];
	readonly queueing?: MapVerdict["queueing"];
	readonly paths: readonly string[];
}

/** The whole document with what is usual filled in: no alias, no reasons, no queueing. */
export function expectedDocument(
	maps: readonly ExpectedMap[],
	rest: Partial<VerdictDocument> = {},
): VerdictDocument {
	return {
		daemon: "ok",
		problems: [],
		...rest,
		maps: maps.map((map) => ({
			name: map.name ?? map.wwid,
			wwid: map.wwid,
			dm: map.dm === undefined ? "dm-0" : map.dm,
			vendor: map.vendor ?? null,
			product: map.product ?? null,
			sizeBytes: null,
			state: map.state,
			reasons: map.reasons ?? [],
			queueing: map.queueing === undefined ? "off" : map.queueing,
			paths: map.paths.map(pathRow),
		})),
	};
}
