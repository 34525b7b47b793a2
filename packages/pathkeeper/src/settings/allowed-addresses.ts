import { BlockList, isIP, isIPv6 } from "node:net";

/** Addresses that something is allowed to. */
export interface AllowedAddresses {
	readonly has: (address: string) => boolean;
}

/** Of addresses and networks such as `10.0.0.7`, `10.0.0.0/24`, `fd00::/64`; or what is wrong with one of them. */
export function allowedAddresses(text: string): AllowedAddresses | Error {
	const list = new BlockList();
	for (const each of text.split(/[\s,]+/).filter((part) => part !== "")) {
		const [address = "", bits, more] = each.split("/");
		const family = isIPv6(address) ? "ipv6" : "ipv4";
		const longest = family === "ipv6" ? 128 : 32;
		const prefix = bits === undefined ? longest : Number(bits);
		const sound =
			isIP(address) !== 0 && more === undefined && /^\d{1,3}$/.test(bits ?? "0") && prefix <= longest;
		if (!sound) return new Error(`'${each}' is not an address, nor a network such as 10.0.0.0/24`);
		list.addSubnet(address, prefix, family);
	}
	return {
		has: (address) => {
			const [bare = ""] = address.split("%"); // Zone of a link-local address.
			// An IPv4 address is found when it is written as IPv6, too.
			return isIP(bare) !== 0 && list.check(bare, isIPv6(bare) ? "ipv6" : "ipv4");
		},
	};
}
