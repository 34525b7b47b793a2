import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, SimulatedFleet, tea } from "../simulated-fleet.ts";

/** Volumes of 8 MiB on a group that stands on an empty LUN, over three nodes. */
let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2", "n3"] });
	await fleet.allow(milk, tea);
	expect(await fleet.call("POST", "/storage", { storage: "san", type: "multipath" })).toMatchObject({
		status: 200,
		data: { storage: "san", type: "multipath" },
	});
	const data = { storage: "data", type: "lvm", vgname: "vg0", base: `san:${tea}`, shared: 1 };
	expect(await fleet.call("POST", "/storage", data)).toMatchObject({ status: 200 });
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

const alloc = (node: string, vmid: number) =>
	fleet.call("POST", `/nodes/${node}/storage/data/content`, { vmid, filename: "", size: "8M" });
const volids = async (node: string): Promise<readonly string[]> => {
	const { data } = await fleet.call("GET", `/nodes/${node}/storage/data/content`);
	return Array.isArray(data) ? data.map((volume: { volid: string }) => volume.volid) : [];
};

describe("storages", () => {
	test("are listed in Proxmox VE's form", async () => {
		const { data } = await fleet.call("GET", "/storage");
		expect(data).toMatchObject([
			{ storage: "san", type: "multipath", content: "images" },
			{ storage: "data", type: "lvm", vgname: "vg0", base: `san:${tea}`, shared: 1, content: "images" },
		]);
		expect((await fleet.call("GET", "/storage?type=lvm")).data).toHaveLength(1);
		expect((await fleet.call("GET", "/storage/data")).data).toMatchObject({
			digest: expect.stringMatching(/^[0-9a-f]{40}$/),
		});
	});

	test("are there on every node, the group made once", async () => {
		for (const node of ["n1", "n2", "n3"]) {
			const { data } = await fleet.call("GET", `/nodes/${node}/storage`);
			expect(data).toMatchObject([
				{ storage: "san", active: 1, enabled: 1, total: 0, select_existing: 1, used_fraction: 0 },
				{ storage: "data", active: 1, enabled: 1, shared: 1 },
			]);
		}
		expect((await fleet.call("GET", "/nodes/n2/storage/data/status")).data).toMatchObject({
			type: "lvm",
			active: 1,
			used: 0,
		});
		expect((await fleet.call("GET", "/nodes/n1/storage/none/status")).errors).toEqual({
			storage: "No such storage.",
		});
	});

	test("are no folders of the system, and none that others than root could replace", async () => {
		const add = (path: string) => fleet.call("POST", "/storage", { storage: "files", type: "dir", path });
		expect(await add("/etc/cron.d")).toMatchObject({
			status: 400,
			errors: { path: expect.stringContaining("'/etc/cron.d' is a system folder") },
		});
		for (const node of ["n1", "n2", "n3"]) {
			mkdirSync(join(fleet.host(node).root, "srv/shared"), { recursive: true });
			chmodSync(join(fleet.host(node).root, "srv/shared"), 0o777);
			symlinkSync("/etc", join(fleet.host(node).root, "srv/link"));
		}
		expect((await add("/srv/shared/volumes")).reason).toMatch(
			/^\/srv\/shared\/volumes is not used: \/srv\/shared above it is writable for everybody/,
		);
		expect((await add("/srv/link/volumes")).reason).toMatch(
			/it leads to \/etc\/volumes, which is a system folder/,
		);
		expect((await fleet.call("GET", "/storage/files")).reason).toMatch(/storage 'files' does not exist/);
		expect(readdirSync(join(fleet.host("n1").root, "srv/shared"))).toEqual([]);
	});

	test("are found by the spelling alone that rights are looked up for", async () => {
		expect((await fleet.call("GET", "/storage/DATA")).reason).toMatch(/storage 'DATA' does not exist/);
		const calls = [
			["GET", "/nodes/n1/storage/DATA/status"],
			["GET", "/nodes/n1/storage/Data/content"],
			["GET", "/nodes/n1/storage/DATA/content/vm-100-disk-0"],
			["DELETE", "/nodes/n1/storage/DATA/content/data%3Avm-100-disk-0"],
		] as const;
		for (const [method, path] of calls)
			expect((await fleet.call(method, path)).errors).toEqual({ storage: "No such storage." });
		const alloc = { vmid: 100, filename: "", size: "8M" };
		expect((await fleet.call("POST", "/nodes/n1/storage/dAta/content", alloc)).errors).toEqual({
			storage: "No such storage.",
		});
	});

	test("list LUNs with their size in bytes, and what a node could use", async () => {
		const { data } = await fleet.call("GET", "/nodes/n1/storage/san/content");
		expect(data).toMatchObject([
			{ volid: `san:${tea}`, size: 100 * 1024 ** 3, vmid: 0, format: "raw", content: "images" },
			{ volid: `san:${milk}`, size: 512 * 1024 ** 3 },
		]);
		expect((await fleet.call("GET", "/nodes/n3/scan/lvm")).data).toMatchObject([
			{ vg: "vg-demo-milk" },
			{ vg: "vg0", lvcount: 0 },
		]);
	});

	test("are preceded by a look at the targets of a portal", async () => {
		const scan = (portal: string) =>
			fleet.call("GET", `/nodes/n2/scan/iscsi?portal=${encodeURIComponent(portal)}`);
		expect((await scan("192.168.71.1")).data).toEqual([
			{
				target: "iqn.2026-11.demo:vega",
				portal: "192.168.71.1:3260,192.168.71.2:3260,192.168.72.1:3260,192.168.72.2:3260",
			},
		]);
		expect((await scan("-o new")).errors).toEqual({
			portal: "invalid format - '-o new' is not HOST or HOST:PORT",
		});
		expect((await fleet.call("GET", "/nodes/n2/scan/iscsi")).errors).toHaveProperty("portal");
		expect((await scan("192.0.2.7")).reason).toMatch(
			/^iSCSI discovery at 192\.0\.2\.7:3260 failed: no connection to the portal: nothing listens there/,
		);
		fleet.san.failPort("vega-a1");
		// An answer of a moment ago is good for a second.
		await fleet.until("the portal is silent", async () =>
			/failed: no answer within 20 s/.test((await scan("192.168.71.1")).reason),
		);
		fleet.san.restorePort("vega-a1");
		rmSync(join(fleet.host("n2").root, "usr/sbin/iscsiadm"));
		expect((await scan("192.168.71.1")).reason).toMatch(/install open-iscsi on this node/);
	});

	test("keep every volume that three nodes make at once", async () => {
		const made = await Promise.all(["n1", "n2", "n3"].map((node, at) => alloc(node, 100 + at)));
		expect(made.map(({ data }) => data)).toEqual([
			"data:vm-100-disk-0",
			"data:vm-101-disk-0",
			"data:vm-102-disk-0",
		]);
		for (const node of ["n1", "n2", "n3"]) expect(await volids(node)).toEqual(made.map(({ data }) => data));
	});

	test("give a volume by its id and by its name, and free it as a task", async () => {
		const { data: volid } = await alloc("n1", 200);
		expect(volid).toBe("data:vm-200-disk-0");
		const path = "/nodes/n2/storage/data/content";
		for (const name of ["data:vm-200-disk-0", "vm-200-disk-0"])
			expect((await fleet.call("GET", `${path}/${encodeURIComponent(name)}`)).data).toMatchObject({
				path: "/dev/vg0/vm-200-disk-0",
				size: 8 * 1024 ** 2,
				format: "raw",
			});
		const freed = await fleet.call("DELETE", `${path}/vm-200-disk-0`);
		expect(freed.data).toMatch(/^UPID:n2:.*:imgdel:/);
		await fleet.until("it is gone", async () => !(await volids("n1")).includes("data:vm-200-disk-0"));
		expect((await fleet.call("DELETE", `${path}/vm-200-disk-0?delay=30`)).reason).toBe(
			"volume 'data:vm-200-disk-0' does not exist",
		);
		expect(await volids("n1")).not.toContain("data:vm-200-disk-0");
	});

	test("grow and rename a volume where it is used, and nowhere else", async () => {
		const { data: volid } = await alloc("n1", 210);
		const path = (node: string) => `/nodes/${node}/storage/data/content/vm-210-disk-0`;
		expect(await fleet.call("POST", `${path("n2")}/activate`)).toMatchObject({ status: 200, data: null });
		const inUse = `volume '${String(volid)}' is in use and was not changed: n2: it is active there`;
		expect((await fleet.call("PUT", `${path("n1")}/resize`, { size: "16M" })).reason).toBe(inUse);
		expect((await fleet.call("PUT", `${path("n3")}/rename`, { name: "vm-210-disk-1" })).reason).toBe(inUse);
		expect((await fleet.call("DELETE", `${path("n1")}?delay=30`)).reason).toBe(inUse);
		expect((await fleet.call("PUT", `${path("n2")}/resize`, { size: "4M" })).reason).toBe(
			`volume '${String(volid)}' has 8388608 bytes and cannot be made smaller`,
		);
		expect(await fleet.call("PUT", `${path("n2")}/resize`, { size: "16M" })).toMatchObject({ data: null });
		expect((await fleet.call("GET", path("n3"))).data).toMatchObject({ size: 16 * 1024 ** 2 });
		expect(await fleet.call("POST", `${path("n2")}/deactivate`)).toMatchObject({ status: 200, data: null });
		expect(await fleet.call("PUT", `${path("n1")}/rename`, { name: "vm-210-disk-1" })).toMatchObject({
			data: "data:vm-210-disk-1",
		});
		expect((await fleet.call("POST", `${path("n1")}/activate`)).reason).toBe(
			`volume '${String(volid)}' does not exist`,
		);
		expect(
			(await fleet.call("PUT", "/nodes/n1/storage/san/content/x/resize", { size: "8M" })).status,
		).not.toBe(200);
	});

	test("refuse in the plugin's words, and say what is wrong with a request", async () => {
		expect(
			await fleet.call("POST", "/nodes/n1/storage/san/content", { vmid: 100, filename: "", size: "1G" }),
		).toMatchObject({ status: 500, reason: "can't allocate space in multipath storage" });
		expect(
			(await fleet.call("POST", "/nodes/n1/storage/data/content", { vmid: 100, filename: "", size: "1T" }))
				.errors,
		).toHaveProperty("size");
		expect((await fleet.call("POST", "/storage", { storage: "data", type: "lvm", vgname: "a" })).reason).toBe(
			"storage ID 'data' already defined",
		);
		expect((await fleet.call("POST", "/storage", { storage: "more", type: "lvm" })).errors).toEqual({
			vgname: "property is missing and it is not optional",
		});
		const onMilk = { storage: "more", type: "lvm", vgname: "vg1", base: `san:${milk}` };
		expect((await fleet.call("POST", "/storage", onMilk)).reason).toBe(
			`no volume group was created on '/dev/disk/by-id/dm-uuid-mpath-${milk}', because it contains volume group 'vg-demo-milk'; choose another volume, or wipe this one yourself`,
		);
		expect((await fleet.call("GET", "/storage?type=lvm")).data).toHaveLength(1);
		expect((await fleet.call("PUT", "/storage/data", { disable: 1, digest: "0".repeat(40) })).reason).toMatch(
			/^detected modified configuration/,
		);
	});

	test("leave no trace of the questions that were asked", async () => {
		await fleet.call("GET", "/nodes/n1/storage");
		const { entries } = await fleet.store.list("task/n1/");
		const types = entries.map(({ key }) => key.split(":")[5]);
		expect(types).not.toContain("storagestatus");
		expect(types).not.toContain("storagecontent");
		expect(types).toContain("imgalloc");
	});
});

