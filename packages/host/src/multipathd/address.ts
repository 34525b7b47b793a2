/** Where multipathd listens: a path, or an abstract name with a leading NUL, as `net.connect` wants it. */
export type SocketAddress = string;

/** Since multipath-tools 0.12.0 (Makefile.inc `runtimedir`); not there on 0.9.4 and 0.11.1. */
export const pathSocket: SocketAddress = "/run/multipathd.socket";

/** In every release since 0.5.0: libmpathcmd/mpath_cmd.h `DEFAULT_SOCKET`, without a trailing NUL. */
export const abstractSocket: SocketAddress = "\0/org/kernel/linux/storage/multipathd";

/**
 * Addresses to try, in order: `MULTIPATH_SOCKET_NAME` alone when it is set (a leading `@` means abstract, as in
 * libmpathutil/mpath_fill_sockaddr.c), else the path socket and then the abstract one.
 *
 * An abstract name knows no folder, so below another root than `/` only the path socket is tried: a trial must
 * never reach the daemon of the machine that it runs on.
 */
export function multipathdAddresses(
	options: { readonly env?: Readonly<Record<string, string | undefined>>; readonly root?: string } = {},
): readonly SocketAddress[] {
	const named = options.env?.["MULTIPATH_SOCKET_NAME"];
	if (named !== undefined && named !== "") {
		return [named.startsWith("@") ? `\0${named.slice(1)}` : named];
	}
	const root = (options.root ?? "/").replace(/\/+$/, "");
	return root === "" ? [pathSocket, abstractSocket] : [`${root}${pathSocket}`];
}

/** How an address is written for people: the NUL of an abstract name as `@`. */
export function showAddress(address: SocketAddress): string {
	return address.startsWith("\0") ? `@${address.slice(1)}` : address;
}
