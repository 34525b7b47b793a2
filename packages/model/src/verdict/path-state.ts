import type { Path } from "../topology/path.ts";
import type { PathState } from "./states.ts";

/**
 * The words that prove something, by the column they stand in (multipath-tools libmultipath/checkers.h, print.c;
 * drivers/scsi/scsi_sysfs.c; drivers/nvme/host). A word that is in no list proves nothing, and the path is unknown.
 */
const GONE = new Set(["##", "#:#:#:#", "#:#"]);
const FAILED_CHECKER = new Set(["faulty", "down", "timeout", "i/o timeout", "disconnected"]);
const FAILED_DEVICE = new Set([
	"offline",
	"blocked",
	"transport-offline",
	"detached",
	"quiesce",
	"dead",
	"resetting",
	"connecting",
	"deleting",
	"deleting (no IO)",
]);
const IMPAIRED_CHECKER = new Set(["shaky", "delayed", "marginal"]);
const STANDBY_ANA = new Set(["inaccessible", "change"]);
const USABLE_ANA = new Set(["optimized", "non-optimized"]);
const WORKING_DEVICE = new Set(["running", "live"]);
/** A column that does not apply to the path: the other words decide. */
const NOT_APPLICABLE = "n/a";

/** What one path is worth: the worst that any of its words says. */
export function pathState(path: Path): PathState {
	if (isGone(path)) return "gone";
	if (hasFailed(path)) return "failed";
	if (!isUnderstood(path)) return "unknown";
	if (path.marginal || IMPAIRED_CHECKER.has(path.checkerState ?? "")) return "impaired";
	if (path.checkerState === "ghost" || STANDBY_ANA.has(path.anaState ?? "")) return "standby";
	return "usable";
}

function isGone({ dev, devT, hctl, dmState, checkerState, deviceState }: Path): boolean {
	if (dev === "" || dev === "-" || GONE.has(dev)) return true;
	return (
		saysGone(devT) || saysGone(hctl) || saysGone(dmState) || saysGone(checkerState) || saysGone(deviceState)
	);
}

function saysGone(word: string | null): boolean {
	return word !== null && GONE.has(word);
}

function hasFailed({ dmState, checkerState, deviceState }: Path): boolean {
	return (
		dmState === "failed" || FAILED_CHECKER.has(checkerState ?? "") || FAILED_DEVICE.has(deviceState ?? "")
	);
}

/** Every column says a word that is known there, and together they say something. */
function isUnderstood({ dmState, checkerState, deviceState, anaState }: Path): boolean {
	const dm = dmState === "active" || dmState === NOT_APPLICABLE;
	const checker =
		checkerState === "ready" ||
		checkerState === "ghost" ||
		checkerState === NOT_APPLICABLE ||
		IMPAIRED_CHECKER.has(checkerState ?? "") ||
		(checkerState !== null && checkerState === anaState);
	const ana = anaState === null || USABLE_ANA.has(anaState) || STANDBY_ANA.has(anaState);
	// Releases before 0.4.9 do not print the device's own state.
	const device = deviceState === null || deviceState === NOT_APPLICABLE || WORKING_DEVICE.has(deviceState);
	const says = saysSomething(dmState) || saysSomething(checkerState) || saysSomething(deviceState);
	return dm && checker && ana && device && (says || saysSomething(anaState));
}

function saysSomething(word: string | null): boolean {
	return word !== null && word !== NOT_APPLICABLE;
}
