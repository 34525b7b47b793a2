import type { Disk } from "../san/fabric.ts";
import { type DaemonConf, expression, type Rules } from "./conf.ts";

/**
 * Which devices multipathd looks at (multipath-tools libmultipath/blacklist.c): criteria are asked in the order
 * device node, device, protocol, WWID; within one an exception wins, and an exception of one never helps in another.
 */
export class Filter {
	readonly #conf: DaemonConf;
	readonly #devices: Rules["device"];
	readonly #wwidListed: (text: string) => boolean;
	readonly #wwidExcepted: (text: string) => boolean;

	constructor(conf: DaemonConf, builtIn: Rules["device"]) {
		this.#conf = conf;
		this.#devices = [...builtIn, ...conf.blacklist.device];
		this.#wwidListed = matcher(conf.blacklist.wwid);
		this.#wwidExcepted = matcher(conf.exceptions.wwid);
	}

	devnodeAllowed(dev: string): boolean {
		const { blacklist, exceptions } = this.#conf;
		if (matches(exceptions.devnode, dev)) return true;
		return /^(sd[a-z]|dasd[a-z]|nvme[0-9])/.test(dev) && !matches(blacklist.devnode, dev);
	}

	wwidAllowed(wwid: string): boolean {
		return this.#wwidExcepted(wwid) || !this.#wwidListed(wwid);
	}

	/** Null when the disk is allowed, else the rule that stops it. */
	refusal(disk: Disk): "devnode" | "device" | "protocol" | "wwid" | null {
		const { blacklist, exceptions } = this.#conf;
		if (!this.devnodeAllowed(disk.dev)) return "devnode";
		const { vendor, product } = disk.lun.array;
		if (!deviceMatches(exceptions.device, vendor, product) && deviceMatches(this.#devices, vendor, product))
			return "device";
		const protocol = protocolOf(disk);
		if (!matches(exceptions.protocol, protocol) && matches(blacklist.protocol, protocol)) return "protocol";
		return this.wwidAllowed(disk.wwid) ? null : "wwid";
	}
}

/** `%P` of a path. */
export function protocolOf(disk: Disk): string {
	const { protocol } = disk.session.port.array;
	return protocol === "iscsi" ? "scsi:iscsi" : protocol === "fc" ? "scsi:fcp" : "scsi:unspec";
}

function deviceMatches(entries: Rules["device"], vendor: string, product: string): boolean {
	return entries.some(
		(entry) => expression(entry.vendor).test(vendor) && expression(entry.product).test(product),
	);
}

/** One rule, with the leading `!` that turns it round. */
function matchesRule(rule: string, text: string): boolean {
	if (rule.startsWith("!")) return !expression(rule.slice(1)).test(text);
	return expression(rule.startsWith("\\!") ? rule.slice(1) : rule).test(text);
}

function matches(rules: readonly string[], text: string): boolean {
	return rules.some((rule) => matchesRule(rule, text));
}

/** Anchored literal rules, of which an allow-list has thousands, are looked up instead of matched one by one. */
function matcher(rules: readonly string[]): (text: string) => boolean {
	const literal = new Set<string>();
	const rest: string[] = [];
	for (const rule of rules) {
		const [, inner] = /^\^((?:[\w#:=@-]|\\\W)+)\$$/.exec(rule) ?? [];
		if (inner === undefined) rest.push(rule);
		else literal.add(inner.replaceAll(/\\(\W)/g, "$1"));
	}
	return (text) => literal.has(text) || matches(rest, text);
}
