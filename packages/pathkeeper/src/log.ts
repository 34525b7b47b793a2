import type { Log } from "@pathkeeper/agent";
import pino from "pino";

/** JSON lines for a service manager, short lines for a person at a terminal. PATHKEEPER_LOG sets the level. */
export function createLog(stream: NodeJS.WriteStream, usualLevel = "info"): Log {
	const level = process.env["PATHKEEPER_LOG"] ?? usualLevel;
	const options = {
		level,
		base: null,
		timestamp: pino.stdTimeFunctions.isoTime,
		formatters: { level: named },
	};
	return stream.isTTY
		? pino(options, { write: (line) => stream.write(readable(line)) })
		: pino(options, stream);
}

function named(label: string): { level: string } {
	return { level: label };
}

function readable(line: string): string {
	const entry: unknown = JSON.parse(line);
	const { time, level, msg, ...fields } =
		entry instanceof Object ? Object.fromEntries(Object.entries(entry)) : {};
	const facts = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
	return `${[String(time).slice(11, 19), String(level).padEnd(5), msg, ...facts].join(" ")}\n`;
}
