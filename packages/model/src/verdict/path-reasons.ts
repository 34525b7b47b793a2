import { quoted, visible } from "../multipathd-output/visible.ts";
import { type MultipathMap, pathsOf } from "../topology/map.ts";
import type { Path } from "../topology/path.ts";
import { pathState } from "./path-state.ts";
import type { PathState } from "./states.ts";

/** More paths than this are counted and not named; a LUN has 2 to 16. */
const maxNamed = 16;

/** One sentence for each path that is not usable; a path on standby is as it should be and needs none. */
export function pathReasons(map: MultipathMap): string[] {
	const troubled = pathsOf(map)
		.map(({ path }) => ({ path, state: pathState(path) }))
		.filter(({ state }) => state !== "usable" && state !== "standby");
	const named = troubled.slice(0, maxNamed).map(({ path, state }) => pathReason(path, state));
	const left = troubled.length - named.length;
	return left === 0 ? named : [...named, `and ${left} more paths that are not usable`];
}

function pathReason(path: Path, state: PathState): string {
	const label = pathLabel(path);
	switch (state) {
		case "gone":
			return `${label} is gone: its device no longer exists`;
		case "failed":
			return `${label} failed: ${wordsOf(path)}`;
		case "impaired":
			return `${label} is impaired: ${wordsOf(path)}: it must not be relied on`;
		case "standby":
			return `${label} is on standby: ${wordsOf(path)}`;
		case "usable":
			return `${label} is usable`;
		default:
			return `${label} is unknown: ${wordsOf(path)}`;
	}
}

/** `path sdb (0:0:0:1) through 192.168.72.1:3260`, as far as each is told. */
export function pathLabel({ dev, hctl, transport }: Path): string {
	const name = dev === "" ? "a path without device" : `path ${visible(dev)}`;
	const address = hctl === null || hctl.includes("#") ? "" : ` (${visible(hctl)})`;
	const portal = transport?.portal ?? null;
	return `${name}${address}${portal === null ? "" : ` through ${visible(portal)}`}`;
}

/** Everything a path says of itself that is not the healthy word; words that nobody knows stand in quotes. */
function wordsOf(path: Path): string {
	const words = [
		path.checkerState !== null && path.checkerState === path.anaState
			? null
			: wordOf("checker", path.checkerState, healthyChecker),
		wordOf("dm", path.dmState, healthyDm),
		wordOf("device", path.deviceState ?? "n/a", healthyDevice),
		path.anaState === null ? null : wordOf("ANA", path.anaState, healthyAna),
		path.marginal ? "set aside as marginal" : null,
	].filter((word) => word !== null);
	return words.length === 0 ? "it does not report its state" : words.join(", ");
}

const healthyChecker = new Set(["ready", "n/a"]);
const healthyDm = new Set(["active", "n/a"]);
const healthyDevice = new Set(["running", "live", "n/a"]);
const healthyAna = new Set(["optimized", "non-optimized"]);

const commonWords =
	/^(?:faulty|down|timeout|i\/o timeout|i\/o pending|pending|disconnected|undef|unchecked|wild|shaky|delayed|ghost|failed|offline|blocked|transport-offline|quiesce|dead|unknown|inaccessible|change)$/;

function wordOf(column: string, word: string | null, healthy: ReadonlySet<string>): string | null {
	if (word === null) return `${column} not reported`;
	if (healthy.has(word)) return null;
	return `${column} ${commonWords.test(word) ? word : quoted(word, 40)}`;
}
