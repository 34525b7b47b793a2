/** QEMU's monitor (QMP): one connection a command, because QEMU serves one client at a time. */
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { LabError } from "../lab-error.ts";
import { isObject, type JsonObject, member, parseJson } from "../unknown-json.ts";

/**
 * Runs one QMP command and gives its `return` value. Throws LabError when QEMU refuses it, is gone, or takes longer
 * than `timeout` milliseconds.
 */
export async function monitorCommand(
	socketPath: string,
	command: string,
	args: JsonObject = {},
	timeout = 30_000,
): Promise<unknown> {
	const socket = connect(socketPath);
	const deadline = setTimeout(
		() => socket.destroy(new Error(`no answer within ${timeout / 1000} s`)),
		timeout,
	);
	// readline hands on no errors of its input, so the socket's error is kept for the throw below.
	let problem: unknown = new Error("QEMU closed the connection");
	socket.on("error", (error) => {
		problem = error;
	});
	const send = (message: JsonObject) => socket.write(`${JSON.stringify(message)}\n`);
	try {
		for await (const line of createInterface({ input: socket })) {
			const message = parseJson(line);
			if (!isObject(message) || "event" in message) continue;
			if ("QMP" in message) {
				send({ execute: "qmp_capabilities", id: "hello" });
			} else if (message["id"] === "hello") {
				send({ execute: command, arguments: args, id: "command" });
			} else if ("error" in message) {
				problem = new Error(String(member(message["error"], "desc")));
				break;
			} else if (message["id"] === "command") {
				return message["return"];
			}
		}
	} catch (error) {
		problem = error;
	} finally {
		clearTimeout(deadline);
		socket.destroy();
	}
	const reason = problem instanceof Error ? problem.message : String(problem);
	throw new LabError(`QEMU's monitor, ${command}: ${reason}`, { cause: problem });
}

/** A command of the human monitor; QEMU reports its errors only as text, so any text is taken for one. */
export async function humanMonitorCommand(socketPath: string, commandLine: string): Promise<void> {
	const answer = await monitorCommand(socketPath, "human-monitor-command", { "command-line": commandLine });
	if (typeof answer === "string" && answer.trim() !== "")
		throw new LabError(`QEMU's monitor, ${commandLine.split(",")[0]}: ${answer.trim()}`);
}

/** The host's ports of a machine's forwards, by guest port, from the human monitor's `info usernet`. */
export async function forwardedPorts(socketPath: string): Promise<ReadonlyMap<number, number>> {
	const answer = await monitorCommand(socketPath, "human-monitor-command", {
		"command-line": "info usernet",
	});
	const ports = new Map<number, number>();
	for (const line of String(answer).split("\n")) {
		const [kind, , , hostPort, , guestPort] = line.trim().split(/\s+/);
		if (kind === "TCP[HOST_FORWARD]") ports.set(Number(guestPort), Number(hostPort));
	}
	return ports;
}
