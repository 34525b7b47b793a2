#!/usr/bin/env node
/** The executable: the command line, with the daemon as one of its commands. */
import { runProgram } from "@pathkeeper/cli";
import { daemonCommand } from "./daemon-command.ts";
import { demoCommand } from "./demo/demo-command.ts";
import { doctorCommand } from "./doctor/doctor-command.ts";
import { endWhenWritten } from "./end-when-written.ts";
import { processIo } from "./process-io.ts";
import { simCommand } from "./simulator/sim-command.ts";
import { storeCommand } from "./store/store-copy-command.ts";
import { version } from "./version.ts";

let leaves = false;
const exitCode = await runProgram(process.argv.slice(2), {
	io: processIo,
	version,
	extra: [
		daemonCommand,
		doctorCommand(processIo, () => {
			leaves = true;
		}),
		storeCommand(processIo),
		demoCommand(processIo),
		simCommand(processIo),
	],
});
process.exitCode = exitCode;
if (leaves) await endWhenWritten(exitCode);
