import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { realHost } from "../src/index.ts";

const stop = new AbortController();
afterEach(() => stop.abort());

describe("the machine that runs this test", () => {
	const host = realHost({ runtime: realRuntime, signal: stop.signal });

	it("is no simulation and has a name", () => {
		expect(host.simulated).toBe(false);
		expect(host.node).toMatch(/^[^.]+$/);
		expect(realHost({ runtime: realRuntime, node: "n1" }).node).toBe("n1");
	});

	it("shows its disks, and those that could be paths have a wire", async () => {
		for (const disk of await host.sysfs.candidates()) {
			expect(disk.dev).toMatch(/^(sd|nvme|dasd)/);
			expect(disk.transport).not.toBeNull();
		}
		for (const [dev, facts] of await host.sysfs.paths(["vda", "sda", "nvme0n1"])) {
			expect(existsSync(`/sys/block/${dev}`)).toBe(true);
			expect(facts.sizeBytes).toBeGreaterThan(0);
		}
	});

	it("shows every map that the kernel holds, and says whether root is on one", async () => {
		const maps = await host.sysfs.kernelMaps();
		const root = await host.sysfs.rootOnMap();
		if (root !== null) expect(maps.map(({ wwid }) => wwid)).toContain(root);
		for (const map of maps) expect(map.dm).toMatch(/^dm-\d+$/);
	});

	it("reads its own files", async () => {
		expect(await host.files.read("/proc/sys/kernel/osrelease")).toMatch(/^\d+\./);
	});
});
