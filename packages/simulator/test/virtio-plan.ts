import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import type { Clock } from "../src/clock.ts";
import { type Release, San, type SanPlan, type SimulatedHost, simulateHost } from "../src/index.ts";

/** The machine that the samples were recorded on: two LUNs of 1 GiB behind two virtio-scsi controllers. */
export function virtioPlan(firstHost = 0, luns: readonly number[] = [0, 1]): SanPlan {
	return {
		arrays: [
			{
				name: "qemu",
				vendor: "QEMU",
				product: "QEMU HARDDISK",
				revision: "2.5+",
				protocol: "unspec",
				alua: false,
				ports: [
					{ name: "c0", controller: "0", fabric: "pci", target: "" },
					{ name: "c1", controller: "1", fabric: "pci", target: "" },
				],
				luns: luns.map((number) => ({
					wwid: `35000c5001500aa0${number}`,
					sizeBytes: 1024 ** 3,
					number,
					serial: `LUN000${number}`,
				})),
			},
		],
		nodes: [{ name: "vm", firstHost, initiators: { pci: { address: "" } } }],
	};
}

/** Which disk is `sda`: the first LUN's, or the second's (kernels scan hosts at the same time). */
export type DiskOrder = "host by host" | "second LUN first";

/** The recorded machine, its disks found in a given order. */
export async function hostWithDisks(
	order: DiskOrder,
	options: { readonly root: string; readonly release: Release; readonly clock: Clock },
): Promise<SimulatedHost> {
	const san = new San(virtioPlan(options.release === "0.9.4" ? 2 : 0), options.clock);
	if (order === "second LUN first") {
		for (const dev of ["sda", "sdb", "sdc", "sdd"]) san.deletePath("vm", dev);
		san.failSession("vm", "c1");
		san.unmapLun("35000c5001500aa00");
		san.rescan("vm");
		san.mapLun("35000c5001500aa00");
		san.rescan("vm");
		san.restoreSession("vm", "c1");
		san.rescan("vm");
	}
	return simulateHost({ runtime: realRuntime, node: "vm", san, ...options });
}
