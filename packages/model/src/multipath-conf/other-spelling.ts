import type { Keyword } from "./keywords.ts";

/**
 * A value in the spelling that `checkValue` knows, where every supported release takes the given one in silence and
 * means the same by it (multipath-tools 0.15.0 libmultipath/dict.c; 0.9.4 and 0.11.1 do the same). Other values come
 * back as they are.
 */
export function plainSpelling({ name, type }: Keyword, value: string): string {
	if (Object.hasOwn(spellings, name)) return spellings[name]?.[value] ?? value;
	return type.kind === "yesno" ? (yesOrNo[value] ?? value) : value;
}

const yesOrNo: Readonly<Record<string, string>> = { "1": "yes", "0": "no" };
const onOrOff: Readonly<Record<string, string>> = { "1": "on", "0": "off" };

const spellings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	find_multipaths: onOrOff,
	marginal_pathgroups: { ...onOrOff, yes: "on", no: "off" },
	flush_on_last_del: yesOrNo,
	dev_loss_tmo: { "4294967295": "infinity" },
	// Empty, it matches whatever there is.
	enable_foreign: { "": ".*" },
};
