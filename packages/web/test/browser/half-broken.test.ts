/** A node that answers late, and one whose report nobody can read: neither may take anything from the others. */
import { describe, expect, test } from "vitest";
import { ReportedFleet, wwidOf } from "../../../server/test/reported-fleet.ts";
import { useStage } from "./stage.ts";

const stage = useStage(async () => await ReportedFleet.start({ nodes: 3, luns: 3, paths: 4 }));

describe("the page", () => {
	test("shows everything but one node while that node's answers do not come", async () => {
		const letGo = stage.server.hold("n2");
		try {
			const page = await stage.enter("/nodes/n1");
			const disks = page.getByRole("region", { name: "Disks" });
			await disks.getByRole("link", { name: "lun-0" }).waitFor();
			await page.getByRole("link", { name: /^n2/ }).click();
			await page.getByText("Asking for n2 …").waitFor();
			expect(await disks.locator(".state-optimal").count()).toBe(0);
			await page.getByRole("link", { name: "Health", exact: true }).click();
			await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
			await page.goto(`${stage.server.url}/luns/${wwidOf(1)}`);
			await page.getByText("Every node that should have it has all its paths.").waitFor();
			await page.goto(`${stage.server.url}/nodes/n2`);
			await page.getByText("Asking for n2 …").waitFor();
			letGo();
			await disks.getByRole("link", { name: "lun-0" }).waitFor();
		} finally {
			letGo();
		}
	});

	test("calls a node unknown whose report cannot be read, says why, and leaves the others as they are", async () => {
		const page = await stage.enter();
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
		const value = new TextEncoder().encode('{"node": "n2", "maps": [');
		await stage.fleet.store.txn({ writes: [{ op: "put", key: "report/n2", value }] });
		await page.getByText("3 LUNs are optimal on 2 nodes and not known on n2.").waitFor();
		const heading = page.getByRole("heading", { level: 1 });
		expect(await heading.locator(".state-unknown").count()).toBe(1);
		expect(await heading.locator(".state-optimal").count()).toBe(0);
		await page.getByText(/^n2: report\/n2 in the store cannot be read/).waitFor();
		await page.getByRole("link", { name: /^n2\s*, unknown/ }).waitFor();
		await page.getByText("Live - 2 of 3 nodes report").waitFor();
		for (const node of ["n1", "n3"])
			await page.getByRole("link", { name: new RegExp(`^${node}\\s*, optimal`) }).waitFor();

		await page.goto(`${stage.server.url}/luns/${wwidOf(1)}`);
		const cards = page.getByRole("region", { name: "On each node" });
		await cards.getByText("paths unknown").waitFor();
		await page.getByText("optimal on 2 of 3 nodes, n2 unknown").waitFor();
		expect(await page.getByText("All is well").count()).toBe(0);
		const uses = page.getByRole("region", { name: "Used by" });
		await uses.getByText("Unknown on n2").waitFor();
		await uses.getByText("n1 and n3: LV vg0/data (dm-7) active").waitFor();
		expect(await cards.getByText("4 of 4 paths usable").count()).toBe(2);
		await page.goto(`${stage.server.url}/nodes/n2`);
		await page
			.getByText(/report\/n2 in the store cannot be read/)
			.first()
			.waitFor();
		await page.getByText("The maps of this node are unknown now.").waitFor();
		await page.goto(`${stage.server.url}/nodes/n3`);
		await page.getByRole("region", { name: "Disks" }).getByRole("link", { name: "lun-2" }).waitFor();

		await stage.fleet.report("n2");
		await page.getByRole("link", { name: "Health", exact: true }).click();
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
	});

	test("says above every view what is wrong with the fleet as a whole, until it is over", async () => {
		const text = "the store is full: etcdctl defrag, then etcdctl alarm disarm";
		let data = [{ code: "store-full", severity: "error", subject: null, text }];
		const page = await stage.enter();
		await page.route("**/cluster/multipath/findings", (route) => route.fulfill({ json: { data } }));
		await page.goto(`${stage.server.url}/`);
		await page.getByRole("alert").getByText(text).waitFor();
		await page.getByRole("link", { name: /^n2/ }).click();
		await page.getByRole("alert").getByText(text).waitFor();
		data = [];
		await page.reload();
		await page.getByRole("heading", { level: 1 }).waitFor();
		await page.getByRole("alert").waitFor({ state: "detached" });
	});
});
