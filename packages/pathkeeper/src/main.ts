#!/usr/bin/env node
/** The executable: the command line, with the daemon as one of its commands. */
import { runProgram } from "@pathkeeper/cli";
import { daemonCommand } from "./daemon-command.ts";
import { demoCommand } from "./demo/demo-command.ts";
import { processIo } from "./process-io.ts";
import { simCommand } from "./simulator/sim-command.ts";
import { storeCommand } from "./store/store-copy-command.ts";
import { version } from "./version.ts";

process.exitCode = await runProgram(process.argv.slice(2), {
	io: processIo,
	version,
	extra: [daemonCommand, storeCommand(processIo), demoCommand(processIo), simCommand(processIo)],
});
