import { parseConf } from "./conf-document.ts";
import { interpretValue } from "./interpret-value.ts";
import { type Keyword, keywordNamed } from "./keywords.ts";
import { regexProblem, withoutInversion } from "./posix-regex.ts";
import { completed } from "./printed-conf.ts";
import { type Block, readStatements, type Statement } from "./statements.ts";
import { compareToolsVersions } from "./tools-version.ts";

/** Keywords (snake_case) with their values as multipath prints them, without quotes. What is unset is not there. */
export type Settings = Readonly<Record<string, string>>;

/** What multipath holds after it has read its files: only what the files set, without anything built in. */
export interface EffectiveConf {
	readonly defaults: Settings;
	readonly overrides: Settings;
	/** The protocol blocks inside of overrides, one a type. */
	readonly protocols: readonly ProtocolSettings[];
	readonly devices: readonly DeviceSettings[];
	readonly multipaths: readonly MultipathSettings[];
	readonly blacklist: BlacklistRules;
	readonly blacklistExceptions: BlacklistRules;
	/** Why multipathd would end itself over these files, in words; null when it would not. */
	readonly fatal: string | null;
}

export interface ProtocolSettings {
	readonly type: string;
	readonly settings: Settings;
}

export interface DeviceSettings {
	readonly vendor: string;
	readonly product: string;
	readonly revision: string | null;
	readonly settings: Settings;
}

export interface MultipathSettings {
	readonly wwid: string;
	readonly settings: Settings;
}

/** Rules as written, a leading `!` with them; equal ones stand once. */
export interface BlacklistRules {
	readonly devnode: readonly string[];
	readonly wwid: readonly string[];
	readonly property: readonly string[];
	readonly protocol: readonly string[];
	readonly device: readonly BlacklistDevice[];
}

export interface BlacklistDevice {
	readonly vendor: string | null;
	readonly product: string | null;
}

export interface ConfFile {
	/** Its path or name; `multipath.conf` (alone or behind a folder) is the main file, over which multipathd may end. */
	readonly name: string;
	readonly text: string;
}

export interface EffectiveOptions {
	/** Keywords and words that this release does not act on are left out; without it, all that any release knows count. */
	readonly toolsVersion?: string;
}

interface OpenBlock {
	readonly block: Block;
	readonly settings: Record<string, string>;
}

/**
 * What multipath holds after reading the files in the order given: the main file, then conf.d in the order of its
 * names. Later values win, lists grow, blocks about the same LUN, device or protocol merge, numbers are capped
 * (multipath-tools libmultipath/config.c, dict.c; alike in 0.9.4, 0.11.1 and 0.15.1).
 */
export function effectiveConf(files: readonly ConfFile[], options: EffectiveOptions = {}): EffectiveConf {
	return read(files, options, true);
}

/**
 * The same from what `multipath -t`, `show config` or `show config local` printed. It holds the built-in defaults,
 * devices and blacklist rules too; a local one has only devices in use, and every existing map as a multipath block.
 */
export function readEffective(text: string): EffectiveConf {
	return read([{ name: "printed configuration", text: completed(text) }], {}, false);
}

function read(files: readonly ConfFile[], options: EffectiveOptions, cut: boolean): EffectiveConf {
	const defaults: Record<string, string> = {};
	const overrides: Record<string, string> = {};
	const protocols = new Map<string, Record<string, string>>();
	const devices = new Map<string, DeviceSettings>();
	const multipaths = new Map<string, Record<string, string>>();
	const rules = { blacklist: emptyRules(), blacklist_exceptions: emptyRules() };
	let fatal: string | null = null;

	for (const file of files) {
		const { statements, blocks } = readStatements(parseConf(file.text, { cut }));
		const open = new Map<Block, OpenBlock>(blocks.map((block) => [block, { block, settings: {} }]));
		for (const statement of statements) {
			const failed = apply(statement, open, rules, options, { defaults, overrides });
			if (failed && isMainFile(file.name)) fatal ??= fatalText(file.name, statement);
		}
		for (const { block, settings } of open.values()) {
			if (block.name === "protocol") mergeNamed(protocols, settings, "type");
			else if (block.name === "multipath") mergeNamed(multipaths, settings, "wwid");
			else if (block.section === "devices") mergeDevice(devices, settings);
			else if (block.section === "blacklist_device" && Object.keys(settings).length > 0)
				rulesOf(rules, block).device.set(JSON.stringify([settings["vendor"], settings["product"]]), {
					vendor: settings["vendor"] ?? null,
					product: settings["product"] ?? null,
				});
		}
	}
	return {
		defaults: withIntervals(defaults),
		overrides,
		protocols: [...protocols].map(([type, settings]) => ({ type, settings })),
		devices: [...devices.values()],
		multipaths: [...multipaths].map(([wwid, settings]) => ({ wwid, settings })),
		blacklist: finished(rules.blacklist),
		blacklistExceptions: finished(rules.blacklist_exceptions),
		fatal: fatal ?? fatalDevice([...devices.values()]),
	};
}

