import { readConfig, writeConfig } from "@pathkeeper/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet, tea } from "../../../server/test/simulated-fleet.ts";
import { run } from "../console.ts";

let fleet: SimulatedFleet;
let socket: string;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	socket = await fleet.listen();
	await fleet.allow(milk, tea);
	expect(await storage("add", "multipath", "san")).toMatchObject({ code: 0, out: "storage 'san' added\n" });
	const settings = ["vgname=vg0", `base=san:${tea}`, "shared=1", "saferemove_throughput=1048576"];
	expect(await storage("add", "lvm", "data", ...settings)).toMatchObject({ code: 0 });
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

const storage = (...args: readonly string[]) => run(["storage", ...args], { socket });
describe("storages", () => {
	test("are shown with the columns of pvesm status", async () => {
		const { out } = await storage("status");
		const [head, ...lines] = out.split("\n");
		// As `pvesm status` prints two storages of these names, sorted by them.
		expect(head).toBe("Name        Type     Status     Total (KiB)      Used (KiB) Available (KiB)        %");
		expect(lines[0]).toMatch(/^data {9}lvm {5}active {7}\d{9} {15}0 {7}\d{9} {4}0\.00%$/);
		expect(lines[1]).toBe(
			"san    multipath     active               0               0               0    0.00%",
		);
		await storage("set", "data", "disable=1");
		expect((await storage("status")).out).toMatch(/^data +lvm +disabled +0 +0 +0 +N\/A$/m);
		expect((await storage("status", "--enabled")).out).not.toContain("data");
		await storage("set", "data", "--unset", "disable");
		expect((await storage("status", "--storage", "data")).out).not.toContain("san");
	});

	test("say why they are inactive", async () => {
		await fleet.host("n2").daemon.stop();
		const { out, err } = await storage("status", "--node", "n2");
		expect(out).toMatch(/^san +multipath +inactive /m);
		expect(err).toMatch(/san on n2: storage 'san' is not online: multipathd is not running/);
		await fleet.host("n2").daemon.start();
	});

	test("that give none for what their section lacks are told beside the table", async () => {
		const { text } = await readConfig(fleet.store, "storage.cfg");
		const author = { by: "jane@local", from: null, at: 1 };
		await writeConfig(fleet.store, "storage.cfg", `${text}\nlvm: half\n\tshared 1\n`, author);
		const { out, err } = await storage("status", "--node", "n1");
		expect(out).not.toContain("half");
		expect(err).toMatch(/half is left out: storage\.cfg:\d+:1: error: .*it needs a valid 'vgname'/);
		expect((await storage("status", "--storage", "san")).err).not.toContain("half");
		expect(await storage("remove", "half")).toMatchObject({ code: 0 });
	});

	test("hold volumes, which are made, listed, found and removed", async () => {
		expect((await storage("alloc", "data", "101", "", "8M")).out).toBe(
			"successfully created 'data:vm-101-disk-0'\n",
		);
		expect((await storage("alloc", "data", "100", "vm-100-disk-3", "8192", "--node", "n2")).code).toBe(0);
		expect((await storage("list", "data")).out).toBe(
			[
				"Volid              Format  Type         Size VMID",
				"data:vm-100-disk-3 raw     images    8388608 100",
				"data:vm-101-disk-0 raw     images    8388608 101",
				"",
			].join("\n"),
		);
		expect((await storage("list", "san")).out).toMatch(
			new RegExp(`^san:${milk} raw +images +549755813888$`, "m"),
		);
		expect((await storage("path", "data:vm-101-disk-0")).out).toBe("/dev/vg0/vm-101-disk-0\n");
		expect((await storage("free", "data:vm-101-disk-0")).out).toBe("Removed volume 'data:vm-101-disk-0'\n");
		expect(await storage("free", "data:vm-101-disk-0")).toMatchObject({
			code: 1,
			err: expect.stringContaining("volume 'data:vm-101-disk-0' does not exist"),
		});
		expect((await storage("list", "data", "--vmid", "101")).out).toBe("Volid Format  Type      Size VMID\n");
	});

	test("hold volumes, which are grown, renamed, and made usable on a node that is named", async () => {
		await storage("alloc", "data", "110", "", "8M");
		expect((await storage("activate", "data:vm-110-disk-0")).err).toContain("--node");
		expect((await storage("activate", "data:vm-110-disk-0", "--node", "n2")).out).toBe(
			"'data:vm-110-disk-0' is active on n2\n",
		);
		expect((await storage("resize", "data:vm-110-disk-0", "12M", "--node", "n1")).err).toContain(
			"n2: it is active there",
		);
		expect((await storage("resize", "data:vm-110-disk-0", "12M", "--node", "n2")).out).toBe(
			"'data:vm-110-disk-0' is at least 12M now\n",
		);
		expect((await storage("deactivate", "data:vm-110-disk-0", "--node", "n2")).out).toBe(
			"'data:vm-110-disk-0' is not active on n2\n",
		);
		expect((await storage("rename", "data:vm-110-disk-0", "vm-110-disk-9")).out).toBe(
			"'data:vm-110-disk-0' is 'data:vm-110-disk-9' now\n",
		);
		expect((await storage("list", "data", "--vmid", "110")).out).toContain(
			"data:vm-110-disk-9 raw     images    12582912 110\n",
		);
		expect((await storage("free", "data:vm-110-disk-9")).code).toBe(0);
	});

	test("that are not shared are not worked on before the node is named", async () => {
		const volume = { vg: "vg-demo-milk", name: "vm-200-disk-0" };
		const devices = [`/dev/disk/by-id/dm-uuid-mpath-${milk}`];
		const { lvm } = fleet.host("n2");
		await lvm.createVolume(devices, { ...volume, sizeBytes: 8 * 1024 ** 2, tags: [] });
		await lvm.deactivateVolume(devices, volume);
		expect(await storage("add", "lvm", "own", "vgname=vg-demo-milk")).toMatchObject({ code: 0 });
		const calls = [
			["free", "own:vm-200-disk-0"],
			["free", "own:vm-200-disk-0", "--force"],
			["path", "own:vm-200-disk-0"],
			["alloc", "own", "200", "", "8M"],
		];
		for (const call of calls) {
			const { code, err } = await storage(...call);
			expect(code).not.toBe(0);
			expect(err).toContain("name the node: storage 'own' is not shared, and each node has its own");
		}
		expect((await storage("list", "own")).out).toContain("own:vm-200-disk-0");
		expect((await storage("free", "gone:vm-200-disk-0")).err).toContain("storage 'gone' does not exist");
		expect((await storage("path", "own:vm-200-disk-0", "--node", "n1")).out).toBe(
			"/dev/vg-demo-milk/vm-200-disk-0\n",
		);
		expect((await storage("free", "own:vm-200-disk-0", "--node", "n2")).out).toBe(
			"Removed volume 'own:vm-200-disk-0'\n",
		);
		expect(await storage("remove", "own")).toMatchObject({ code: 0 });
	});

	test("are scanned for", async () => {
		expect((await storage("scan", "lvm")).out).toBe("vg-demo-milk\nvg0\n");
		const { out } = await storage("scan", "multipath");
		expect(out).toMatch(new RegExp(`^${milk} .*nobody *$`, "m"));
		// Whatever stands on the bare paths of a LUN, no map tells of it.
		expect(out).toMatch(new RegExp(`^${oil} .*not known *$`, "m"));
		expect((await storage("scan", "tape")).err).toContain(
			"'tape' cannot be scanned for; known: lvm, multipath, iscsi",
		);
	});

	test("are preceded by the targets that a portal tells", async () => {
		const vega = ["192.168.71.1", "192.168.71.2", "192.168.72.1", "192.168.72.2"];
		expect(await storage("scan", "iscsi", "192.168.71.1")).toMatchObject({
			code: 0,
			out: `iqn.2026-11.demo:vega ${vega.map((address) => `${address}:3260`).join(",")}\n`,
		});
		expect((await storage("scan", "iscsi")).err).toContain("name one: scan iscsi HOST[:PORT]");
		expect((await storage("scan", "lvm", "192.168.71.1")).err).toContain("only iscsi takes a portal");
		expect((await storage("scan", "iscsi", "--node", "n2", "--", "-o")).err).toContain(
			"is not HOST or HOST:PORT",
		);
	});

	test("refuse what is no setting, and stay while something stands on them", async () => {
		expect((await storage("add", "dir", "local", "path=/srv", "digest=1", "x")).err).toContain(
			"digest: is not a setting of storages",
		);
		expect((await storage("add", "dir", "local", "path=/srv", "colour=red")).err).toMatch(
			/colour: property is not defined/,
		);
		expect((await storage("set", "data")).err).toContain("nothing to change");
		expect(await storage("remove", "san")).toMatchObject({
			code: 1,
			err: expect.stringContaining("it is used as base of another storage: data"),
		});
	});
});
