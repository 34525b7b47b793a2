import { access } from "node:fs/promises";
import { readRegularFile } from "../files/regular-file.ts";

/** Whether the daemon's process is there, found out without touching its socket. */
export type Liveness =
	| { readonly state: "running"; readonly pid: number }
	| { readonly state: "not-running"; readonly problem: string }
	| { readonly state: "not-installed"; readonly problem: string };

/** How liveness is asked; a stand-in takes the place of the real one where the daemon is simulated. */
export type AskLiveness = () => Promise<Liveness>;

const pidFile = "/run/multipathd.pid";
/** `cgroup.procs` of the unit: how systemd, too, knows which process is the daemon. */
const unitProcesses = [
	"/sys/fs/cgroup/system.slice/multipathd.service/cgroup.procs",
	"/sys/fs/cgroup/systemd/system.slice/multipathd.service/cgroup.procs",
];
const programs = ["/sbin/multipathd", "/usr/sbin/multipathd", "/usr/bin/multipathd"];
const daemonName = "multipathd";

/**
 * Asks the pid file and systemd's control group, then the process itself. Never connects: on Debian 12
 * `multipathd.socket` is enabled, and a mere connect starts a daemon that an administrator stopped.
 */
export function livenessOnHost(root = "/"): AskLiveness {
	const below = (path: string): string => `${root.replace(/\/+$/, "")}${path}`;
	return async () => {
		const fromFile = numbersIn(await textOf(below(pidFile)));
		for (const pid of fromFile) {
			if (await isDaemon(below(`/proc/${pid}`))) return { state: "running", pid };
		}
		for (const list of unitProcesses) {
			for (const pid of numbersIn(await textOf(below(list)))) {
				if (await isDaemon(below(`/proc/${pid}`))) return { state: "running", pid };
			}
		}
		if (!(await anyExists(programs.map(below)))) {
			return { state: "not-installed", problem: `there is no ${programs.slice(0, 2).join(" or ")}` };
		}
		const [stale] = fromFile;
		return {
			state: "not-running",
			problem:
				stale === undefined
					? `${pidFile} names no process`
					: `process ${stale} of ${pidFile} is not there or not multipathd`,
		};
	};
}

/** `/proc/PID/stat` reads `PID (comm) STATE …`; comm may hold blanks and brackets, so the last `)` counts. */
async function isDaemon(folder: string): Promise<boolean> {
	const stat = await textOf(`${folder}/stat`);
	const end = stat.lastIndexOf(")");
	const name = stat.slice(stat.indexOf("(") + 1, end);
	const state = stat.slice(end + 2, end + 3);
	return name === daemonName && state !== "Z" && state !== "X" && state !== "";
}

function numbersIn(text: string): readonly number[] {
	return [...text.matchAll(/^\s*(\d+)\s*$/gm)].map((line) => Number(line[1])).filter((pid) => pid > 0);
}

async function textOf(path: string): Promise<string> {
	try {
		return await readRegularFile(path);
	} catch {
		return "";
	}
}

async function anyExists(paths: readonly string[]): Promise<boolean> {
	for (const path of paths) {
		try {
			await access(path);
			return true;
		} catch {
			// the next one
		}
	}
	return false;
}
