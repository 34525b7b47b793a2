/** Where an iSCSI target listens. */
export interface IscsiPortal {
	/** IPv4 address, IPv6 address without brackets, or DNS name. */
	readonly host: string;
	readonly port: number;
}

/** IANA's port of iSCSI targets (RFC 7143). */
const usualPort = 3260;

/**
 * Reads `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`, an IPv6 address also without brackets when no port follows; null
 * for anything else. What it gives is one word that no program takes for an option.
 */
export function parsePortal(text: string): IscsiPortal | null {
	if (text.length > 300) return null;
	if (isIpv6(text)) return { host: text.toLowerCase(), port: usualPort };
	const [, inBrackets, plain, port = String(usualPort)] =
		/^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
	const number = Number(port);
	if (number < 1 || number > 65_535) return null;
	if (inBrackets !== undefined && isIpv6(inBrackets)) return { host: inBrackets.toLowerCase(), port: number };
	if (plain !== undefined && (isIpv4(plain) || isHostName(plain)))
		return { host: plain.toLowerCase(), port: number };
	return null;
}

/** `192.168.71.1:3260`, `[fd00::1]:3260`: the form in which open-iscsi and the kernel name portals. */
export function portalText({ host, port }: IscsiPortal): string {
	return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function isIpv4(text: string): boolean {
	const parts = text.split(".");
	return (
		parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
	);
}

/** Without a zone, which would name a network card of one node. */
function isIpv6(text: string): boolean {
	if (!text.includes(":")) return false;
	const halves = text.split("::");
	if (halves.length > 2) return false;
	const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
	const all = groups.flat();
	const last = groups.at(-1)?.at(-1);
	const v4 = last?.includes(".") === true;
	if (v4 && !isIpv4(last)) return false;
	const words = v4 ? all.slice(0, -1) : all;
	if (!words.every((word) => /^[0-9A-Fa-f]{1,4}$/.test(word))) return false;
	const count = words.length + (v4 ? 2 : 0);
	return halves.length === 2 ? count < 8 : count === 8;
}

/** A DNS name (RFC 1123); one whose last part is a number would be taken for an address. */
function isHostName(text: string): boolean {
	const labels = text.split(".");
	return (
		text.length <= 253 &&
		labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label)) &&
		!/^\d+$/.test(labels.at(-1) ?? "")
	);
}
