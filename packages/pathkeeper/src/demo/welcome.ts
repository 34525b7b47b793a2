/** What a demo says about itself when it is ready. */
import { realRuntime } from "../runtime/real-runtime.ts";
import type { NetworkDoor } from "../serve/doors.ts";
import type { Administrator } from "./first-config.ts";
import type { DemoPlot } from "./plot.ts";

/** Where the page is looked for first. */
const usualPort = "8010";

export interface DemoFacts extends Administrator {
	readonly folder: string;
	readonly socket: string;
	/** Null: it was said that there is to be none. */
	readonly door: NetworkDoor | null;
	readonly plot: DemoPlot;
}

export interface Terminal {
	/** How the program is called here. */
	readonly command: string;
	/** True when PATHKEEPER_SERVER of the environment would win over the socket. */
	readonly namesServer: boolean;
}

/** For a person. */
export function welcomeText(facts: DemoFacts & Terminal): string {
	const { command, folder, socket, namesServer, plot } = facts;
	const lines = [
		"ALL OF THIS IS SIMULATED: no host and no SAN in it is real, and nothing on this machine is changed.",
		"",
		...pageLines(facts),
		"",
		"In another terminal:",
		"",
		`  export PATHKEEPER_SOCKET=${socket}${namesServer ? "; unset PATHKEEPER_SERVER" : ""}`,
		...table(command, [
			["status", "the fleet at a glance"],
			...(plot.candidate === null ? [] : candidateLines(plot.candidate)),
			["log", "what happened so far"],
		]),
		...(plot.port === null ? [] : ["", "Break something:", "", ...table(command, breakLines(plot.port))]),
		"",
		`All of it lies in ${folder}, which is removed at the end. Ctrl-C ends the demo.`,
	];
	return `${lines.join("\n")}\n`;
}

/** For programs. */
export function welcomeDocument({ folder, socket, door, user, password, plot }: DemoFacts): object {
	const page = door !== null && "url" in door ? door : null;
	return {
		simulated: 1,
		pid: realRuntime.pid,
		folder,
		socket,
		url: page?.url ?? null,
		fingerprint: page?.fingerprint ?? null,
		problem: door !== null && "problem" in door ? door.problem : null,
		user,
		password,
		port: plot.port,
		candidate: plot.candidate,
	};
}

type Row = readonly [words: string, what: string];

function candidateLines(wwid: string): readonly Row[] {
	return [
		["lun list --candidates", "LUNs that are not allowed yet"],
		[`lun allow ${wwid}`, "assemble its map on every host"],
	];
}

function breakLines(port: string): readonly Row[] {
	return [
		[`sim fail port ${port}`, "a port of the array goes down"],
		[`sim restore port ${port}`, "and comes back"],
		["sim show", "what else there is to break"],
	];
}

function table(command: string, rows: readonly Row[]): readonly string[] {
	const width = Math.max(...rows.map(([words]) => words.length));
	return rows.map(([words, what]) => `  ${command} ${words.padEnd(width)}  # ${what}`);
}

function pageLines({ door, user, password }: DemoFacts): readonly string[] {
	if (door === null) return ["The web page is not served, as you asked."];
	if ("problem" in door) return [`The web page is not served: ${door.problem}`];
	const isUsual = new URL(door.url).port === usualPort;
	return [
		`Web page:    ${door.url}${isUsual ? "" : `   (something else listens on port ${usualPort})`}`,
		`User:        ${user}`,
		`Password:    ${password}`,
		`Certificate: ${door.fingerprint}`,
		"",
		"The browser warns that it does not know the certificate, because it was made here just now. It is the right",
		"one when its SHA-256 fingerprint is the one above.",
	];
}
