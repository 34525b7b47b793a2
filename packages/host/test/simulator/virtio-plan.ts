import type { SanPlan } from "../../src/index.ts";

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
