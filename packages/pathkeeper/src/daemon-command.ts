import type { ExtraCommand } from "@pathkeeper/cli";
import { InvalidArgumentError, Option } from "commander";
import { runDaemon, type SimulatedSize } from "./daemon.ts";

interface DaemonOptions {
	readonly state: string;
	readonly hostRoot: string;
	readonly simulate?: true | SimulatedSize;
}

/** `pathkeeper daemon`. */
export const daemonCommand: ExtraCommand = {
	add: (program, run) => {
		program
			.command("daemon")
			.description("run Pathkeeper on this host: agent and server over the embedded store")
			.option("--state <folder>", "what must survive a restart", "/var/lib/pathkeeper")
			.option("--host-root <folder>", "where the host's file tree starts", "/")
			.addOption(
				new Option(
					"--simulate [size]",
					"run over a simulated SAN instead of this host; size as NODESxLUNSxPATHS",
				).argParser(sizeOf),
			)
			.action((options: DaemonOptions) =>
				run(() =>
					runDaemon({
						stateFolder: options.state,
						hostRoot: options.hostRoot,
						socketPath:
							program.opts<{ socket?: string }>().socket ?? process.env["PATHKEEPER_SOCKET"] ?? null,
						simulate:
							options.simulate === undefined ? null : options.simulate === true ? "demo" : options.simulate,
					}),
				),
			);
	},
};

function sizeOf(text: string): SimulatedSize {
	const [nodes = 0, luns = 0, paths = 0] = text.split("x").map(Number);
	const sound =
		/^\d+x\d+x\d+$/.test(text) && nodes >= 1 && nodes <= 200 && luns <= 5000 && paths >= 1 && paths <= 32;
	if (!sound) throw new InvalidArgumentError("Say NODESxLUNSxPATHS, such as 3x4x4; at most 200x5000x32.");
	return { nodes, luns, pathsPerLun: paths };
}
