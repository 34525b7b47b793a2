import { devmapper, inquiryText } from "./path-words.ts";

/** The first line of a map in a topology listing. */
export interface TopologyHeader {
	readonly name: string;
	readonly wwid: string;
	readonly dm: string | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly revision: string | null;
	readonly action: string | null;
	/** Listed by another layer than device-mapper, such as native NVMe multipathing. */
	readonly foreign: boolean;
}

/**
 * How much besides the line itself speaks for a header. `alone`: nothing, so only the shapes that nothing else has.
 * `last`: the text ends behind it. `properties`: the `size=…` line of a map follows, so nearly any line must be one.
 */
export type HeaderEvidence = "alone" | "last" | "properties";

/** What multipath did to the map (multipath-tools libmultipath/configure.h ACT_*_STR). */
const ACTION = /^(create|reload|reject|rename|switchpg|resize|unchanged|undef|nothing): /;
const WITH_ALIAS = /^(\S.*?) \(([^()]{1,300})\) (dm-\d+|undef)(?: (.*))?$/;
const WITHOUT_ALIAS = /^(\S*[^\s:]) (dm-\d+)(?: ([^,]*,.*|))?$/;
const FOREIGN = /^(\S.*?) \[(\w{1,16})\]:([\w!-]+) (.*)$/;
/** A WWID may hold blanks (`1IET     00080001`), a vendor may be missing. */
const LOOSE = /^(\S.*?) (dm-\d+)(?: (.*))?$/;
const LOOSE_UNDEF = /^(\S.*?) undef(?: (.*))?$/;
/** 0.4.7 printed `WWIDdm-N  VENDOR,PRODUCT` without a blank between. */
const GLUED = /^(\S+?)(dm-\d+) +(.*)$/;
/** A map that is not in the kernel yet (`multipath -d`) and 0.4.5 have no `dm-N`. */
const ALIAS_ONLY = /^(\S.*?) \(([^()]{1,300})\)(?: (.*))?$/;
const WORD_ONLY = /^(\S+)$/;

const MAX_HEADER = 1200;

/** Reads a header line of any release (multipath-tools libmultipath/print.c snprint_multipath_style); else null. */
export function topologyHeader(line: string, evidence: HeaderEvidence): TopologyHeader | null {
	if (line.length > MAX_HEADER) return null;
	const trimmed = line.trim();
	const action = ACTION.exec(trimmed)?.[1] ?? null;
	const text = action === null ? trimmed : trimmed.slice(action.length + 2).trimStart();
	const foreign = FOREIGN.exec(text);
	if (foreign !== null) return foreignHeader(foreign[1] ?? "", foreign[4] ?? "", action);
	const aliased = WITH_ALIAS.exec(text);
	if (aliased !== null) return headerOf(aliased[1], aliased[2], aliased[3], aliased[4], action);
	const bare = WITHOUT_ALIAS.exec(text);
	if (bare !== null) return headerOf(bare[1], bare[1], bare[2], bare[3], action);
	if (evidence === "alone") return null;
	const loose = LOOSE.exec(text);
	if (loose !== null) return headerOf(loose[1], loose[1], loose[2], loose[3], action);
	if (evidence === "last") return null;
	const undefined_ = LOOSE_UNDEF.exec(text);
	if (undefined_ !== null) return headerOf(undefined_[1], undefined_[1], undefined, undefined_[2], action);
	const glued = GLUED.exec(text);
	if (glued !== null) return headerOf(glued[1], glued[1], glued[2], glued[3], action);
	const alias = ALIAS_ONLY.exec(text);
	if (alias !== null) return headerOf(alias[1], alias[2], undefined, alias[3], action);
	const word = WORD_ONLY.exec(text);
	return word === null ? null : headerOf(word[1], word[1], undefined, undefined, action);
}

function headerOf(
	name: string | undefined,
	wwid: string | undefined,
	dm: string | undefined,
	vendorProduct: string | undefined,
	action: string | null,
): TopologyHeader {
	const [vendor, product] = splitOnce(vendorProduct ?? "");
	return {
		name: name ?? "",
		wwid: (wwid ?? "").trim(),
		dm: devmapper(dm ?? null),
		vendor: inquiryText(vendor),
		product: inquiryText(product),
		revision: null,
		action,
		foreign: false,
	};
}

/** Foreign maps print vendor, model and firmware; the model may hold commas (libmultipath/foreign/nvme.c). */
function foreignHeader(identity: string, text: string, action: string | null): TopologyHeader {
	const aliased = /^(\S.*) \(([^()]+)\)$/.exec(identity);
	const [vendor, rest] = splitOnce(text);
	const comma = rest?.lastIndexOf(",") ?? -1;
	return {
		name: (aliased?.[1] ?? identity).trim(),
		wwid: (aliased?.[2] ?? identity).trim(),
		dm: null,
		vendor: inquiryText(vendor),
		product: inquiryText(comma === -1 ? rest : (rest ?? "").slice(0, comma)),
		revision: comma === -1 ? null : inquiryText((rest ?? "").slice(comma + 1)),
		action,
		foreign: true,
	};
}

function splitOnce(text: string): [string | null, string | null] {
	const comma = text.indexOf(",");
	return comma === -1 ? [null, null] : [text.slice(0, comma), text.slice(comma + 1)];
}
