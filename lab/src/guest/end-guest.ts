import { join } from "node:path";
import { folderOf, forget, type GuestRecord } from "./guest-record.ts";
import { stopMachine } from "./machine.ts";
import { closeShell } from "./shell.ts";

/** Ends a guest at once, as pulling its plug would, and removes its disks. */
export async function endGuest(record: GuestRecord): Promise<void> {
	await closeShell(join(folderOf(record.name), "ssh.conf"));
	await stopMachine(record.process);
	await forget(record);
}
