import { request } from "node:http";
import { defaultSockets, type ExtraCommand, type Io } from "@pathkeeper/cli";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { InvalidArgumentError } from "commander";
import { type Accident, accidentUsage } from "./accidents.ts";

const answerWithinMs = 10_000;

/** `pathkeeper sim`: breaks and mends the SAN of a daemon that runs with `--simulate`. */
export function simCommand(io: Pick<Io, "out" | "err" | "env">): ExtraCommand {
	return {
		add: (program, run) => {
			program
				.command("sim <words...>")
				.summary("break and repair the SAN of a demo")
				.description(
					`Break and repair the SAN of a demo, or of a daemon that runs with --simulate:\n${accidentUsage.map((line) => `  ${line}\n`).join("")}`,
				)
				.option("--times <count>", "how often it flaps", countFrom(1, 10_000), 10)
				.option("--every <ms>", "how long it stays down, and up", countFrom(10, 3_600_000), 2_000)
				.action((words: string[], { times, every }: { times: number; every: number }) =>
					run(async () => {
						const { socket, output } = program.opts<{ socket?: string; output?: string }>();
						const api = socket ?? io.env["PATHKEEPER_SOCKET"] ?? defaultSockets[0];
						const { ok, body, text } = await sendAccident(api, { words, times, everyMs: every });
						if (!ok) io.err(`${text}\n`);
						else io.out(output === "table" ? `SIMULATED: ${text}\n` : `${body}\n`);
						return ok ? 0 : 2;
					}),
				);
		},
	};
}

/** Has an accident happen to the fleet of the daemon on a local socket. Throws DAEMON_UNREACHABLE. */
export function sendAccident(
	apiSocket: string,
	accident: Accident,
): Promise<{ readonly ok: boolean; readonly body: string; readonly text: string }> {
	const socketPath = `${apiSocket}.sim`;
	return new Promise((resolve, reject) => {
		const unreachable = (error: Error) => {
			const absent = "code" in error && (error.code === "ENOENT" || error.code === "ECONNREFUSED");
			const problem = absent
				? "no demo runs here, and no daemon with --simulate; a running demo says which PATHKEEPER_SOCKET is its own"
				: error.message;
			reject(new PathkeeperError("DAEMON_UNREACHABLE", { address: socketPath, problem }));
		};
		const sent = request({ socketPath, method: "POST", timeout: answerWithinMs }, (response) => {
			const chunks: Buffer[] = [];
			response.on("data", (chunk: Buffer) => chunks.push(chunk));
			response.on("error", unreachable);
			response.on("end", () => {
				const body = Buffer.concat(chunks).toString("utf8");
				resolve({ ok: response.statusCode === 200, body, text: textOf(body) });
			});
		});
		sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
		sent.on("error", unreachable);
		sent.end(JSON.stringify(accident));
	});
}

function textOf(body: string): string {
	try {
		const document: unknown = JSON.parse(body);
		return document instanceof Object && "text" in document ? String(document.text) : body;
	} catch (error) {
		return messageOf(error);
	}
}

function countFrom(least: number, most: number): (text: string) => number {
	return (text) => {
		const count = Number(text);
		if (/^\d+$/.test(text) && count >= least && count <= most) return count;
		throw new InvalidArgumentError(`It is not a number from ${least} to ${most}.`);
	};
}
