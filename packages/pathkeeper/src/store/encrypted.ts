import { isIPv4 } from "node:net";

/** What goes over a network in the clear to these members of etcd; null: nothing. */
export function notEncrypted(endpoints: readonly string[]): string | null {
	return endpoints.find((endpoint) => URL.canParse(endpoint) && isInTheClear(new URL(endpoint))) ?? null;
}

/** What to do about it. */
export const encryptIt =
	"is not encrypted: anyone on the network path can read the passwords and change what root does on every host; use https://, or give --etcd-insecure";

function isInTheClear({ protocol, hostname }: URL): boolean {
	const isLoopback =
		hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."));
	return protocol === "http:" && !isLoopback;
}
