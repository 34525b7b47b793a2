import type { Keyword } from "./keywords.ts";
import { regexProblem, withoutInversion } from "./posix-regex.ts";

/**
 * What multipath makes of a value: it holds `value` (spelled as multipath prints it, without quotes), it goes back to
 * its default, it keeps what it had, or it fails on the line, which is fatal in the main file.
 */
export type Interpretation =
	| { readonly kind: "set"; readonly value: string }
	| { readonly kind: "unset" }
	| { readonly kind: "kept" }
	| { readonly kind: "failed" };

const intMax = 2_147_483_647;
const kept: Interpretation = { kind: "kept" };
const unset: Interpretation = { kind: "unset" };

function set(value: string | number): Interpretation {
	return { kind: "set", value: String(value) };
}

/**
 * Reads a value as the handlers of multipath-tools do (libmultipath/dict.c; observed alike on 0.9.4, 0.11.1 and
 * 0.15.1): lenient, capping and silent where `checkValue` is strict.
 */
export function interpretValue(keyword: Keyword, value: string): Interpretation {
	const special = specials[keyword.name];
	// The same names in a blacklist are rules, which have to be sound.
	if (special !== undefined && !keyword.sections.includes("blacklist_device")) return special(value);
	const { type } = keyword;
	switch (type.kind) {
		case "yesno":
			return yesNo(value);
		case "integer":
			if (type.words.includes(value) && !/^\d/.test(value)) return set(value);
			return integer(value, {
				least: type.words.length > 0 ? 1 : 0,
				zero: type.words.length > 0 ? "0" : null,
			});
		case "off-int":
			return value === "no" ? set("no") : integer(value, { least: 1, zero: "no" });
		case "enum":
			return type.words.some(({ word }) => word === value) ? set(value) : kept;
		case "argstr":
			return countsArguments(value, type.countAt) ? set(value) : kept;
		case "string":
			return set(value);
		case "regex":
			return regex(value, type.invertible);
		case "path":
		case "ignored":
			return kept;
	}
}

const specials: Readonly<Record<string, (value: string) => Interpretation>> = {
	verbosity: (value) => integer(value, { most: 4 }),
	polling_interval: (value) => unsigned(value),
	max_polling_interval: (value) => unsigned(value),
	uxsock_timeout: (value) => integer(value, { least: 4000 }),
	max_retries: (value) => (value === "off" ? set("off") : integer(value, { least: 1, most: 5, zero: "0" })),
	find_multipaths_timeout: (value) => zeroUnsets(integer(value, { least: -intMax - 1 })),
	checker_timeout: (value) => zeroUnsets(integer(value, {})),
	max_sectors_kb: (value) => zeroUnsets(integer(value, {})),
	rr_min_io: (value) => zeroUnsets(integer(value, {})),
	rr_min_io_rq: (value) => zeroUnsets(integer(value, {})),
	max_fds: openFiles,
	failback: (value) =>
		["manual", "immediate", "followover"].includes(value) ? set(value) : zeroUnsets(integer(value, {})),
	no_path_retry: (value) =>
		value === "fail" || value === "queue" ? set(value) : integer(value, { least: 1, zero: "fail" }),
	dev_loss_tmo: deviceLoss,
	find_multipaths: (value) => {
		const plain = yesNo(value);
		if (plain.kind === "set") return set(plain.value === "yes" ? "on" : "off");
		return ["off", "on", "strict", "greedy", "smart"].includes(value) ? set(value) : kept;
	},
	marginal_pathgroups: (value) => {
		const plain = yesNo(value);
		if (plain.kind === "set") return set(plain.value === "yes" ? "on" : "off");
		return ["off", "on", "fpin"].includes(value) ? set(value) : kept;
	},
	// the words of 0.9.9 and later, so that what an older release prints compares equal
	flush_on_last_del: (value) => {
		const plain = yesNo(value);
		if (plain.kind === "set") return set(plain.value === "yes" ? "always" : "unused");
		return ["always", "unused", "never"].includes(value) ? set(value) : kept;
	},
	path_grouping_policy: (value) => {
		const policies = [
			"failover",
			"multibus",
			"group_by_serial",
			"group_by_prio",
			"group_by_node_name",
			"group_by_tpg",
		];
		const policy = policies.find((name) => value.startsWith(name));
		return policy === undefined ? kept : set(policy);
	},
	prio: set,
	path_checker: set,
	checker: set,
	alias: withoutSlash,
	alias_prefix: withoutSlash,
	partition_delimiter: (value) => (value === "/UNSET/" ? unset : withoutSlash(value)),
	uid_attrs: (value) => {
		const pairs = value.split(/\s+/).filter((word) => /^[^:]+:./.test(word));
		return pairs.length === 0 ? unset : set(pairs.join(" "));
	},
	reservation_key: reservationKey,
	enable_foreign: set,
	vendor: set,
	product: set,
	revision: set,
	product_blacklist: set,
};

