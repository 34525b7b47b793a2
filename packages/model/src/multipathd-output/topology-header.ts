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
	/** True when vendor and product are `##`: multipath takes them from the first path that has a device. */
	readonly deviceless: boolean;
	/** Listed by another layer than device-mapper, such as native NVMe multipathing. */
	readonly foreign: boolean;
}

/**
 * How much besides the line itself speaks for a header. `alone`: nothing, so only the shapes that nothing else has.
 * `last`: the text ends behind it. `properties`: the `size=…` line of a map follows, so nearly any line must be one;
 * `old-properties`: the `[size=…]` line of a release before 0.4.9.
 */
export type HeaderEvidence = "alone" | "last" | "properties" | "old-properties";

/** What multipath did to the map (multipath-tools libmultipath/configure.h ACT_*_STR). */
const actionPattern = /^(create|reload|reject|rename|switchpg|resize|unchanged|undef|nothing|): /;
/** Where a page begins the block of code that the listing stands in. */
const markup = /^(?:<(?:pre|code)>){1,4}/;
const withAlias = /^(\S.*?) \(([^()]{1,300})\) {1,8}(dm-\d+|undef)(?: (.*))?$/;
const withoutAlias = /^([^\s()]*[^\s:()]) (dm-\d+)(?: ([^,]*,.*|))?$/;
const foreignPattern = /^(\S.*?) \[(\w{1,16})\]:([\w!-]+) (.*)$/;
/**
 * A vendor may be missing, and a WWID may hold blanks when it begins with the digit of its type (`1IET     00080001`,
 * a T10 identifier). Each word of it begins with a letter or a digit; a word that does not is a mark that somebody
 * made, and a bracket is a piece of a line that lost another.
 */
const words = "(?:[\\p{L}\\d][^\\s()]*|1[^\\s()]*(?: +[\\p{L}\\d][^\\s()]*){0,15}?)";
const loosePattern = new RegExp(`^(${words}) (dm-\\d+)(?: (.*))?$`, "u");
const looseUndef = new RegExp(`^(${words}) undef(?: (.*))?$`, "u");
/** 0.4.7 printed `WWIDdm-N  VENDOR,PRODUCT` without a blank between. */
const gluedPattern = /^([^\s()]+?)(dm-\d+) +(.*)$/;
/** Before 0.4.9 a map that is not in the kernel yet (`multipath -d`), and 0.4.5 every map, has no `dm-N`. */
const aliasOnly = /^(\S.*?) \(([^()]{1,300})\)(?: (.*))?$/;
/** Only before 0.4.9, and never shorter than a WWID: a shorter word is a piece of a longer line. */
const wordOnly = /^([\w#+.:=@-]{17,})$/;

const maxHeader = 1200;

/** Reads a header line of any release (multipath-tools libmultipath/print.c snprint_multipath_style); else null. */
export function topologyHeader(line: string, evidence: HeaderEvidence): TopologyHeader | null {
	if (line.length > maxHeader) return null;
	const trimmed = line.trim().replace(markup, "");
	const word = actionPattern.exec(trimmed)?.[1] ?? null;
	const text = word === null ? trimmed : trimmed.slice(word.length + 2).trimStart();
	const action = word === "" ? null : word;
	const foreign = foreignPattern.exec(text);
	if (foreign !== null) return foreignHeader(foreign[1] ?? "", foreign[4] ?? "", action);
	const aliased = withAlias.exec(text);
	if (aliased !== null) return headerOf(aliased[1], aliased[2], aliased[3], aliased[4], action);
	const bare = withoutAlias.exec(text);
	if (bare !== null) return headerOf(bare[1], bare[1], bare[2], bare[3], action);
	if (evidence === "alone") return null;
	const loose = loosePattern.exec(text);
	if (loose !== null) return headerOf(loose[1], loose[1], loose[2], loose[3], action);
	if (evidence === "last") return null;
	const bareUndef = looseUndef.exec(text);
	if (bareUndef !== null) return headerOf(bareUndef[1], bareUndef[1], undefined, bareUndef[2], action);
	if (evidence === "properties") return null;
	const glued = gluedPattern.exec(text);
	if (glued !== null) return headerOf(glued[1], glued[1], glued[2], glued[3], action);
	const alias = aliasOnly.exec(text);
	if (alias !== null) return headerOf(alias[1], alias[2], undefined, alias[3], action);
	const alone = wordOnly.exec(text);
	return alone === null ? null : headerOf(alone[1], alone[1], undefined, undefined, action);
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
		deviceless: vendor?.trim() === "##" && product?.trim() === "##",
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
		deviceless: false,
		foreign: true,
	};
}

function splitOnce(text: string): [string | null, string | null] {
	const comma = text.indexOf(",");
	return comma === -1 ? [null, null] : [text.slice(0, comma), text.slice(comma + 1)];
}
