/**
 * One guest a suite for a whole run of end-to-end tests. Its first user wakes it; it ends with the run, whichever way
 * the run ends. Test files run one after another, so nobody meets another's half-done work, but a file finds what
 * those before it left; what must start from nothing wakes a guest of its own with `bootGuest`, which takes seconds.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { bootGuest, connectGuest } from "./guest/boot-guest.ts";
import { endGuest } from "./guest/end-guest.ts";
import type { Guest } from "./guest/guest.ts";
import { reap, runningGuests } from "./guest/guest-record.ts";
import { identityOf, type ProcessIdentity } from "./guest/process-identity.ts";
import { LabError } from "./lab-error.ts";
import { isSuite, type Suite, suites } from "./suites.ts";

/** The release bundle, shared with every guest as /mnt/lab/pathkeeper.mjs when it has been built. */
export const bundle: string =
	process.env["PATHKEEPER_BUNDLE"] ?? join(import.meta.dirname, "../../dist/pathkeeper.mjs");

/** The release bundle and what it starts from beside it; empty when it has not been built. */
export function sharedBundle(): readonly string[] {
	return [bundle, join(dirname(bundle), "pathkeeper-worker.mjs")].filter((file) => existsSync(file));
}

/** Set by the run's global set-up: the process that the shared guests end with. */
const runVariable = "PATHKEEPER_LAB_RUN";

/** The port of the guest's API that tests reach by `guest.portOf(apiPort)`. */
export const apiPort = 8080;

/** The shared guest of a suite, up and reachable; its host name is the suite's. */
export async function sharedGuest(suite: Suite): Promise<Guest> {
	const name = nameInRun(suite);
	await reap();
	const running = connectGuest(name);
	if (running !== undefined) return running;
	return await bootGuest({
		suite,
		name,
		hostName: suite,
		share: sharedBundle(),
		forwardedPorts: [apiPort],
		life: runOwner(),
	});
}

/** Ends the shared guest of a suite; the next `sharedGuest` wakes an untouched one. */
export async function dropSharedGuest(suite: Suite): Promise<void> {
	await connectGuest(nameInRun(suite))?.kill();
}

/** The suites that this run is for: those in PATHKEEPER_LAB_SUITES, or all. */
export function suitesOfRun(): readonly Suite[] {
	return suitesIn("PATHKEEPER_LAB_SUITES") ?? suites;
}

/** The suites that this run installs the package on: those in PATHKEEPER_LAB_INSTALL_ON, or none. */
export function installSuitesOfRun(): readonly Suite[] {
	return suitesIn("PATHKEEPER_LAB_INSTALL_ON") ?? [];
}

/** True when of each kind only what catches most is tried, as `./dev test` does: PATHKEEPER_LAB_EXTENT=short. */
export function isShortRun(): boolean {
	return process.env["PATHKEEPER_LAB_EXTENT"] === "short";
}

/** Undefined when the variable is not set. */
function suitesIn(variable: string): readonly Suite[] | undefined {
	const wanted = process.env[variable];
	if (wanted === undefined || wanted.trim() === "") return undefined;
	return wanted
		.split(/[\s,]+/)
		.filter(Boolean)
		.map((name) => {
			if (!isSuite(name)) throw new LabError(`${variable}: there is no suite '${name}'`);
			return name;
		});
}

/** Makes this process the one that the run's guests end with; processes that it starts know it from then on. */
export function beginRun(): void {
	process.env[runVariable] = String(process.pid);
}

/** Ends every guest of this run. */
export async function endRun(): Promise<void> {
	const { pid } = runOwner();
	for (const record of runningGuests()) if (record.owner?.pid === pid) await endGuest(record);
	await reap();
}

/** Runs that go on at the same time do not share. */
function nameInRun(suite: Suite): string {
	return `${suite}-${runOwner().pid}`;
}

/** The process that guests of this run end with. */
export function runOwner(): ProcessIdentity {
	const owner = identityOf(Number(process.env[runVariable] ?? process.pid));
	if (owner === undefined) throw new LabError("the test run that this belongs to is gone");
	return owner;
}
