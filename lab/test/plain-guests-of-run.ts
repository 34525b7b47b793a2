/** As guests-of-run.ts, for guests that have nothing but Debian. */
import { beginRun, builtPackages, endRun, installSuitesOfRun, prepareGuests } from "../src/index.ts";

export async function setup(): Promise<void> {
	beginRun();
	builtPackages();
	await prepareGuests(installSuitesOfRun(), "plain");
}

export async function teardown(): Promise<void> {
	await endRun();
}
