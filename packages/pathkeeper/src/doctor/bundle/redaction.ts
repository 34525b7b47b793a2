/**
 * Takes secrets out of a text, in three ways: by the name of what holds them, by their shape, and by value where one is
 * known from elsewhere. It rather takes too much than too little, and costs what the text weighs: each rule begins at
 * the start of a word, and none looks back.
 */
import { namedSecrets } from "./named-secrets.ts";

export interface Redacted {
	readonly text: string;
	/** How many places were taken out. */
	readonly count: number;
	/** What stood there, where it was found by its name: these values are secret wherever else they stand. */
	readonly values: readonly string[];
}

/** What stands where something was. No quotes and no backslash, so that JSON and multipath.conf stay what they are. */
export const mark = "[removed]";

/** Shorter ones are words of every text. */
const shortestValue = 6;
const mostValues = 1000;

const shapes: readonly RegExp[] = [
	// Tickets of Proxmox VE and of Pathkeeper, and tokens of the API.
	/\b(?:PVE|PVEVNC|PMG|PBS):[^\s:"']{1,128}:[0-9A-Fa-f]{8,16}::[A-Za-z0-9+/=_-]+/g,
	/(?<![\w.@!-])[\w.-]{1,64}@[\w.-]{1,64}![\w.-]{1,64}[=:][^\s"',;]+/g,
	/\b(?:Bearer|Basic|Negotiate|PVEAPIToken)[= ]{1,8}[^\s"',;]+/gi,
	// JSON web tokens; keys of webhooks, code hosts and clouds.
	/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
	/(?<![\w-])(?:whsec|ghp|gho|ghs|github_pat|glpat|xox[abprs]|sk|pk|rk)[_-][\w-]{16,}/g,
	/(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/g,
	// Hashes of passwords (crypt(5)).
	/\$(?:[156y]|2[abxy]|7|gy|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,32})\$[^\s"':]+/g,
	// User and password in an address.
	/(?<=:\/\/)[^\s/:@"']{0,128}:[^\s/@"']{1,1024}(?=@)/g,
	// curl -u USER:PASSWORD.
	/(?<=(?<![\w-])(?:-u|--user|--proxy-user|-U)[ =]{1,8}["']?)[^\s:@"'=-][^\s:@"']{0,127}:[^\s"']{1,1024}/g,
	// On the kernel command line of a host that boots from iSCSI: netroot=iscsi:USER:PASSWORD@… (dracut.cmdline(7)).
	/(?<=\biscsi:)[^\s:@"']{0,128}:[^\s@"']{1,1024}(?=@)/g,
];

/** 40 characters and more of base64. */
const longWord = /(?<![\w+/=-])[\w+/-]{40,}={0,2}/g;
/** Of the neighbours in random base64, two in three are of different kinds (capital, small, digit); in names few are. */
const mixedShare = 0.4;

/** Takes out what is found by name and by shape. */
export function redact(text: string): Redacted {
	const withoutKeys = withoutPrivateKeys(text);
	const values = new Set<string>();
	const pieces: string[] = [];
	let { count } = withoutKeys;
	let at = 0;
	for (const { from, to, value, quote } of namedSecrets(withoutKeys.text)) {
		if (value === mark) continue;
		count++;
		if (value.length >= shortestValue && values.size < mostValues) values.add(value);
		pieces.push(withoutKeys.text.slice(at, from), quote, mark, quote);
		at = to;
	}
	pieces.push(withoutKeys.text.slice(at));
	let rest = pieces.join("");
	const take = (): string => {
		count++;
		return mark;
	};
	for (const shape of shapes) rest = rest.replace(shape, take);
	rest = rest.replace(longWord, (word) => (isKey(word) ? take() : word));
	return { text: rest, count, values: [...values] };
}

/** Takes out values that are secret wherever they stand, the longest first. */
export function redactValues(text: string, values: Iterable<string>): Pick<Redacted, "text" | "count"> {
	let count = 0;
	let rest = text;
	const wanted = [...new Set([...values].flatMap(spellings))]
		.filter((value) => value.length >= shortestValue && value !== mark)
		.sort((a, b) => b.length - a.length);
	for (const value of wanted) {
		const parts = rest.split(value);
		count += parts.length - 1;
		rest = parts.join(mark);
	}
	return { text: rest, count };
}

/** From `BEGIN … PRIVATE KEY` to the next `END`; where that is missing, to the end. */
function withoutPrivateKeys(text: string): Pick<Redacted, "text" | "count"> {
	const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
	const pieces: string[] = [];
	let count = 0;
	let at = 0;
	for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
		pieces.push(text.slice(at, found.index), mark);
		count++;
		const end = text.indexOf("-----END ", begin.lastIndex);
		const close = end < 0 ? -1 : text.indexOf("-----", end + 9);
		at = close < 0 ? text.length : close + 5;
		begin.lastIndex = at;
	}
	return { text: [...pieces, text.slice(at)].join(""), count };
}

/** As it is, and as it stands in JSON, in an address and in base64. */
function spellings(value: string): readonly string[] {
	return [
		value,
		JSON.stringify(value).slice(1, -1),
		encodeURIComponent(value.toWellFormed()),
		Buffer.from(value).toString("base64").replace(/=+$/, ""),
	];
}

/** LVM's identities look like keys, and are none. */
function isKey(word: string): boolean {
	if (word.startsWith("LVM-") || word.startsWith("dm-uuid-LVM-")) return false;
	let changes = 0;
	for (let at = 1; at < word.length; at++) if (kindOf(word, at) !== kindOf(word, at - 1)) changes++;
	return changes / word.length > mixedShare && /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
}

function kindOf(word: string, at: number): "capital" | "small" | "digit" | "sign" {
	const code = word.charCodeAt(at);
	if (code >= 0x61 && code <= 0x7a) return "small";
	if (code >= 0x41 && code <= 0x5a) return "capital";
	return code >= 0x30 && code <= 0x39 ? "digit" : "sign";
}
