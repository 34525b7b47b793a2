/** A node whose host is gone, taken out of the fleet in the page. */
import { expect, test } from "vitest";
import { milk, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { useStage } from "./stage.ts";

const stage = useStage(async () => {
	const fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"], simulated: true });
	await fleet.allow(milk);
	await fleet.call("PUT", `/cluster/multipath/wwids/${milk}`, { alias: "milk-run" });
	await fleet.applied();
	fleet.host("n2").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
	await fleet.until("n2 says that it uses it", async () =>
		JSON.stringify((await fleet.call("GET", "/cluster/pathkeeper/nodes/n2")).data).includes("mounted"),
	);
	await fleet.stopAgent("n2");
	return fleet;
});

test("a dead node says what it used, goes when its name is typed, and its LUNs are judged without it", async () => {
	const page = await stage.enter();
	await page.getByText("LUN milk-run is optimal on 1 node and not known on n2.").waitFor();
	await page.goto(`${stage.server.url}/nodes/n1`);
	await page.getByRole("heading", { name: "n1" }).waitFor();
	await page.getByText("online").first().waitFor();
	expect(await page.getByRole("button", { name: /Remove from the fleet/ }).count()).toBe(0);

	await page.goto(`${stage.server.url}/nodes/n2`);
	await page.getByRole("button", { name: /Remove from the fleet/ }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("LUN milk-run: mounted on /srv").waitFor();
	const remove = dialog.getByRole("button", { name: "Remove n2" });
	expect(await remove.isDisabled()).toBe(true);
	await dialog.getByLabel("Type n2 to confirm").fill("n1");
	expect(await remove.isDisabled()).toBe(true);
	await dialog.getByRole("button", { name: "Keep it" }).click();
	expect((await stage.fleet.status()).nodes).toHaveLength(2);

	await page.getByRole("button", { name: /Remove from the fleet/ }).click();
	await dialog.getByLabel("Type n2 to confirm").fill("n2");
	await remove.click();
	await page.getByText("The one LUN is optimal on 1 node.").waitFor();
	expect((await stage.fleet.status()).nodes.map(({ node }) => node)).toEqual(["n1"]);
});
