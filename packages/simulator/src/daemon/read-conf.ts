import { readdirSync, readFileSync } from "node:fs";
import { type BlacklistRules, type EffectiveConf, effectiveConf } from "@pathkeeper/model";
import type { DaemonConf, Rules } from "./conf.ts";
import { type Release, releaseTraits } from "./release.ts";

/** What stands in the configuration files of a node, and what a release of multipath-tools makes of it. */
export interface ConfReading {
	readonly conf: DaemonConf;
	/** Why reading it ends or holds the program that reads it; null when it does not. */
	readonly hazard: "SIGFPE" | "SIGSEGV" | "endless loop" | null;
}

interface ConfText {
	readonly name: string;
	readonly text: string;
}

/** Reads the main file and the drop-ins below a root folder, as multipathd does. */
export function readConf(root: string, release: Release): ConfReading {
	const files = confFiles(root);
	const effective = effectiveConf(files, { toolsVersion: release });
	return { conf: daemonConf(effective), hazard: hazardOf(files, release) };
}

/** The main file, then `conf.d/*.conf` in byte order; dot-files count, `x.conf.dpkg-old` does not. */
export function confFiles(root: string): readonly ConfText[] {
	const folder = `${root}/etc/multipath/conf.d`;
	let names: readonly string[] = [];
	try {
		names = readdirSync(folder).filter((name) => name.endsWith(".conf"));
	} catch {
		// no drop-ins
	}
	const paths = ["/etc/multipath.conf", ...[...names].sort().map((name) => `/etc/multipath/conf.d/${name}`)];
	const files: ConfText[] = [];
	for (const path of paths) {
		try {
			files.push({ name: path, text: readFileSync(`${root}${path}`, "utf8") });
		} catch {
			// not there
		}
	}
	return files;
}

function daemonConf(effective: EffectiveConf): DaemonConf {
	return {
		defaults: new Map(Object.entries(effective.defaults)),
		overrides: new Map(Object.entries(effective.overrides)),
		devices: effective.devices.map(({ vendor, product, settings }) => ({
			vendor,
			product,
			values: new Map(Object.entries(settings)),
		})),
		multipaths: new Map(
			effective.multipaths.map(({ wwid, settings }) => [wwid, new Map(Object.entries(settings))]),
		),
		blacklist: rulesFrom(effective.blacklist),
		exceptions: rulesFrom(effective.blacklistExceptions),
		fatal: effective.fatal,
	};
}

function rulesFrom(rules: BlacklistRules): Rules {
	return {
		...rules,
		device: rules.device.map(({ vendor, product }) => ({ vendor: vendor ?? "", product: product ?? "" })),
	};
}

/**
 * Values that kill the reader: `polling_interval 0` divides by it (SIGFPE), one that is no number while none was set
 * before loops for ever (both 0.11.1 and 0.15.1), and a `/` in `partition_delimiter` is a SIGSEGV in every release.
 */
function hazardOf(files: readonly ConfText[], release: Release): ConfReading["hazard"] {
	let interval: string | null = null;
	for (const { text } of files)
		for (const line of text.split("\n")) {
			const [, keyword, value = ""] =
				/^\s*(polling_interval|partition_delimiter)\s+"?([^"\s]*)/.exec(line) ?? [];
			if (keyword === "partition_delimiter" && value.includes("/")) return "SIGSEGV";
			if (keyword !== "polling_interval") continue;
			if (/^\+?\d+$/.test(value)) interval = value;
			else if (interval === null && releaseTraits[release].diesOfZeroInterval) return "endless loop";
		}
	return Number(interval ?? 5) === 0 && releaseTraits[release].diesOfZeroInterval ? "SIGFPE" : null;
}
