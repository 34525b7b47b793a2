import type { RunProgram, RunResult } from "@pathkeeper/host";
import { effectiveConf, PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "./clock.ts";
import { builtInBlacklist } from "./daemon/built-in.ts";
import { configText, fileBlocks } from "./daemon/config-text.ts";
import { Filter } from "./daemon/filter.ts";
import { RootedNameFiles } from "./daemon/name-files.ts";
import { confFiles, readConf } from "./daemon/read-conf.ts";
import { type Release, releaseTraits } from "./daemon/release.ts";

/** How the simulated `multipath` program is made to misbehave. */
export interface ProgramFaults {
	/** Never ends. */
	readonly hang: boolean;
	/** Ends with a SIGSEGV. */
	readonly crash: boolean;
}

export interface MultipathProgramOptions {
	readonly root: string;
	readonly release: Release;
	readonly clock: Clock;
	/** Milliseconds that a second lasts. */
	readonly secondMs: number;
	readonly faults: () => ProgramFaults;
}

/**
 * The `multipath` program of a release, as far as Pathkeeper calls it: `-h`, `-t`, `-a WWID`, `-w WWID`. It reads the
 * files below the root first, whatever it is asked, so a configuration that crashes or holds it does so every time.
 */
export function multipathProgram(options: MultipathProgramOptions): RunProgram {
	const { root, release, clock, secondMs, faults } = options;
	const names = new RootedNameFiles(root);
	return async (program, args, { deadlineMs, signal }) => {
		signal?.throwIfAborted();
		const { conf, hazard } = readConf(root, release);
		if (faults().hang || hazard === "endless loop") {
			const { promise, resolve } = Promise.withResolvers<void>();
			clock.schedule((deadlineMs / 1000) * secondMs, resolve);
			await promise;
			throw new PathkeeperError("PROCESS_DEADLINE", { program, seconds: deadlineMs / 1000 });
		}
		if (faults().crash) return { ...ended(null, "", ""), signal: "SIGSEGV" };
		if (hazard !== null) return { ...ended(null, "", ""), signal: hazard };
		const complaints = complaintsAbout(root, release);
		if (conf.fatal !== null)
			return ended(1, "", `${complaints}0.1 | ${conf.fatal}\n0.1 | error parsing config file\n`);
		const [option, wwid = ""] = args;
		switch (option) {
			case "-t":
				return ended(0, configText(release, conf, fileBlocks(conf)), complaints);
			case "-a":
				if (!new Filter(conf, builtInBlacklist(release)).wwidAllowed(wwid)) return ended(1, "", complaints);
				names.refresh();
				names.add(wwid);
				return ended(0, `wwid '${wwid}' added\n`, complaints);
			case "-w":
				return ended(
					0,
					`wwid '${wwid}' ${names.remove(wwid) ? "removed" : "not in wwids file"}\n`,
					complaints,
				);
			default:
				return ended(1, "", `${complaints}${releaseTraits[release].banner}\n`);
		}
	};
}

function ended(code: number | null, stdout: string, stderr: string): RunResult {
	return { code, signal: null, stdout, stderr };
}

const sections =
	/^\s*(defaults|blacklist|blacklist_exceptions|devices|device|overrides|multipaths|multipath|protocol)\b/;

/** Lines that the release does not take, with the seconds since boot in front, as on stderr. */
function complaintsAbout(root: string, release: Release): string {
	let text = "";
	for (const { name, text: content } of confFiles(root)) {
		const open: string[] = [];
		for (const [index, line] of content.split("\n").entries()) {
			const complain = (problem: string) => {
				text += `0.1 | ${name} line ${index + 1}, ${problem}\n`;
			};
			const [, section] = sections.exec(line) ?? [];
			if (section !== undefined) {
				if (!/\{\s*$/.test(line))
					complain(`ignoring extra data starting with '${line.trim().split(/\s+/).at(2) ?? ""}'`);
				open.push(section);
			} else if (/^\s*\}/.test(line)) open.pop();
			else {
				const [, keyword = "", value] = /^\s*([^\s#!{}"]+)\s+(?:"([^"]*)"|\S+)?/.exec(line) ?? [];
				const inside = open.at(-1);
				if (keyword === "" || inside === undefined) continue;
				if (takes(line, open, release)) continue;
				complain(`invalid value for ${keyword}: "${value ?? line.trim().split(/\s+/)[1] ?? ""}"`);
			}
		}
	}
	return text;
}

/** Whether a line sets anything where it stands. */
function takes(line: string, open: readonly string[], release: Release): boolean {
	const own = open.at(-1);
	const names =
		own === "device"
			? 'vendor "v"\nproduct "p"\n'
			: own === "multipath"
				? 'wwid "w"\n'
				: own === "protocol"
					? 'type "scsi:fcp"\n'
					: "";
	const wrap = (inner: string) =>
		open.reduceRight((text, section) => `${section} {\n${text}\n}`, `${names}${inner}`);
	const without = JSON.stringify(
		effectiveConf([{ name: "one.conf", text: wrap("") }], { toolsVersion: release }),
	);
	const withLine = effectiveConf([{ name: "multipath.conf", text: wrap(line) }], { toolsVersion: release });
	if (withLine.fatal !== null) return false;
	// The lines that give a block its name are in the frame already.
	return (
		JSON.stringify(withLine) !== without || (names !== "" && /^\s*(wwid|vendor|product|type)\s/.test(line))
	);
}
