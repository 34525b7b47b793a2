import type { Path } from "../topology/path.ts";
import type { PathState } from "./states.ts";

/**
 * The words that prove something, by the column they stand in (multipath-tools libmultipath/checkers.h, print.c;
 * drivers/scsi/scsi_sysfs.c; drivers/nvme/host). A word that is in no list proves nothing, and the path is unknown.
 */
const gone = new Set(["##", "#:#:#:#", "#:#"]);
const failedChecker = new Set(["faulty", "down", "timeout", "i/o timeout", "disconnected"]);
const failedDevice = new Set([
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
const impairedChecker = new Set(["shaky", "delayed", "marginal"]);
const standbyAna = new Set(["inaccessible", "change"]);
const usableAna = new Set(["optimized", "non-optimized"]);
const workingDevice = new Set(["running", "live"]);
/** A column that does not apply to the path: the other words decide. */
const notApplicable = "n/a";

/** What one path is worth: the worst that any of its words says. */
export function pathState(path: Path): PathState {
	if (isGone(path)) return "gone";
	if (hasFailed(path)) return "failed";
	if (!isUnderstood(path)) return "unknown";
	if (path.marginal || impairedChecker.has(path.checkerState ?? "")) return "impaired";
	if (path.checkerState === "ghost" || standbyAna.has(path.anaState ?? "")) return "standby";
	return "usable";
}

function isGone({ dev, devT, hctl, dmState, checkerState, deviceState }: Path): boolean {
	if (dev === "" || dev === "-" || gone.has(dev)) return true;
	return (
		saysGone(devT) || saysGone(hctl) || saysGone(dmState) || saysGone(checkerState) || saysGone(deviceState)
	);
}

function saysGone(word: string | null): boolean {
	return word !== null && gone.has(word);
}

function hasFailed({ dmState, checkerState, deviceState }: Path): boolean {
	return dmState === "failed" || failedChecker.has(checkerState ?? "") || failedDevice.has(deviceState ?? "");
}

/** Every column says a word that is known there, and together they say something. */
function isUnderstood({ dmState, checkerState, deviceState, anaState }: Path): boolean {
	const dm = dmState === "active" || dmState === notApplicable;
	const checker =
		checkerState === "ready" ||
		checkerState === "ghost" ||
		checkerState === notApplicable ||
		impairedChecker.has(checkerState ?? "") ||
		(checkerState !== null && checkerState === anaState);
	const ana = anaState === null || usableAna.has(anaState) || standbyAna.has(anaState);
	// Releases before 0.4.9 do not print the device's own state.
	const device = deviceState === null || deviceState === notApplicable || workingDevice.has(deviceState);
	const says = saysSomething(dmState) || saysSomething(checkerState) || saysSomething(deviceState);
	return dm && checker && ana && device && (says || saysSomething(anaState));
}

function saysSomething(word: string | null): boolean {
	return word !== null && word !== notApplicable;
}
