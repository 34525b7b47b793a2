/**
 * Which blacklist rule keeps multipathd off a LUN (multipath-tools 0.15.0 libmultipath/blacklist.c): device node,
 * device, protocol and WWID are asked in that order; within one of them an exception wins, and an exception of one
 * never helps in another. Rules on udev properties are not judged, because only the daemon sees them.
 */
import type { BlacklistDevice, BlacklistRules, EffectiveConf, Transport } from "@pathkeeper/model";

/** A LUN as the rules see it; what is null is not known, and then no rule about it is named. */
export interface RuledLun {
	readonly wwid: string;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly paths: readonly { readonly dev: string; readonly transport: Transport | null }[];
}

/** The first rule that takes the LUN or one of its paths out, in the words of multipath.conf; null when none does. */
export function ruleAgainst(
	lun: RuledLun,
	{ blacklist, blacklistExceptions }: Pick<EffectiveConf, "blacklist" | "blacklistExceptions">,
): string | null {
	const rule = (kind: "devnode" | "protocol" | "wwid", text: string | null) =>
		text === null ? null : textRule(kind, text, blacklist, blacklistExceptions);
	for (const { dev } of lun.paths) {
		const found = rule("devnode", dev);
		if (found !== null) return found;
	}
	const device = deviceRule(lun, blacklist, blacklistExceptions);
	if (device !== null) return device;
	for (const { transport } of lun.paths) {
		const found = rule("protocol", protocolOf(transport));
		if (found !== null) return found;
	}
	return rule("wwid", lun.wwid);
}

function textRule(
	kind: "devnode" | "protocol" | "wwid",
	text: string,
	blacklist: BlacklistRules,
	exceptions: BlacklistRules,
): string | null {
	if (exceptions[kind].some((pattern) => matches(pattern, text) === true)) return null;
	// A rule that cannot be judged here may well be the one.
	const found = blacklist[kind].find((pattern) => matches(pattern, text) !== false);
	return found === undefined ? null : `${kind} "${found}"`;
}

function deviceRule(
	{ vendor, product }: RuledLun,
	blacklist: BlacklistRules,
	exceptions: BlacklistRules,
): string | null {
	if (vendor === null || product === null) return null;
	const concerns = (entry: BlacklistDevice, inDoubt: boolean) =>
		[matchesPart(entry.vendor, vendor), matchesPart(entry.product, product)].every((part) => part ?? inDoubt);
	if (exceptions.device.some((entry) => concerns(entry, false))) return null;
	const found = blacklist.device.find((entry) => concerns(entry, true));
	if (found === undefined) return null;
	const words = [
		found.vendor === null ? null : `vendor "${found.vendor}"`,
		found.product === null ? null : `product "${found.product}"`,
	];
	return `device { ${words.filter((word) => word !== null).join(" ")} }`;
}

function matchesPart(pattern: string | null, text: string): boolean | null {
	return pattern === null ? true : matches(pattern, text);
}

/** As `%P` prints it (libmultipath/structs.c); null where sysfs does not tell which of several it is. */
function protocolOf(transport: Transport | null): string | null {
	switch (transport?.protocol) {
		case "iscsi":
			return "scsi:iscsi";
		case "fc":
			return "scsi:fcp";
		case "sas":
			return "scsi:sas";
		case "usb":
			return "scsi:usb";
		default:
			return null;
	}
}

/** A POSIX expression, turned round by a leading `!`; null when JavaScript would read it in another way. */
function matches(pattern: string, text: string): boolean | null {
	const inverted = pattern.startsWith("!");
	const expression = asJavaScript(inverted ? pattern.slice(1) : pattern.replace(/^\\!/, "!"));
	return expression === null ? null : expression.test(text) !== inverted;
}

const classes: Readonly<Record<string, string>> = {
	alnum: "0-9A-Za-z",
	alpha: "A-Za-z",
	digit: "0-9",
	lower: "a-z",
	space: " \t",
	upper: "A-Z",
	xdigit: "0-9A-Fa-f",
};

function asJavaScript(pattern: string): RegExp | null {
	const translated = pattern.replaceAll(/\[:([a-z]+):\]/g, (all, name: string) => classes[name] ?? all);
	// Equivalence classes, unknown classes, a backslash or a `]` as members of a bracket: all mean something else there.
	if (/\[[^\]]*\[[.=:]|\[\^?\]|\[[^\]]*\\|\\[^^.[\]$()|*+?{}\\!#@=:_-]/.test(translated)) return null;
	try {
		return new RegExp(translated);
	} catch {
		return null;
	}
}
