/**
 * The fabrics of a fleet are networks. Each guest has a card for each, plugged into a hub inside its own QEMU; the hub
 * of a node is joined to that of the san by a unix socket. So the san's QEMU is both switches, nothing leaves this
 * machine, and a guest woken from its saved memory can be connected afterwards.
 *
 * QEMU keeps a packet for good that a guest sends into a hub with nothing else plugged in, and all that follow: both
 * ends of a wire must be there before the guests use their cards.
 */
import { join } from "node:path";
import type { Guest } from "../guest/guest.ts";
import { type Fabric, fabricCards, fabrics } from "../guest/layout.ts";

/** The san's ends of the wires to a node. One that lost its node waits for the next of that name. */
export async function openWires(san: Guest, node: string): Promise<void> {
	for (const fabric of fabrics) await plugIn(san, fabric, wireOf(san, node, fabric), true);
}

/** The node's ends; its host name is the one that the san's ends were opened for. */
export async function joinWires(san: Guest, guest: Guest, node: string): Promise<void> {
	for (const fabric of fabrics) await plugIn(guest, fabric, wireOf(san, node, fabric), false);
}

interface Wire {
	readonly id: string;
	readonly path: string;
}

function wireOf(san: Guest, node: string, fabric: Fabric): Wire {
	const id = `wire-${fabric}-${node}`;
	return { id, path: join(san.sockets, id) };
}

async function plugIn(guest: Guest, fabric: Fabric, { id, path }: Wire, listens: boolean): Promise<void> {
	await guest.qmp("netdev_add", { type: "stream", id, server: listens, addr: { type: "unix", path } });
	const { hub } = fabricCards[fabric];
	await guest.qmp("netdev_add", { type: "hubport", id: `${id}-plug`, hubid: hub, netdev: id });
}
