import { isIPv6, SocketAddress } from "node:net";

/**
 * What counts as one address: an IPv4 address, also when written as IPv6; of IPv6 the /64, as one host has all of it.
 */
export function addressGroup(from: string | null): string {
	return groupOf(from, 4);
}

/** As `addressGroup`, but of IPv6 the /48: what one line at home is given at most. */
export function siteGroup(from: string | null): string {
	return groupOf(from, 3);
}

function groupOf(from: string | null, groups: 3 | 4): string {
	if (from === null) return "local";
	const [bare = ""] = from.split("%"); // Zone of a link-local address.
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
	if (mapped !== undefined) return mapped;
	return isIPv6(bare) ? `${firstOf(bare, groups)}::/${groups * 16}` : bare;
}

/** What an audit record names of an address: the /24 of IPv4, the /64 of IPv6; null: the local socket. */
export function addressBlock(from: string | null): string | null {
	if (from === null) return null;
	const group = addressGroup(from);
	const [, three] = /^(\d+\.\d+\.\d+)\.\d+$/.exec(group) ?? [];
	return three === undefined ? group : `${three}.0/24`;
}

/** The first of the eight groups; `::` stands for as many zeros as are missing. */
function firstOf(address: string, count: number): string {
	const [head = "", tail] = new SocketAddress({ address, family: "ipv6" }).address.split("::");
	const groups = (text: string | undefined) => (text === undefined || text === "" ? [] : text.split(":"));
	const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
	return [...groups(head), ...Array.from({ length: zeros }, () => "0"), ...groups(tail)]
		.slice(0, count)
		.join(":");
}
