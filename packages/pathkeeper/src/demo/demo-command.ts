import type { ExtraCommand, Io } from "@pathkeeper/cli";
import { PathkeeperError } from "@pathkeeper/model";

/** `pathkeeper demo`. */
export function demoCommand(io: Pick<Io, "out" | "err" | "env">): ExtraCommand {
	return {
		add: (program, run) => {
			program
				.command("demo")
				.summary("a simulated fleet to try things on; needs no root and changes nothing here")
				.description(
					"Run a simulated fleet to try things on: a SAN, its hosts with an agent each, and a server with the web page. It needs no root, changes nothing on this machine, and reads neither the settings file nor PATHKEEPER_… of the environment. It runs until Ctrl-C, in a temporary folder that is removed at the end. With -o json it prints one line when it is ready.",
				)
				.option("--size <size>", "size of the SAN, as NODESxLUNSxPATHS, such as 20x100x4")
				.option(
					"--listen <address>",
					"ADDRESS:PORT for HTTPS, PORT for this machine only, or off (127.0.0.1:8010, or a free port when that one is taken)",
				)
				.action((choice: { readonly size?: string; readonly listen?: string }) =>
					run(async () => {
						const { socket, output } = program.opts<{ socket?: string; output: string }>();
						if (socket !== undefined)
							throw new PathkeeperError("PARAMETER_INVALID", {
								fields: { socket: "a demo has a socket of its own, and says which" },
							});
						// Other commands do without all that the daemon is made of.
						const { runDemo } = await import("./run-demo.ts");
						const { size, listen } = choice;
						return await runDemo({ size, listen, forPeople: output === "table", io });
					}),
				);
		},
	};
}
