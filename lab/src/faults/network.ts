/** What can happen to the management network. Without it ssh does not answer either; QEMU's monitor does. */
import type { Guest } from "../guest/guest.ts";

/** Takes the guest's network link down or up, from outside. */
export async function setNetworkLink(guest: Guest, up: boolean): Promise<void> {
	await guest.qmp("set_link", { name: "nic", up });
}
