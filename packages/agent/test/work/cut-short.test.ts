import type { Host } from "@pathkeeper/host";
import { releases } from "@pathkeeper/simulator";
import { beginWithdrawal } from "@pathkeeper/store";
import { expect, it } from "vitest";
import { LedgerFile } from "../../src/apply/ledger.ts";
import { withdrawLun } from "../../src/work/withdraw-lun.ts";
import { applyOnce } from "../apply/apply-once.ts";
import { cutsOf, runUntilCut } from "../apply/cut-host.ts";
import { milk, type OneNode, oil, oneNode, until } from "../one-node.ts";

const both = `wwid: ${milk}\n\talias milk-run\n\nwwid: ${oil}\n`;
const author = { by: "root@pam", from: null, at: 1 };

function withdraw(node: OneNode, host: Host = node.host): Promise<string[]> {
	return withdrawLun(host, new LedgerFile(host.files, "/var/lib/pathkeeper/agent"), milk);
}

async function asBefore(node: OneNode): Promise<void> {
	await node.config(both);
	await applyOnce(node);
	expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
	expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
	expect([...node.ownedWwids()].sort()).toEqual([milk, oil]);
}

it.each(releases)(
	"a LUN whose withdrawal is cut off comes back when it stays in the fleet, with %s",
	async (release) => {
		const node = await oneNode({ release, reconfigureMs: 3 });
		await asBefore(node);
		const cuts = await cutsOf(node.host, (counted) => withdraw(node, counted));
		expect(cuts.length).toBeGreaterThan(6);
		for (const cut of cuts) {
			await asBefore(node);
			const lease = await node.store.lease(600_000);
			await beginWithdrawal(node.store, milk, author, lease);
			await runUntilCut(node.host, cut, (cutting) => withdraw(node, cutting));
			// While the withdrawal stands, an agent that starts anew leaves the LUN as it finds it.
			const found = [node.listedWwids().includes(milk), node.host.kernel.map(milk) === undefined];
			await applyOnce(node);
			expect([node.listedWwids().includes(milk), node.host.kernel.map(milk) === undefined]).toEqual(found);
			await lease.revoke();
			await applyOnce(node);
			await until(
				() => node.host.kernel.map(milk)?.name === "milk-run",
				() => `no map: cut ${cut.when} step ${cut.step}`,
			);
			await asBefore(node);
		}
	},
);

it("a LUN whose withdrawal is cut off is gone in the end when it leaves the fleet", async () => {
	const node = await oneNode({ reconfigureMs: 3 });
	await asBefore(node);
	for (const cut of await cutsOf(node.host, (counted) => withdraw(node, counted))) {
		await asBefore(node);
		const lease = await node.store.lease(600_000);
		await beginWithdrawal(node.store, milk, author, lease);
		await runUntilCut(node.host, cut, (cutting) => withdraw(node, cutting));
		await node.config(`wwid: ${oil}\n`);
		await lease.revoke();
		await applyOnce(node);
		const left = node.host.kernel.maps.map(({ wwid }) => wwid);
		expect(left, `cut ${cut.when} step ${cut.step}`).toEqual([oil]);
		expect(node.listedWwids()).toEqual([oil]);
		expect(node.ownedWwids()).toEqual([oil]);
	}
});
