import type { DaemonState, Reading } from "../multipathd-output/reading.ts";
import { type MultipathMap, pathsOf, type Queueing } from "../topology/map.ts";
import { exitCode } from "./exit-code.ts";
import { lunVerdict } from "./lun-verdict.ts";
import { pathState } from "./path-state.ts";
import type { LunState, PathState } from "./states.ts";

/** What `pathkeeper verdict --output json` prints. Its keys, their order and their words are an interface. */
export interface VerdictDocument {
	readonly daemon: DaemonState;
	readonly problems: readonly string[];
	readonly maps: readonly MapVerdict[];
}

export interface MapVerdict {
	readonly name: string;
	readonly wwid: string;
	readonly dm: string | null;
	readonly vendor: string | null;
	readonly product: string | null;
	/** Exact, or null: a text such as `1.0G` is rounded. */
	readonly sizeBytes: number | null;
	readonly state: LunState;
	readonly reasons: readonly string[];
	readonly queueing: Queueing;
	readonly paths: readonly PathVerdict[];
}

/** `checker`, `dmState` and `deviceState` are the words as they were told; null where they were not. */
export interface PathVerdict {
	readonly dev: string;
	readonly hctl: string | null;
	readonly group: number;
	readonly state: PathState;
	readonly checker: string | null;
	readonly dmState: string | null;
	readonly deviceState: string | null;
}

/** Judges every map of one reading; `expect`: how many paths each should have, else as many as it has. */
export function verdictDocument(
	reading: Reading,
	options: { readonly expect?: number } = {},
): VerdictDocument {
	return {
		daemon: reading.daemon,
		problems: reading.problems,
		maps: reading.maps.map((map) => mapVerdict(map, options.expect ?? null)),
	};
}

/** The exit code that goes with a document: 2 failed or missing, 3 unknown, 1 degraded, 0. */
export function verdictExitCode(document: VerdictDocument): 0 | 1 | 2 | 3 {
	return exitCode(
		document.maps.map(({ state }) => state),
		[document.daemon],
	);
}

function mapVerdict(map: MultipathMap, expectedPaths: number | null): MapVerdict {
	const { state, reasons } = lunVerdict({ map, expectedPaths, node: null });
	return {
		name: map.name,
		wwid: map.wwid,
		dm: map.dm,
		vendor: map.vendor,
		product: map.product,
		sizeBytes: map.sizeBytes,
		state,
		reasons,
		queueing: map.queueing,
		paths: pathsOf(map).map(({ group, path }) => ({
			dev: path.dev,
			hctl: path.hctl,
			group,
			state: pathState(path),
			checker: path.checkerState,
			dmState: path.dmState,
			deviceState: path.deviceState,
		})),
	};
}