describe("what stands on something else", () => {
	test("is shown with its LUN", async () => {
		const { luns } = await fleet.status();
		expect(luns.find(({ wwid }) => wwid === tea)).toMatchObject({ storages: ["data"] });
		expect(luns.find(({ wwid }) => wwid === milk)).toMatchObject({ storages: [] });
	});

	test("is missed on a node that cannot use its LUN, and nowhere else", async () => {
		const notSeen = async () =>
			(await fleet.status()).nodes.flatMap(({ node, findings }) =>
				findings.flatMap(({ code, subject, text }) =>
					code === "vg-not-seen" ? [{ node, subject, text }] : [],
				),
			);
		expect(await notSeen()).toEqual([]);
		const disks = fleet.host("n3").kernel.disksOf(tea);
		for (const { dev } of disks) fleet.san.failPath("n3", dev);
		try {
			await expect
				.poll(notSeen)
				.toEqual([
					{ node: "n3", subject: tea, text: expect.stringContaining("volume group 'vg0' of storage 'data'") },
				]);
			expect((await fleet.call("GET", "/nodes/n3/status")).data).toMatchObject({
				findings: expect.arrayContaining([expect.objectContaining({ code: "vg-not-seen" })]),
			});
		} finally {
			for (const { dev } of disks) fleet.san.restorePath("n3", dev);
		}
		await expect.poll(notSeen).toEqual([]);
	});

	test("keeps a base storage and its LUN", async () => {
		expect((await fleet.call("DELETE", "/storage/san")).reason).toBe(
			"can't remove storage 'san' - it is used as base of another storage: data",
		);
		expect((await fleet.call("DELETE", `/cluster/multipath/wwids/${tea}`)).reason).toBe(
			`LUN ${tea} was not forgotten: storage data uses it; remove that first`,
		);
	});

	test("keeps a volume that another node uses, or might use", async () => {
		const { data: volid } = await alloc("n1", 300);
		const device = `/dev/disk/by-id/dm-uuid-mpath-${tea}`;
		const name = { vg: "vg0", name: "vm-300-disk-0" };
		// More than a report names, and used only now: the report of n3 does not say so.
		const { kernel } = fleet.host("n3");
		const others = Array.from({ length: 50 }, (_, at) => `LV other/lv${at} active`);
		const letGo = others.map((words) => kernel.map(tea)?.hold({ kind: "lv", words }));
		await fleet.host("n3").lvm.activateVolume([device], name);
		const free = () => fleet.call("DELETE", "/nodes/n1/storage/data/content/vm-300-disk-0?delay=30");
		expect((await fleet.call("DELETE", "/nodes/n1/storage/data/content/vm-300-disk-0?force=1")).reason).toBe(
			`volume '${String(volid)}' is in use and was not changed: n3: it is active there`,
		);
		expect((await free()).reason).toBe(
			`volume '${String(volid)}' is in use and was not changed: n3: it is active there`,
		);
		const own = { storage: "own", type: "lvm", vgname: "vg0", base: `san:${tea}` };
		expect(await fleet.call("POST", "/storage", own)).toMatchObject({ status: 200 });
		expect((await fleet.call("DELETE", "/nodes/n1/storage/own/content/vm-300-disk-0")).reason).toBe(
			"volume 'own:vm-300-disk-0' is in use and was not changed: n3: it is active there",
		);
		await fleet.host("n3").lvm.deactivateVolume([device], name);
		for (const end of letGo) end?.();
		await fleet.stopAgent("n3");
		expect((await free()).reason).toBe(
			`volume '${String(volid)}' is in use and was not changed: n3: no sign of life from its agent, so it may use it`,
		);
		expect((await fleet.call("GET", "/nodes/n3/storage")).reason).toBe(
			"node 'n3' is not reachable (no sign of life from its agent)",
		);
		expect(await volids("n1")).toContain(volid);
		const forced = await fleet.call(
			"DELETE",
			"/nodes/n1/storage/data/content/vm-300-disk-0?delay=30&force=1",
		);
		expect(forced).toMatchObject({ status: 200, data: null });
		expect(await volids("n1")).not.toContain(volid);
	});
});
