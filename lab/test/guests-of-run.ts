/** Before the first test: every suite's saved guest is made, so that no test waits for it. After the last: none is left. */
import { beginRun, endRun, prepareGuests, suitesOfRun } from "../src/index.ts";

export async function setup(): Promise<void> {
	beginRun();
	await prepareGuests(suitesOfRun());
}

export async function teardown(): Promise<void> {
	await endRun();
}
