import type { UdevEvent } from "@pathkeeper/host";
import { afterEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { demoAliases, demoSanPlan, San, sanOf } from "../src/index.ts";
import { diskName, diskNumber } from "../src/san/disk-names.ts";
import { allowAll, type OpenHost, openHost } from "./open-host.ts";
import { virtioPlan } from "./virtio-plan.ts";

const first = "35000c5001500aa00";
const second = "35000c5001500aa01";

let open: OpenHost;
afterEach(() => open?.close());

const listed = (format: string) => open.host.daemon.answer(`show maps raw format "${format}"`);

describe("a reader of a map", () => {
	it("sees no error while a path, then a whole fabric goes and comes back", async () => {
		open = await openHost(sanOf({ nodes: 1, luns: 1, pathsPerLun: 4 }));
		const { san, host, clock } = open;
		const [map] = host.kernel.maps;
		const reader = map?.read();
		san.failPath("n1", "sda");
		san.failFabric("red");
		clock.advance(5000);
		expect(await listed("%N")).toBe("2\n");
		san.restoreFabric("red");
		san.restorePath("n1", "sda");
		clock.advance(5000);
		expect(await listed("%N")).toBe("4\n");
		expect(reader?.reads).toBeGreaterThan(2);
		expect(reader?.errors).toBe(0);
	});

	it("waits while a map queues without a path, and gets errors when it has given up", async () => {
		open = await openHost(virtioPlan(), { conf: `${allowAll}overrides {\nno_path_retry 2\n}\n` });
		const { san, host, clock } = open;
		const reader = host.kernel.map(first)?.read();
		for (const { dev } of host.kernel.disksOf(first)) san.failPath("vm", dev);
		expect(reader?.waiting).toBe(true);
		clock.advance(1000);
		expect(reader?.errors).toBe(0);
		clock.advance(10_000);
		expect(reader?.waiting).toBe(false);
		expect(reader?.errors).toBeGreaterThan(0);
	});

	it("makes the kernel fail a dead path at once, which the daemon hears of before its next check", async () => {
		open = await openHost(virtioPlan());
		const events: UdevEvent[] = [];
		open.host.kernel.listen({ udev: (event) => events.push(event) });
		open.host.kernel.map(first)?.read();
		open.san.failPath("vm", "sda");
		expect(await open.host.daemon.answer("show map dm-0 topology")).toContain(
			"sda 8:0  failed faulty offline",
		);
		expect(events).toEqual([
			expect.objectContaining({
				action: "change",
				dev: "dm-0",
				properties: expect.objectContaining({
					DM_ACTION: "PATH_FAILED",
					DM_PATH: "8:0",
					DM_NR_VALID_PATHS: "1",
				}),
			}),
		]);
	});
});

describe("a SAN in trouble", () => {
	it("shows a port, a session and a LUN that went away on the paths they concern", async () => {
		open = await openHost(sanOf({ nodes: 2, luns: 2, pathsPerLun: 2 }));
		const { san, clock } = open;
		const usable = async () => {
			clock.advance(2000);
			return listed("%N");
		};
		san.failPort("deneb-1");
		expect(await usable()).toBe("1\n1\n");
		san.restorePort("deneb-1");
		expect(await usable()).toBe("2\n2\n");
		san.failSession("n2", "deneb-1");
		expect(await usable()).toBe("2\n2\n");
		san.failSession("n1", "deneb-1");
		expect(await usable()).toBe("1\n1\n");
		san.restoreSession("n1", "deneb-1");
		san.unmapLun(san.luns[0]?.plan.wwid ?? "", "n1");
		expect(await usable()).toBe("0\n2\n");
	});

	it("tells states that are neither good nor bad in the checker's words", async () => {
		open = await openHost(virtioPlan());
		const word = async () => {
			open.clock.advance(2000);
			const rows = await open.host.daemon.answer('show paths raw format "%d %t %T"');
			return rows.split("\n").find((row) => row.startsWith("sda "));
		};
		const words = [];
		for (const fault of ["ghost", "pending", "shaky", "timeout", "delayed", "failing"] as const) {
			open.san.failPath("vm", "sda", fault);
			words.push(await word());
			open.san.restorePath("vm", "sda");
			expect(await word()).toBe("sda active ready");
		}
		expect(words).toEqual([
			"sda active ghost",
			"sda active i/o pending",
			"sda failed shaky",
			"sda failed i/o timeout",
			"sda failed delayed",
			"sda failed faulty",
		]);
	});

	it("shows a new size to nodes that rescan, and on the map after resize map", async () => {
		open = await openHost(virtioPlan());
		const { san, host } = open;
		san.resizeLun(first, 2 * 1024 ** 3);
		san.rescan("vm");
		expect((await host.sysfs.paths(["sda"])).get("sda")?.sizeBytes).toBe(2 * 1024 ** 3);
		expect((await host.sysfs.kernelMaps())[0]?.sizeBytes).toBe(1024 ** 3);
		await host.multipathd.command(`resize map ${first}`);
		expect((await host.sysfs.kernelMaps())[0]?.sizeBytes).toBe(2 * 1024 ** 3);
		expect((await host.sysfs.mapSizes()).get(first)).toBe(2 * 1024 ** 3);
	});

	it("leaves paths of another size out of the map", async () => {
		open = await openHost(virtioPlan());
		const { san, host, clock } = open;
		san.failSession("vm", "c1");
		san.resizeLun(first, 2 * 1024 ** 3);
		san.rescan("vm");
		san.restoreSession("vm", "c1");
		await host.daemon.answer("reconfigure");
		clock.advance(100);
		expect(await listed("%w %N")).toBe(`${first} 1\n${second} 2\n`);
	});

	it("takes a path that answers for another LUN out of its map", async () => {
		open = await openHost(virtioPlan());
		open.san.changeWwid("vm", "sda", second);
		expect(await listed("%w %N")).toBe(`${first} 1\n${second} 3\n`);
	});

	it("finds a new LUN at a rescan and a deleted path again under its old name", async () => {
		open = await openHost(virtioPlan());
		const { san, host } = open;
		san.addLun("qemu", { wwid: "35000c5001500aaff", sizeBytes: 1024 ** 3, number: 7 });
		expect(await listed("%w")).toBe(`${first}\n${second}\n`);
		expect(san.rescan("vm")).toEqual(["sde", "sdf"]);
		expect(await listed("%w %N")).toContain("35000c5001500aaff 2\n");
		san.deletePath("vm", "sda");
		expect(host.kernel.disk("sda")).toBeUndefined();
		expect(san.rescan("vm")).toEqual(["sda"]);
	});
});

describe("names", () => {
	it("removes an idle map whose alias another device-mapper device has, and keeps an open one", async () => {
		const aliased = `${allowAll}multipaths {\nmultipath {\nwwid ${first}\nalias taken\n}\n}\n`;
		open = await openHost(virtioPlan());
		open.host.kernel.addOtherDm("taken");
		expect(await open.host.sysfs.foreignDmNames()).toEqual(["taken"]);
		await open.configure(aliased);
		expect(await listed("%w")).toBe(`${second}\n`);
		await open.configure(allowAll);
		const letGo = open.host.kernel.mount(first, "/srv");
		await open.configure(aliased);
		expect(await listed("%w %n")).toContain(`${first} ${first}\n`);
		letGo();
	});

	it("gives an alias that is another LUN's WWID to the wrong map, as multipathd does", async () => {
		open = await openHost(virtioPlan());
		await open.configure(
			`${allowAll}multipaths {\nmultipath {\nwwid ${first}\nalias one\n}\nmultipath {\nwwid ${second}\nalias ${first}\n}\n}\n`,
		);
		expect(await listed("%n %w")).toBe(`one ${first}\n${first} ${second}\n`);
	});

	it("makes the whole document unreadable by a quote in an alias; rows still tell the map", async () => {
		open = await openHost(virtioPlan());
		await open.configure(
			`${allowAll}multipaths {\nmultipath {\nwwid ${first}\nalias "we""ird a+b#c"\n}\n}\n`,
		);
		const document = await open.host.daemon.answer("show maps json");
		expect(document).toContain('"name" : "we"ird a+b#c"');
		expect(() => JSON.parse(document) as unknown).toThrow();
		expect((await open.host.multipathd.maps()).maps.map((map) => map.name)).toContain('we"ird a+b#c');
	});

	it("follow the bindings file with user_friendly_names", async () => {
		open = await openHost(virtioPlan(), {
			conf: allowAll.replace("find_multipaths off", "find_multipaths off\nuser_friendly_names yes"),
		});
		expect(await listed("%n")).toBe("mpatha\nmpathb\n");
		expect(await open.host.files.read("/etc/multipath/bindings")).toContain(`\nmpatha ${first}\n`);
	});

	it("of disks and their numbers are the kernel's", () => {
		expect([0, 25, 26, 701, 702, 304].map(diskName)).toEqual(["sda", "sdz", "sdaa", "sdzz", "sdaaa", "sdks"]);
		expect([0, 15, 16, 204, 304].map(diskNumber)).toEqual(["8:0", "8:240", "65:0", "132:192", "67:256"]);
	});
});

describe("sysfs of a simulated node", () => {
	it("tells who stands on a map, and what stands in none", async () => {
		open = await openHost(virtioPlan(), { conf: "" });
		const { host } = open;
		expect((await host.sysfs.candidates()).map(({ dev, wwid }) => `${dev} ${wwid}`)).toEqual([
			`sda ${first}`,
			`sdb ${second}`,
			`sdc ${first}`,
			`sdd ${second}`,
		]);
		await host.tools.addWwid(first);
		await open.configure("");
		const letGo = host.kernel.activateLv(first, "vg0/my-data");
		const [map] = await host.sysfs.kernelMaps();
		expect(map).toEqual(expect.objectContaining({ wwid: first, slaves: ["sda", "sdc"], openCount: 1 }));
		expect(map?.users).toEqual([expect.stringMatching(/^LV vg0\/my-data \(dm-\d+\) active$/)]);
		expect(await host.sysfs.foreignDmNames()).toEqual(["vg0-my--data"]);
		letGo();
		expect((await host.sysfs.kernelMaps())[0]?.users).toEqual([]);
		expect(await host.sysfs.candidates()).toHaveLength(2);
	});

	it("sends block events until nobody listens", async () => {
		open = await openHost(virtioPlan());
		const ending = new AbortController();
		const events = open.host.udev.watch(ending.signal)[Symbol.asyncIterator]();
		open.san.deletePath("vm", "sda");
		expect((await events.next()).value).toEqual(expect.objectContaining({ action: "remove", dev: "sda" }));
		ending.abort();
		while ((await events.next()).done !== true);
		await open.close();
	});
});

describe("the demo", () => {
	it("gives every node four paths to each of its LUNs, over two ways, and leaves one LUN to be found", async () => {
		const wwids = Object.keys(demoAliases);
		open = await openHost(demoSanPlan(), { conf: "" });
		for (const wwid of wwids) await open.host.tools.addWwid(wwid);
		await open.configure("");
		const { maps } = await open.host.multipathd.maps();
		expect(maps.map((map) => map.groups.map((group) => group.paths.length))).toEqual(wwids.map(() => [2, 2]));
		const left = await open.host.sysfs.candidates();
		expect(new Set(left.map(({ wwid }) => wwid)).size).toBe(1);
		expect(left).toHaveLength(4);
		for (const fabric of new San(demoSanPlan(), realRuntime).fabrics) {
			open.san.failFabric(fabric.name);
			open.clock.advance(30_000);
			expect(await listed("%N")).not.toMatch(/^0$/m);
			open.san.restoreFabric(fabric.name);
		}
	});

	it("can be of any size", () => {
		const san = new San(sanOf({ nodes: 3, luns: 40, pathsPerLun: 8 }), realRuntime);
		expect(san.nodes.map((node) => node.disks.length)).toEqual([320, 320, 320]);
		expect(new Set(san.luns.map((lun) => lun.plan.wwid)).size).toBe(40);
	});
});
