/** The start page on a fleet of three hosts whose SAN breaks and is mended, in a real browser. */
import { describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet, tea } from "../../../server/test/simulated-fleet.ts";
import { findings, logIn, openWindow, type Window } from "../browser.ts";
import { useStage } from "./stage.ts";

const stage = useStage(async () => {
	const fleet = await SimulatedFleet.start({ nodes: ["n1", "n2", "n3"], simulated: true });
	for (const [wwid, alias] of [
		[milk, "milk-run"],
		[oil, "midnight-oil"],
		[tea, "tea-cache"],
	])
		await fleet.call("POST", "/cluster/multipath/wwids", { wwid, alias });
	await fleet.applied();
	return fleet;
});

const headlineOf = ({ page }: Window) => page.getByRole("heading", { level: 1 });

describe("health", () => {
	test("says that all is well, and turns when a fabric fails and comes back, without a reload", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
		await page.getByText("Simulated", { exact: true }).waitFor();
		await page.evaluate(() => Reflect.set(globalThis, "notReloaded", true));

		stage.fleet.san.failFabric("lan-1");
		await page.getByText("2 degraded of 3 LUNs on 3 nodes.").waitFor();
		const table = page.getByRole("table", { name: "LUNs that are not optimal" });
		await table
			.getByText(/through 192\.168\.71\.1:3260 failed/)
			.first()
			.waitFor();
		expect(await table.getByRole("row").count()).toBe(2);
		await page.getByRole("button", { name: /2 degraded/ }).click();
		await page.waitForURL(/state=degraded/);

		stage.fleet.san.restoreFabric("lan-1");
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
		expect(await page.evaluate(() => Reflect.get(globalThis, "notReloaded"))).toBe(true);
	});

	test("has a finding of a node acknowledged with a reason, and opened again", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.goto(`${stage.server.url}/nodes/n1`);
		const code = "multipath-tools-known-holes";
		await page.getByRole("button", { name: `Acknowledge ${code}` }).click();
		await page.getByLabel("Why it needs no action for now").fill("Debian mended it");
		await page.getByRole("button", { name: "Acknowledge", exact: true }).click();
		await page.getByText("Debian mended it").waitFor();
		await page.getByText("1 acknowledged").waitFor();
		await page.getByRole("button", { name: `Reopen ${code}` }).click();
		await page.getByRole("button", { name: "Reopen it" }).click();
		await page.getByRole("button", { name: `Acknowledge ${code}` }).waitFor();
		expect(await page.getByText("Debian mended it").count()).toBe(0);
	});

	test("does not call a fleet well of which a node is silent", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
		await stage.fleet.stopAgent("n3");
		try {
			await page.getByText("3 LUNs are optimal on 2 nodes and not known on n3.").waitFor();
			expect(await headlineOf(stage.window).locator(".state-unknown").count()).toBe(1);
			expect(await headlineOf(stage.window).locator(".state-optimal").count()).toBe(0);
			await page.getByRole("link", { name: /^n3\s*, unknown/ }).waitFor();
			await page.getByText("n3: no sign of life from its agent").waitFor();
		} finally {
			stage.fleet.startAgent("n3");
		}
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
	});

	test("keeps what it knew when the server is gone, marks it as old, and recovers alone", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
		await page.getByText("Live", { exact: true }).waitFor();
		await stage.server.close();
		await page.getByText("The server does not answer.").waitFor();
		await page.getByText(/^Stale · /).waitFor();
		expect(await headlineOf(stage.window).textContent()).toMatch(
			/^Last known, (?:just now|.* ago): All 3 LUNs/,
		);
		expect(await headlineOf(stage.window).locator(".state-optimal").count()).toBe(0);
		expect(await page.locator("nav .mark.state-optimal").count()).toBe(0);
		await stage.server.open();
		await page.getByText("Live", { exact: true }).waitFor();
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
		expect(await headlineOf(stage.window).textContent()).not.toContain("Last known");
	});

	test("is walked with the keyboard alone, from the search to a cell and to the LUN", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.getByText("All 3 LUNs are optimal on 3 nodes.").waitFor();
		await page.keyboard.press("/");
		await page.keyboard.type("cache");
		await page.getByRole("option", { name: /tea-cache/ }).waitFor();
		await page.keyboard.press("Enter");
		await page.waitForURL(/\/luns\//);
		await page.getByRole("heading", { level: 1, name: "tea-cache" }).waitFor();
		await page.goBack();
		const matrix = page.getByRole("img", { name: /^Matrix of 3 LUNs on 3 nodes/ });
		for (let presses = 0; presses < 60; presses++) {
			if (await matrix.evaluate((element) => element.matches(":focus"))) break;
			await page.keyboard.press("Tab");
		}
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("ArrowRight");
		const told = page
			.locator("p[aria-live]")
			.filter({ hasText: "milk-run on n2: optimal, 4 of 4 paths usable" });
		await told.waitFor({ state: "attached" });
		await page.keyboard.press("Enter");
		await page.getByRole("heading", { level: 1, name: "milk-run" }).waitFor();
	});

	test("comes back to the same place when the session has ended", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.goto(`${stage.server.url}/config?tab=overrides`);
		const editor = page.getByRole("textbox", { name: "Text of the overrides" });
		await editor.click();
		await page.keyboard.type("overrides {");
		stage.server.ahead = 3 * 60 * 60 * 1000;
		await page.getByText("Your session has ended").waitFor();
		await page.getByLabel("Password", { exact: true }).fill(stage.server.password);
		await page.getByRole("button", { name: "Log in", exact: true }).click();
		await page.getByText("Your session has ended").waitFor({ state: "detached" });
		expect(new URL(page.url()).search).toBe("?tab=overrides");
		expect(await editor.textContent()).toContain("overrides {");
		stage.server.ahead = 0;
	});
});

describe.each(["light", "dark"] as const)("in %s colours", (scheme) => {
	test("axe finds nothing on any view", async () => {
		const { page, context, complaints } = await openWindow(stage.browser, stage.server, { scheme });
		stage.fleet.san.failSession("n2", "vega-a1");
		await page.goto(stage.server.url);
		await page.getByLabel("User").waitFor();
		expect(await findings(page)).toEqual([]);
		await logIn(page, stage.server);
		await page.getByText("2 degraded of 3 LUNs on 3 nodes.").waitFor();
		await page
			.getByText(/failed: checker faulty/)
			.first()
			.waitFor();
		const views: readonly (readonly [string, string])[] = [
			[`/luns/${milk}`, "Target port"],
			["/nodes/n2", "Group 1"],
			["/config", "Available LUNs"],
			[`/config?edit=${milk}`, "Expected paths"],
			["/config?tab=defaults", "no-path-retry"],
			["/config?tab=overrides", "There are no overrides"],
			["/events", "newest first"],
			["/access", "New user"],
		];
		const found = [...(await findings(page))];
		for (const [path, text] of views) {
			await page.goto(`${stage.server.url}${path}`);
			await page.getByText(text).first().waitFor();
			found.push(...(await findings(page)).map((finding) => `${path} ${finding}`));
		}
		expect(found).toEqual([]);
		expect(complaints).toEqual([]);
		await context.close();
		stage.fleet.san.restoreSession("n2", "vega-a1");
	});
});
