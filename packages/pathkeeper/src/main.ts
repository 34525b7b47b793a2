#!/usr/bin/env -S node --max-semi-space-size=16
/**
 * The executable: the command line, with the daemon as one of its commands. The flag bounds what V8 sets aside for young
 * objects, which is over 100 MB where the machine has much memory; `small-heap.ts` does the same for old ones.
 */
import { runProgram } from "@pathkeeper/cli";
import { daemonCommand } from "./daemon-command.ts";
import { processIo } from "./process-io.ts";
import { simCommand } from "./simulator/sim-command.ts";
import { storeCommand } from "./store/store-copy-command.ts";
import { version } from "./version.ts";

process.exitCode = await runProgram(process.argv.slice(2), {
	io: processIo,
	version,
	extra: [daemonCommand, storeCommand(processIo), simCommand(processIo)],
});
