import type { ArrayPlan } from "../san/san-plan.ts";

/**
 * The configuration that a daemon runs on, read from the files of its root, with values as text. What is not set
 * here comes from multipathd's built-in defaults, which `builtInDefaults` lists per release.
 */
export interface DaemonConf {
	/** Keywords of `defaults` that the files set. */
	readonly defaults: Values;
	readonly overrides: Values;
	/** In file order; a later matching entry wins. */
	readonly devices: readonly DeviceEntry[];
	/** By WWID; blocks with the same WWID are merged. */
	readonly multipaths: ReadonlyMap<string, Values>;
	readonly blacklist: Rules;
	readonly exceptions: Rules;
	/** Why the daemon cannot run on this, as it words it; null when it can. */
	readonly fatal: string | null;
}

type Values = ReadonlyMap<string, string>;

interface DeviceEntry {
	readonly vendor: string;
	readonly product: string;
	readonly values: Values;
}

export interface Rules {
	readonly devnode: readonly string[];
	readonly wwid: readonly string[];
	readonly property: readonly string[];
	readonly protocol: readonly string[];
	readonly device: readonly { readonly vendor: string; readonly product: string }[];
}

const noRules: Rules = { devnode: [], wwid: [], property: [], protocol: [], device: [] };

export const emptyConf: DaemonConf = {
	defaults: new Map(),
	overrides: new Map(),
	devices: [],
	multipaths: new Map(),
	blacklist: noRules,
	exceptions: noRules,
	fatal: null,
};

/** A value of a map: `multipath` block, then overrides, device, defaults (multipath-tools libmultipath/propsel.c). */
export function mapValue(conf: DaemonConf, wwid: string, array: ArrayPlan, key: string): string | null {
	return conf.multipaths.get(wwid)?.get(key) ?? pathValue(conf, array, key);
}

/** A value of a path: overrides, device, defaults. Null where nothing sets it. */
export function pathValue(conf: DaemonConf, array: ArrayPlan, key: string): string | null {
	return (
		conf.overrides.get(key) ??
		deviceValue(conf, array, key) ??
		array.builtIn?.[key] ??
		conf.defaults.get(key) ??
		null
	);
}

function deviceValue(conf: DaemonConf, array: ArrayPlan, key: string): string | undefined {
	return conf.devices
		.findLast(
			(entry) =>
				entry.values.has(key) &&
				expression(entry.vendor).test(array.vendor) &&
				expression(entry.product).test(array.product),
		)
		?.values.get(key);
}

const compiled = new Map<string, RegExp>();

/** POSIX extended expressions are near enough to JavaScript's; what does not compile matches nothing. */
export function expression(pattern: string): RegExp {
	const known = compiled.get(pattern);
	if (known !== undefined) return known;
	let made: RegExp;
	try {
		made = new RegExp(pattern);
	} catch {
		made = /(?!)/;
	}
	if (compiled.size > 10_000) compiled.clear();
	compiled.set(pattern, made);
	return made;
}

/** How long a map without paths queues: retries, `queue`, `fail`, or `unset`. */
export type NoPathRetry = number | "queue" | "fail" | "unset";

export function noPathRetry(conf: DaemonConf, wwid: string, array: ArrayPlan): NoPathRetry {
	const text = mapValue(conf, wwid, array, "no_path_retry");
	if (text === null)
		return mapValue(conf, wwid, array, "features")?.includes("queue_if_no_path") === true ? "queue" : "unset";
	if (text === "queue") return "queue";
	if (text === "fail" || text === "0") return "fail";
	const retries = Number(text);
	return Number.isInteger(retries) ? Math.max(1, retries) : "unset";
}

export function pollingInterval(conf: DaemonConf): number {
	const seconds = Number(conf.defaults.get("polling_interval") ?? "5");
	return Number.isInteger(seconds) && seconds >= 0 ? seconds : 5;
}

export function maxPollingInterval(conf: DaemonConf): number {
	const seconds = Number(conf.defaults.get("max_polling_interval") ?? "0");
	const least = pollingInterval(conf);
	return Number.isInteger(seconds) && seconds >= least && seconds > 0 ? seconds : 4 * least;
}
