import { type ExtraCommand, type Format, type Io, Output } from "@pathkeeper/cli";
import { defaultSettingsFile } from "../settings/given.ts";
import { exitCodeFor } from "./diagnosis.ts";
import { doctorText } from "./doctor-text.ts";

interface DoctorFlags {
	readonly settings?: string;
	readonly state?: string;
	readonly hostRoot?: string;
	readonly all?: true;
	readonly bundle?: string;
}

/** `pathkeeper doctor`. `leaves` is called before anything is looked at: what may hang must not keep the process. */
export function doctorCommand(io: Io, leaves: () => void): ExtraCommand {
	return {
		add: (program, run) => {
			program
				.command("doctor")
				.summary("what is missing or wrong on this machine, and how to fix it")
				.description(
					"Examine this machine and list what is missing or wrong, most urgent first, with the commands that fix it. Works with a daemon and without one; changes nothing and opens no disk. Run it as root: what it may not read is unknown. Exit code 0 nothing or only notes, 1 warnings, 2 errors, 3 something could not be checked.",
				)
				.option("--settings <file>", `settings file, instead of ${defaultSettingsFile}`)
				.option("--state <folder>", "state folder, instead of the one in the settings")
				.option("--host-root <folder>", "where the host's file tree starts (/)")
				.option("--all", "also list what is fine")
				.option(
					"--bundle <file>",
					"write a support archive (tar.gz) without secrets; exit code 0 when it is written, whatever is wrong",
				)
				.action((flags: DoctorFlags) =>
					run(async () => {
						const globals = program.opts<{ output: Format; wide?: true; socket?: string }>();
						leaves();
						const output = new Output(io, globals.output, globals.wide === true);
						// Other commands do without all that is looked at here.
						const { examine } = await import("./examine.ts");
						const options = {
							env: io.env,
							file: flags.settings ?? null,
							now: io.now(),
							...(globals.socket === undefined ? {} : { socket: globals.socket }),
							...(flags.state === undefined ? {} : { state: flags.state }),
							...(flags.hostRoot === undefined ? {} : { hostRoot: flags.hostRoot }),
						};
						if (flags.bundle !== undefined) {
							const { bundle } = await import("./bundle/bundle-command.ts");
							return await bundle(flags.bundle, options, output);
						}
						const { diagnoses } = await examine(options);
						output.rows(diagnoses, () => doctorText(diagnoses, output, flags.all === true));
						return exitCodeFor(diagnoses);
					}),
				);
		},
	};
}