/** Acts on one statement; true when multipath fails on the line. */
function apply(
	statement: Statement,
	open: ReadonlyMap<Block, OpenBlock>,
	rules: Readonly<Record<"blacklist" | "blacklist_exceptions", OpenRules>>,
	options: EffectiveOptions,
	sections: { readonly defaults: Record<string, string>; readonly overrides: Record<string, string> },
): boolean {
	const { block } = statement;
	const keyword = block.section === null ? null : keywordNamed(statement.keyword, block.section);
	if (keyword === null || !actsOn(keyword, statement.value, options)) return false;

	const meaning = interpretValue(keyword, statement.value);
	if (meaning.kind === "failed") return true;
	if (meaning.kind === "kept") return false;

	if (block.section === "blacklist") {
		if (meaning.kind === "set") {
			const { devnode, wwid, property, protocol } = rulesOf(rules, block);
			({ devnode, wwid, property, protocol })[statement.keyword]?.add(meaning.value);
		}
		return false;
	}
	const settings =
		block.section === "defaults"
			? sections.defaults
			: block.section === "overrides"
				? sections.overrides
				: (open.get(block)?.settings ?? {});
	const name = keyword.name === "checker" ? "path_checker" : keyword.name;
	if (meaning.kind === "set") settings[name] = meaning.value;
	else delete settings[name];
	return false;
}

function actsOn(keyword: Keyword, value: string, { toolsVersion }: EffectiveOptions): boolean {
	if (toolsVersion === undefined) return true;
	const isNew = (since: string | null) => since !== null && compareToolsVersions(toolsVersion, since) < 0;
	if (isNew(keyword.since)) return false;
	if (keyword.until !== null && compareToolsVersions(toolsVersion, keyword.until) >= 0) return false;
	if (keyword.type.kind !== "enum") return true;
	return !isNew(keyword.type.words.find(({ word }) => word === value)?.since ?? null);
}

/** merge_mptable, merge_pctable: a block without its name is dropped, a later one wins keyword by keyword. */
function mergeNamed(
	merged: Map<string, Record<string, string>>,
	settings: Readonly<Record<string, string>>,
	naming: "type" | "wwid",
): void {
	const name = settings[naming];
	if (name === undefined) return;
	const { [naming]: _, ...others } = settings;
	merged.set(name, { ...withoutEmpty(merged.get(name) ?? {}), ...others });
}

/** factorize_hwtable: blocks of equal vendor, product and revision become one, at the place of the last. */
function mergeDevice(merged: Map<string, DeviceSettings>, all: Readonly<Record<string, string>>): void {
	const { vendor, product, revision = null, ...settings } = all;
	if (vendor === undefined || product === undefined) return;
	const key = JSON.stringify([vendor, product, revision]);
	const before = merged.get(key);
	merged.delete(key);
	merged.set(key, {
		vendor,
		product,
		revision,
		settings: before === undefined ? settings : reconciled({ ...withoutEmpty(before.settings), ...settings }),
	});
}

/** merge_str: an empty text of an earlier block is not carried over. */
function withoutEmpty(settings: Settings): Settings {
	return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ""));
}

/** reconcile_features_with_options: where device blocks merge, queue_if_no_path turns into no_path_retry. */
function reconciled(settings: Settings): Settings {
	const words = (settings["features"] ?? "").split(" ").slice(1);
	const kept = words.filter((word) => word !== "queue_if_no_path" && word !== "retain_attached_hw_handler");
	if (kept.length === words.length) return settings;
	return {
		...(words.includes("queue_if_no_path") ? { no_path_retry: "queue" } : {}),
		...(words.includes("retain_attached_hw_handler") ? { retain_attached_hw_handler: "yes" } : {}),
		...settings,
		features: [kept.length, ...kept].join(" "),
	};
}

/** libmultipath/config.c: each interval follows from the other one, and the first is never above the second. */
function withIntervals(defaults: Settings): Settings {
	const most = defaults["max_polling_interval"];
	const least = defaults["polling_interval"];
	if (most === undefined)
		return least === undefined ? defaults : { ...defaults, max_polling_interval: String(Number(least) * 4) };
	const first =
		least === undefined ? Math.max(Math.floor(Number(most) / 4), 1) : Math.min(Number(least), Number(most));
	return { ...defaults, polling_interval: String(first) };
}

interface OpenRules {
	readonly devnode: Set<string>;
	readonly wwid: Set<string>;
	readonly property: Set<string>;
	readonly protocol: Set<string>;
	readonly device: Map<string, BlacklistDevice>;
}

function emptyRules(): OpenRules {
	return {
		devnode: new Set(),
		wwid: new Set(),
		property: new Set(),
		protocol: new Set(),
		device: new Map(),
	};
}

function rulesOf(
	rules: Readonly<Record<"blacklist" | "blacklist_exceptions", OpenRules>>,
	block: Block,
): OpenRules {
	return (block.parent ?? block).name === "blacklist" ? rules.blacklist : rules.blacklist_exceptions;
}

function finished(rules: OpenRules): BlacklistRules {
	return {
		devnode: [...rules.devnode],
		wwid: [...rules.wwid],
		property: [...rules.property],
		protocol: [...rules.protocol],
		device: [...rules.device.values()],
	};
}

/** product_blacklist becomes a blacklist rule of the vendor after all files are read; to fail then is fatal. */
function fatalDevice(devices: readonly DeviceSettings[]): string | null {
	for (const { vendor, settings } of devices) {
		const product = settings["product_blacklist"];
		if (product === undefined) continue;
		const wrong = [vendor, product].find(
			(rule) => regexProblem(withoutInversion(rule))?.refusedBy === "glibc",
		);
		if (wrong !== undefined)
			return `multipathd exits because of 'product_blacklist' of vendor "${vendor}": "${wrong}" is not a regular expression`;
	}
	return null;
}

function isMainFile(name: string): boolean {
	return name === "multipath.conf" || name.endsWith("/multipath.conf");
}

function fatalText(file: string, { keyword, value, line }: Statement): string {
	return `${file} line ${line.line}: multipathd exits because of '${keyword}' with the value "${value}"`;
}
