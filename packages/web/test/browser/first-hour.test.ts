/** The first hour in the page: from nothing to a path that fails, and at each place the next step. */
import { emptyPlaces, stepOfKind } from "@pathkeeper/model";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { milk, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { findings } from "../browser.ts";
import { useStage } from "./stage.ts";

const stage = useStage(
	async () => await SimulatedFleet.start({ nodes: ["n1", "n2"], simulated: true, agents: false }),
);

/** Waits until the page says how to go on, in the words of the command line. */
async function says(
	page: Page,
	name: keyof typeof emptyPlaces,
	...parts: ("title" | "command")[]
): Promise<void> {
	const { title, step, command } = emptyPlaces[name];
	const main = page.locator("main#main");
	await main.getByText(step).first().waitFor();
	if (parts.includes("title")) await main.getByText(title, { exact: true }).first().waitFor();
	if (parts.includes("command"))
		await main
			.getByText(command ?? "", { exact: true })
			.first()
			.waitFor();
}

test("leads from a fleet of nobody to a LUN on two nodes, and through the failure of a path", async () => {
	const { fleet, server } = stage;
	const page = await stage.enter();
	const go = async (path: string) => {
		await page.goto(`${server.url}${path}`);
	};
	// No node has joined.
	await says(page, "noNode", "title", "command");
	expect(await findings(page)).toEqual([]);
	await go("/config");
	await says(page, "nothingAllowed", "title");
	await says(page, "noNode", "command");
	await go("/storage");
	await says(page, "noStorage", "title");
	await page.getByRole("button", { name: "Add the first storage" }).click();
	await page.getByRole("dialog").waitFor();
	await go("/events");
	await says(page, "emptyLog", "title");

	// The first node, and its LUNs.
	fleet.startAgent("n1");
	await page.getByRole("link", { name: "Health" }).click();
	await page.getByText("No LUN is allowed yet on 1 node.").waitFor();
	await says(page, "nothingAllowed");
	expect(await findings(page)).toEqual([]);
	await page.getByText("Add a node").click();
	await page.getByText(emptyPlaces.anotherNode.command, { exact: true }).waitFor();
	await go("/nodes/n1");
	await says(page, "noMap", "title");
	await says(page, "noTask", "title");
	await page.getByRole("link", { name: "Choose LUNs" }).click();
	const row = page.getByRole("row").filter({ hasText: milk });
	await row.getByRole("button", { name: `Allow ${milk}` }).click();
	await page.getByLabel("Alias").fill("milk-run");
	await page.getByRole("button", { name: "Review" }).click();
	await page.getByRole("button", { name: "Apply" }).click();
	await page.getByText(/Applied on 1 of 1 nodes?/).waitFor();

	// The second node, and all is well.
	fleet.startAgent("n2");
	await page.getByRole("button", { name: "Done" }).click();
	await page.getByRole("link", { name: "Health" }).click();
	await page.getByText("The one LUN is optimal on 2 nodes.").waitFor();
	await go(`/luns/${milk}`);
	await page.getByRole("heading", { name: "All is well" }).waitFor();
	expect(await page.getByRole("heading", { name: "What to do" }).count()).toBe(0);

	// A path fails: the LUN says what to check, and no longer when it is back.
	fleet.san.failSession("n2", "vega-a1");
	await page.getByRole("heading", { name: "What to do" }).waitFor();
	await page.getByText(stepOfKind["failed-path"]).waitFor();
	expect(await findings(page)).toEqual([]);
	fleet.san.restoreSession("n2", "vega-a1");
	await page.getByRole("heading", { name: "All is well" }).waitFor();
	expect(await page.getByRole("heading", { name: "What to do" }).count()).toBe(0);

	// Who tells nothing is named with what to look at.
	await fleet.host("n1").daemon.kill();
	await go("/nodes/n1");
	await says(page, "silentDaemon", "title", "command");
	await fleet.stopAgent("n2");
	await go("/nodes/n2");
	await says(page, "silentAgent", "title", "command");
	await go(`/luns/${milk}`);
	await page.getByText(stepOfKind["agent-silent"]).waitFor();
	await page.getByText(stepOfKind["daemon-silent"]).waitFor();
});
