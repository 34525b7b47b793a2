/** What nobody reported is never shown as known: on many nodes, on silent ones, and on hosts that are simulated. */
import { expect, test } from "vitest";
import { ReportedFleet, wwidOf } from "../../../server/test/reported-fleet.ts";
import { useStage } from "./stage.ts";

const user = "LV vg-ledger/journal (dm-9) active";
const stranger = "360014050000000000000000000000fff";

const stage = useStage(async () => {
	const fleet = await ReportedFleet.start({ nodes: 12, luns: 2, paths: 2 });
	for (const name of fleet.names) {
		const report = fleet.reportOf(name, ({ node }) => node === "n12");
		const kernelMaps = report.kernelMaps.map((map) => ({ ...map, users: name === "n11" ? [user] : [] }));
		await fleet.report(name, ({ node }) => node === "n12", { kernelMaps, simulated: name === "n2" });
	}
	return fleet;
});

test("a LUN names what uses it on the eleventh node, and draws the node that failed", async () => {
	const page = await stage.enter(`/luns/${wwidOf(0)}`);
	await page.getByText("failed on n12, optimal on 11 of 12 nodes").waitFor();
	const uses = page.getByRole("region", { name: "Used by" });
	await uses.getByText(`n11: ${user}`).waitFor();
	expect(await uses.getByText("Unknown on").count()).toBe(0);
	const paths = page.getByRole("region", { name: "Paths" });
	await paths.getByText("of the worst 8 of 12 nodes").waitFor();
	await paths.getByRole("img", { name: /^Paths of 8 nodes/ }).waitFor();
	await paths.locator("svg text").getByText("n12", { exact: true }).waitFor();
});

test("a LUN that nothing uses on the nodes that answer may be in use on the one that does not", async () => {
	const letGo = stage.server.hold("n5");
	try {
		const page = await stage.enter(`/luns/${wwidOf(1)}`);
		const uses = page.getByRole("region", { name: "Used by" });
		await uses.getByText("Asking: 11 of 12 nodes have answered so far.").waitFor();
		expect(await uses.getByText(/^Nothing on/).count()).toBe(0);
		letGo();
		await uses.getByText("Asking:").waitFor({ state: "detached" });
		await stage.fleet.leave("n11");
		await page.getByText("Live - 11 of 12 nodes report").waitFor();
		await page.reload();
		await uses.getByText("Unknown on n11").waitFor();
		await uses.getByText("Nothing on the 11 nodes that have answered.").waitFor();
		await page.getByText("failed on n12, optimal on 10 of 12 nodes, n11 unknown").waitFor();
		await page.getByText("Live - 11 of 12 nodes report").waitFor();
	} finally {
		letGo();
	}
});

test("only the simulated node is marked beside real ones", async () => {
	const page = await stage.enter("/");
	const marks = page.getByText("Simulated", { exact: true });
	await page
		.getByRole("link", { name: /^n2\s*,/ })
		.getByText("Simulated")
		.waitFor();
	expect(await marks.count()).toBe(1);
	await page.goto(`${stage.server.url}/nodes/n3`);
	await page.getByRole("region", { name: "Status" }).waitFor();
	expect(await page.getByRole("main").getByText("Simulated", { exact: true }).count()).toBe(0);
	await page.goto(`${stage.server.url}/nodes/n2`);
	await page.getByRole("main").getByText("Simulated", { exact: true }).waitFor();
});

test("a LUN that could be allowed is counted among the nodes that answer", async () => {
	const seen = (node: string) => {
		const candidates = [
			{
				...{ dev: "sdq", wwid: stranger, sizeBytes: 1024 ** 4, vendor: "LIO-ORG", product: "deneb" },
				...{ hctl: "2:0:0:9", transport: null, carries: null },
			},
		];
		return stage.fleet.report(node, () => false, { candidates });
	};
	for (const node of ["n1", "n2"]) await seen(node);
	for (const node of stage.fleet.names.slice(2)) await stage.fleet.leave(node);
	const page = await stage.enter("/config");
	const row = page.getByRole("row").filter({ hasText: stranger });
	await row.getByText("2 of 2 that answer; n3, n4, n5 and 7 more nodes unknown").waitFor();
	for (const node of ["n1", "n2"]) await stage.fleet.leave(node);
	await page.getByText("No node answers, so it is unknown which LUNs there are.").waitFor();
});
