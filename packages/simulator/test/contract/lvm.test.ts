import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type LvmContractHost, lvmContract } from "../../../host/test/contract/lvm-contract.ts";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { lunContents, San, type SimulatedHost, simulateHost } from "../../src/index.ts";
import { allowAll } from "../open-host.ts";
import { virtioPlan } from "../virtio-plan.ts";

const byId = (wwid: string) => `/dev/disk/by-id/dm-uuid-mpath-${wwid}`;

describe("a simulated LVM", () => {
	let root = "";
	let host: SimulatedHost;
	let contract: LvmContractHost;
	beforeAll(async () => {
		root = await mkdtemp(join(tmpdir(), "pk-lvm-"));
		const san = new San(virtioPlan(), realRuntime);
		host = await simulateHost({ runtime: realRuntime, node: "vm", san, root, secondMs: 25, started: false });
		await host.files.replace("/etc/multipath.conf", allowAll);
		await host.daemon.start();
		await vi.waitUntil(() => host.kernel.maps.length >= 2, { timeout: 60_000 });
		const [first = "", second = ""] = host.kernel.maps.map(({ wwid }) => byId(wwid));
		contract = {
			lvm: host.lvm,
			devices: [first, second],
			clear: async () => {
				const devices = [first, second];
				for (const volume of await host.lvm.logicalVolumes(devices))
					if (volume.active) await host.lvm.deactivateVolume(devices, volume);
				lunContents(san).clear();
			},
			format: (device) => {
				lunContents(san).set(device.slice(byId("").length), { signature: "TYPE=ext4" });
				return Promise.resolve();
			},
		};
	});
	beforeEach(() => contract.clear());
	afterAll(async () => {
		await host.close();
		await rm(root, { recursive: true, force: true });
	});

	for (const check of lvmContract) it(`keeps the contract: ${check.name}`, () => check.run(contract));

	it("does not answer within its deadline when a map holds its I/O", async () => {
		const [device] = contract.devices;
		const map = host.kernel.map(device.slice(byId("").length));
		map?.suspend(true);
		try {
			await expect(host.lvm.volumeGroups([device], { deadlineMs: 200 })).rejects.toThrow(
				/lvm did not finish within 0.2 s/,
			);
			expect(await host.lvm.volumeGroups([contract.devices[1]])).toEqual([]);
		} finally {
			map?.suspend(false);
		}
	});

	it("loses what another wrote at the same time, as a shared LUN does", async () => {
		const [device] = contract.devices;
		await host.lvm.createGroup(device, "vg0");
		const make = (name: string) =>
			host.lvm.createVolume([device], { vg: "vg0", name, sizeBytes: 4 * 1024 * 1024, tags: [] });
		await Promise.all([make("a"), make("b")]);
		expect((await host.lvm.logicalVolumes([device], "vg0")).length).toBe(1);
	});
});
