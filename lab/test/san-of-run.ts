/** The saved guest that becomes an array. */
import { prepareGuests } from "../src/index.ts";

export async function setup(): Promise<void> {
	await prepareGuests(["bookworm"]);
}
