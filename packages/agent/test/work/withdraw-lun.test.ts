import { PathkeeperError } from "@pathkeeper/model";
import { releases } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { LedgerFile } from "../../src/apply/ledger.ts";
import { guardLun, withdrawLun } from "../../src/work/withdraw-lun.ts";
import { applyOnce } from "../apply/apply-once.ts";
import { hostWith } from "../intercepted-host.ts";
import { milk, oil, oneNode } from "../one-node.ts";

async function nodeWithLuns(release: (typeof releases)[number] = "0.15.1") {
	const node = await oneNode({ release });
	node.listByHand(oil);
	await node.config(`wwid: ${milk}\n\talias milk-run\n\nwwid: ${oil}\n`);
	await applyOnce(node);
	const ledger = new LedgerFile(node.host.files, "/var/lib/pathkeeper/agent");
	const withdraw = (wwid: string, host = node.host as Parameters<typeof withdrawLun>[0]) =>
		withdrawLun(host, ledger, wwid);
	return { node, ledger, withdraw };
}

describe.each(releases)("with multipath-tools %s, withdrawing a LUN", (release) => {
	it("takes map and entry off", async () => {
		const { node, withdraw } = await nodeWithLuns(release);
		const log = await withdraw(milk);
		expect(log).toEqual(["n1: map milk-run (dm-0) removed", `n1: ${milk} taken out of the allow-list`]);
		expect(node.host.kernel.map(milk)).toBeUndefined();
		expect(node.listedWwids()).toEqual([oil]);
		expect(node.ownedWwids()).toEqual([]);
	});

	it("is refused while somebody uses it, and changes nothing", async () => {
		const { node, withdraw } = await nodeWithLuns(release);
		const reader = node.host.kernel.map(milk)?.read("LV vg0/data (dm-7) active");
		await expect(guardLun(node.host, milk)).rejects.toMatchObject({ code: "LUN_IN_USE" });
		await expect(withdraw(milk)).rejects.toThrow(
			`LUN ${milk} is in use and was not changed: n1: LV vg0/data (dm-7) active`,
		);
		expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
		expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
		expect(node.ownedWwids()).toEqual([milk]);
		expect(reader).toMatchObject({ errors: 0, waiting: false });
	});

	it("is refused by the daemon when somebody opened it just now, and entry and map stay", async () => {
		const { node, withdraw } = await nodeWithLuns(release);
		const racing = hostWith(node.host, "multipathd", "removeMap", (_, run) => {
			node.host.kernel.map(milk)?.read("opened just now");
			return run();
		});
		await expect(withdraw(milk, racing)).rejects.toMatchObject({ code: "LUN_IN_USE" });
		expect(node.host.kernel.map(milk)).toBeDefined();
		expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
		expect(node.ownedWwids()).toEqual([milk]);
	});
});

it("leaves a LUN alone that somebody else put there", async () => {
	const { node, withdraw } = await nodeWithLuns();
	expect(await withdraw(oil)).toEqual([
		`n1: the entry of ${oil} in /etc/multipath/wwids was not made by Pathkeeper: entry and map stay`,
	]);
	expect(node.host.kernel.map(oil)).toBeDefined();
	expect(node.listedWwids()).toContain(oil);
});

it.each(["36001405d0000000000000000000dead", "constructor", "__proto__"])(
	"says so when this node does not have it: %s",
	async (wwid) => {
		const { withdraw } = await nodeWithLuns();
		expect(await withdraw(wwid)).toEqual([`n1: ${wwid} is not in the allow-list of this node`]);
	},
);

it("removes a map again that a uevent brought back", async () => {
	const { node, withdraw } = await nodeWithLuns();
	let times = 0;
	const stubborn = hostWith(node.host, "tools", "removeWwid", async (_, run) => {
		if (++times === 1) await node.host.multipathd.command(`add map ${milk}`);
		await run();
	});
	const log = await withdraw(milk, stubborn);
	expect(log.filter((line) => line.includes("removed"))).toHaveLength(2);
	expect(node.host.kernel.map(milk)).toBeUndefined();
	expect(node.listedWwids()).toEqual([oil]);
});

it("lists the LUN again when its map came back and was opened at once, so that no reconfigure cuts its users off", async () => {
	const { node, withdraw } = await nodeWithLuns();
	const racing = hostWith(node.host, "tools", "removeWwid", async (_, run) => {
		await node.host.multipathd.command(`add map ${milk}`);
		node.host.kernel.map(milk)?.read("LVM activated a VG");
		await run();
	});
	await expect(withdraw(milk, racing)).rejects.toThrow("LVM activated a VG");
	expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
	expect(node.ownedWwids()).toEqual([milk]);
});

it("gives up on a map that comes back each time, and leaves it listed", async () => {
	const { node, withdraw } = await nodeWithLuns();
	const stubborn = hostWith(node.host, "tools", "removeWwid", async (_, run) => {
		await node.host.multipathd.command(`add map ${milk}`);
		await run();
	});
	await expect(withdraw(milk, stubborn)).rejects.toThrow("its map comes back each time it is removed");
	expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
	expect(node.ownedWwids()).toEqual([milk]);
});

it("lists the LUN again when it cannot see what became of its map", async () => {
	const { node, withdraw } = await nodeWithLuns();
	let looks = 0;
	const blind = hostWith(node.host, "sysfs", "kernelMaps", (_, run) =>
		++looks > 2
			? Promise.reject(new PathkeeperError("PROCESS_DEADLINE", { program: "dmsetup", seconds: 5 }))
			: run(),
	);
	await expect(withdraw(milk, blind)).rejects.toThrow("dmsetup did not finish");
	expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
	// Its map is gone although the entry is there: the ledger remembers, and the next apply brings it back.
	await applyOnce(node);
	expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
});

it("does nothing when the daemon cannot be asked to let go", async () => {
	const { node, withdraw } = await nodeWithLuns();
	await node.host.daemon.stop();
	await expect(withdraw(milk)).rejects.toThrow("multipathd is not running");
	expect(node.host.kernel.map(milk)).toBeDefined();
	expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
});

it("takes a node for one that uses the LUN when it cannot tell who uses it", async () => {
	const { node, ledger } = await nodeWithLuns();
	const blind = hostWith(node.host, "sysfs", "kernelMaps", () =>
		Promise.reject(new PathkeeperError("PROCESS_DEADLINE", { program: "sysfs", seconds: 5 })),
	);
	await expect(guardLun(blind, milk)).rejects.toThrow("did not finish");
	await expect(withdrawLun(blind, ledger, milk)).rejects.toThrow("did not finish");
	expect(node.listedWwids()).toContain(milk);
});
