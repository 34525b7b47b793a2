import {
	type BuiltInDefault,
	builtInBlacklist,
	builtInDefaults,
	builtInDevnode,
	builtInProperty,
} from "./built-in.ts";
import { type DaemonConf, maxPollingInterval, pollingInterval, type Rules } from "./conf.ts";
import type { Release } from "./release.ts";
import type { World } from "./world.ts";

/**
 * `show config local`: the effective configuration with one `multipath` block a map. Keywords of the files that have
 * no built-in default follow the others; numbers are printed bare, words in quotes.
 */
export function configText(release: Release, conf: DaemonConf, maps: readonly MapBlock[]): string {
	return [
		block("defaults", defaultLines(release, conf)),
		block("blacklist", ruleLines(conf.blacklist, builtInDevnode, null, builtInBlacklist(release))),
		block("blacklist_exceptions", ruleLines(conf.exceptions, null, builtInProperty, [])),
		block("devices", conf.devices.flatMap(deviceLines)),
		block(
			"overrides",
			[...conf.overrides].map(([name, value]) => statement(name, value)),
		),
		block("multipaths", maps.flatMap(mapLines)),
	].join("");
}

/** One `multipath` block; `name` is told in a comment where no file gives it. */
export interface MapBlock {
	readonly wwid: string;
	readonly values: ReadonlyMap<string, string>;
	readonly name: string;
}

/** Every block of the files, and one for each map that has none. */
export function mapBlocks(world: World): readonly MapBlock[] {
	const none = new Map<string, string>();
	const all: MapBlock[] = [];
	for (const [wwid, values] of world.conf.multipaths)
		if (world.maps.has(wwid)) all.push({ wwid, values, name: world.maps.get(wwid)?.kernel.name ?? wwid });
	for (const map of world.maps.values())
		if (!world.conf.multipaths.has(map.wwid))
			all.push({ wwid: map.wwid, values: none, name: map.kernel.name });
	return all;
}

/** Every block of the files, maps or not: what `multipath -t` and `show config` print. */
export function fileBlocks(conf: DaemonConf): readonly MapBlock[] {
	return [...conf.multipaths].map(([wwid, values]) => ({ wwid, values, name: values.get("alias") ?? wwid }));
}

/** `show blacklist`. */
export function blacklistText(release: Release, conf: DaemonConf): string {
	const rule = (origin: "default" | "config file") => (text: string) =>
		`        ${`(${origin} rule)`.padEnd(18)} ${text}\n`;
	const list = (defaults: readonly string[], ours: readonly string[]) =>
		defaults.length + ours.length === 0
			? "        <empty>\n"
			: [...defaults.map(rule("default")), ...ours.map(rule("config file"))].join("");
	const section = (
		title: string,
		black: readonly [readonly string[], readonly string[]],
		exceptions: readonly [readonly string[], readonly string[]],
	) => `${title} rules:\n- blacklist:\n${list(...black)}- exceptions:\n${list(...exceptions)}`;
	const pair = (entry: { vendor: string; product: string }) => `${entry.vendor}:${entry.product}`;
	const { blacklist, exceptions } = conf;
	return [
		section("device node", [[builtInDevnode], blacklist.devnode], [[], exceptions.devnode]),
		section("udev property", [[], blacklist.property], [[builtInProperty], exceptions.property]),
		section("protocol", [[], blacklist.protocol], [[], exceptions.protocol]),
		section("wwid", [[], blacklist.wwid], [[], exceptions.wwid]),
		section(
			"device",
			[builtInBlacklist(release).map(pair), blacklist.device.map(pair)],
			[[], exceptions.device.map(pair)],
		),
	].join("");
}

/** `show devices`: all block devices that udev has, disks first. */
export function devicesText(world: World): string {
	const line = (dev: string) => {
		const known = world.paths.has(dev);
		const allowed = world.filter.devnodeAllowed(dev) ? "whitelisted" : "blacklisted";
		return `    ${dev}${known ? " " : ""} devnode ${allowed}, ${known ? "monitored" : "unmonitored"}\n`;
	};
	const names = [...world.node.disks.map((disk) => disk.dev), "vda", ...world.node.maps.map((map) => map.dm)];
	return `available block devices:\n${names.map(line).join("")}`;
}

function block(name: string, lines: readonly string[]): string {
	return `${name} {\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
}

function defaultLines(release: Release, conf: DaemonConf): readonly string[] {
	const builtIn = builtInDefaults(release);
	const known = new Set(builtIn.map((entry) => entry.name));
	const later = [...conf.defaults].filter(([name]) => !known.has(name));
	return [
		...builtIn.map((entry) => defaultLine(conf, entry)),
		...later.map(([name, value]) => statement(name, value)),
	];
}

function defaultLine(conf: DaemonConf, { name, value, quoted }: BuiltInDefault): string {
	if (name === "polling_interval") return `${name} ${pollingInterval(conf)}`;
	if (name === "max_polling_interval") return `${name} ${maxPollingInterval(conf)}`;
	const set = conf.defaults.get(name);
	if (set !== undefined) return statement(name, set);
	return quoted ? `${name} "${value}"` : `${name} ${value}`;
}

function statement(name: string, value: string): string {
	return /^-?\d+$/.test(value) && name !== "features"
		? `${name} ${value}`
		: `${name} "${value.replaceAll('"', '""')}"`;
}

function ruleLines(
	rules: Rules,
	devnode: string | null,
	property: string | null,
	devices: Rules["device"],
): readonly string[] {
	const quoted = (name: string, values: readonly string[]) =>
		values.map((value) => `${name} "${value.replaceAll('"', '""')}"`);
	return [
		...quoted("devnode", devnode === null ? rules.devnode : [devnode, ...rules.devnode]),
		...quoted("wwid", rules.wwid),
		...quoted("property", property === null ? rules.property : [property, ...rules.property]),
		...quoted("protocol", rules.protocol),
		...[...devices, ...rules.device].flatMap(({ vendor, product }) => [
			"device {",
			`\tvendor "${vendor}"`,
			`\tproduct "${product}"`,
			"}",
		]),
	];
}

function deviceLines(entry: DaemonConf["devices"][number]): readonly string[] {
	const values = [...entry.values].filter(([name]) => name !== "vendor" && name !== "product");
	return [
		"device {",
		`\tvendor "${entry.vendor}"`,
		`\tproduct "${entry.product}"`,
		...values.map(([name, value]) => `\t${statement(name, value)}`),
		"}",
	];
}

function mapLines({ wwid, values, name }: MapBlock): readonly string[] {
	const settings = [...values].filter(([keyword]) => keyword !== "wwid");
	const named = values.has("alias") || name === wwid;
	return [
		"multipath {",
		`\twwid "${wwid}"`,
		...settings.map(([keyword, value]) => `\t${statement(keyword, value)}`),
		...(named ? [] : [`\t# alias "${name}"`]),
		"}",
	];
}
