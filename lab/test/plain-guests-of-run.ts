/** As guests-of-run.ts, for guests that have nothing but Debian. */
import { beginRun, builtPackages, endRun, prepareGuests, suitesOfRun } from "../src/index.ts";

export async function setup(): Promise<void> {
	beginRun();
	builtPackages();
	await prepareGuests(suitesOfRun(), "plain");
}

export async function teardown(): Promise<void> {
	await endRun();
}