function yesNo(value: string): Interpretation {
	if (value === "yes" || value === "1") return set("yes");
	return value === "no" || value === "0" ? set("no") : kept;
}

/** do_set_int: strtol over the whole value, capped; `zero` is what 0 means when it is below `least`. */
function integer(
	value: string,
	range: { readonly least?: number; readonly most?: number; readonly zero?: string | null },
): Interpretation {
	if (!/^\s*[+-]?\d+\s*$/.test(value)) return kept;
	const number = Number(value);
	if (number === 0 && range.zero != null) return set(range.zero);
	return set(Math.min(Math.max(number, range.least ?? 0), range.most ?? intMax));
}

/** set_uint: no sign. What overflows is refused by `checkValue`; releases differ in what they do with it. */
function unsigned(value: string): Interpretation {
	if (!/^\s*\+?\d+\s*$/.test(value)) return kept;
	const number = Number(value);
	if (number === 0) return unset;
	return number > 4_294_967_295 ? kept : set(number);
}

function zeroUnsets(interpretation: Interpretation): Interpretation {
	return interpretation.kind === "set" && interpretation.value === "0" ? unset : interpretation;
}

/** More than the kernel's fs.nr_open (2^20 unless an administrator changed it) is the same as `max`. */
function openFiles(value: string): Interpretation {
	const number = value === "max" ? set(value) : zeroUnsets(integer(value, {}));
	return number.kind === "set" && Number(number.value) >= 2 ** 20 ? set("max") : number;
}

/** set_dev_loss: sscanf with %u, so a number may have anything behind it and wraps round. */
function deviceLoss(value: string): Interpretation {
	if (value === "infinity") return set(value);
	const digits = /^\s*([+-]?\d+)/.exec(value)?.[1];
	if (digits === undefined) return kept;
	const wide = BigInt(digits);
	const limit = 2n ** 64n - 1n;
	const number = BigInt.asUintN(32, wide > limit || wide < -limit ? limit : wide);
	if (number === 0n) return unset;
	return set(number === 4_294_967_295n ? "infinity" : number.toString());
}

function withoutSlash(value: string): Interpretation {
	return value.includes("/") ? kept : set(value);
}

function reservationKey(value: string): Interpretation {
	if (value === "file") return set(value);
	const parts = /^(?:0?x)?([0-9a-f]{1,16})(:aptpl)?$/i.exec(value);
	const digits = parts?.[1]?.replace(/^0+/, "").toLowerCase() ?? "";
	return digits === "" ? { kind: "failed" } : set(`0x${digits}${parts?.[2] ?? ""}`);
}

function regex(value: string, invertible: boolean): Interpretation {
	const pattern = invertible ? withoutInversion(value) : value;
	return regexProblem(pattern)?.refusedBy === "glibc" ? { kind: "failed" } : set(value);
}

/** set_arg_str: the word at `countAt` is the number of the words behind it. */
function countsArguments(value: string, countAt: number): boolean {
	const words = value.split(/[ \f\n\r\t\v]+/).filter((word) => word !== "");
	const count = words[countAt];
	return count !== undefined && /^\+?\d+$/.test(count) && Number(count) === words.length - 1 - countAt;
}
