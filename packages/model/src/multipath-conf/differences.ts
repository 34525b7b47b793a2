import type { BlacklistRules, EffectiveConf, Settings } from "./effective-conf.ts";

export interface DifferencesOptions {
	/** True when `got` is from `show config local`, which leaves out devices and LUNs without a map. */
	readonly local?: boolean;
}

/**
 * Where what multipath holds is not what was wanted, a sentence each; empty when all that `wanted` sets is so. What
 * `got` holds beyond that (built-in values, other people's devices and rules) is no difference, except in the block
 * of a LUN that `wanted` has: a setting there takes precedence over everything of ours.
 */
export function differences(
	wanted: EffectiveConf,
	got: EffectiveConf,
	options: DifferencesOptions = {},
): readonly string[] {
	const found: string[] = [];
	const compare = (place: string, want: Settings, have: Settings): void => {
		for (const [name, value] of Object.entries(want)) {
			if (have[name] === undefined) found.push(`${place}: ${name} should be "${value}" and is not set`);
			else if (have[name] !== value)
				found.push(`${place}: ${name} should be "${value}" and is "${have[name]}"`);
		}
	};

	compare("defaults", wanted.defaults, got.defaults);
	compare("overrides", wanted.overrides, got.overrides);
	const protocols = new Map(got.protocols.map(({ type, settings }) => [type, settings]));
	for (const { type, settings } of wanted.protocols)
		compare(`protocol ${type}`, settings, protocols.get(type) ?? {});
	const devices = new Map(got.devices.map((device) => [deviceName(device), device]));
	for (const device of wanted.devices) {
		const name = deviceName(device);
		const have = devices.get(name);
		if (have !== undefined) compare(name, device.settings, have.settings);
		else if (options.local !== true) found.push(`${name}: the block is missing`);
	}
	const multipaths = new Map(got.multipaths.map((multipath) => [multipath.wwid, multipath]));
	for (const { wwid, settings } of wanted.multipaths) {
		const have = multipaths.get(wwid);
		if (have === undefined) {
			if (options.local !== true) found.push(`LUN ${wwid}: the multipath block is missing`);
			continue;
		}
		compare(`LUN ${wwid}`, settings, have.settings);
		for (const [name, value] of Object.entries(have.settings))
			if (settings[name] === undefined)
				found.push(`LUN ${wwid}: ${name} is "${value}", which Pathkeeper did not set`);
	}
	compareRules("blacklist", wanted.blacklist, got.blacklist, found);
	compareRules("blacklist_exceptions", wanted.blacklistExceptions, got.blacklistExceptions, found);
	return found;
}

function compareRules(place: string, want: BlacklistRules, have: BlacklistRules, found: string[]): void {
	for (const kind of ["devnode", "wwid", "property", "protocol"] as const) {
		const held = new Set(have[kind]);
		for (const rule of want[kind])
			if (!held.has(rule)) found.push(`${place}: the rule ${kind} "${rule}" is missing`);
	}
	const ruleOf = ({ vendor, product }: BlacklistRules["device"][number]) => JSON.stringify([vendor, product]);
	const devices = new Set(have.device.map(ruleOf));
	for (const { vendor, product } of want.device)
		if (!devices.has(ruleOf({ vendor, product })))
			found.push(`${place}: the rule for devices ${quote(vendor)} ${quote(product)} is missing`);
}

function deviceName(device: {
	readonly vendor: string;
	readonly product: string;
	readonly revision: string | null;
}): string {
	const revision = device.revision === null ? "" : ` ${quote(device.revision)}`;
	return `device ${quote(device.vendor)} ${quote(device.product)}${revision}`;
}

function quote(text: string | null): string {
	return text === null ? "(any)" : `"${text}"`;
}
