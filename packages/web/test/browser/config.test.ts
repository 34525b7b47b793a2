/** Changing the configuration in the page: looked at before, followed to the nodes, and safe beside other editors. */
import { describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { logIn } from "../browser.ts";
import { useStage } from "./stage.ts";

const stage = useStage(
	async () => await SimulatedFleet.start({ nodes: ["n1", "n2", "n3"], simulated: true }),
);

describe("the configuration", () => {
	test("allows a LUN out of the candidates, and shows it become optimal on three nodes", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.getByText("No LUN is allowed yet on 3 nodes.").waitFor();
		await page.getByRole("link", { name: "Choose LUNs" }).click();
		const row = page.getByRole("row").filter({ hasText: milk });
		await row.getByText("3 of 3 nodes").waitFor();
		expect(await row.textContent()).toContain("LVM2_member");
		await row.getByRole("button", { name: `Allow ${milk}` }).click();
		await page.getByLabel("Alias").fill("mpatha");
		await page.getByRole("button", { name: "Review" }).click();
		await page.getByText(/Nothing was changed/).waitFor();
		await page.getByLabel("Alias").fill("milk-run");
		await page.getByRole("button", { name: "Review" }).click();
		await page.getByRole("heading", { name: "All 3 nodes" }).waitFor();
		expect(await page.getByRole("region", { name: /^Changes on/ }).textContent()).toContain(`+${milk}`);
		expect((await stage.fleet.status()).luns).toEqual([]);
		await page.getByRole("button", { name: "Apply" }).click();
		await page.getByText(/Applied on 3 of 3 nodes \(\d+\.\d s\)\./).waitFor();
		await page.getByRole("button", { name: "Done" }).click();
		const allowed = page.getByRole("region", { name: "Allowed LUNs", exact: true });
		await allowed.getByRole("row").filter({ hasText: "milk-run" }).getByText("optimal").waitFor();
		await page.getByRole("link", { name: "Health" }).click();
		await page.getByText("The one LUN is optimal on 3 nodes.").waitFor();
	});

	test("underlines a wrong override while it is typed, and lets nobody save it", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.goto(`${stage.server.url}/config?tab=overrides`);
		await page.getByRole("textbox", { name: "Text of the overrides" }).click();
		await page.keyboard.type("overrides {\nno_path_retry sometimes\n}\n");
		await page.locator(".cm-lintRange-error").first().waitFor();
		await page.getByRole("button", { name: /^line 2, column / }).waitFor();
		expect(await page.getByRole("button", { name: "Review" }).isDisabled()).toBe(true);
		for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowUp");
		await page.getByRole("button", { name: /^line 2, column / }).click();
		await page.keyboard.press("Shift+End");
		await page.keyboard.type("12");
		await page.getByText("No problems found.").waitFor();
		await page.getByRole("button", { name: "Review" }).click();
		await page.getByRole("heading", { name: "All 3 nodes" }).waitFor();
		await page.getByRole("button", { name: "Apply" }).click();
		await page.getByText(/Applied on 3 of 3 nodes/).waitFor();
	});

	test("keeps what was typed when somebody else saved first, and shows what they changed", async () => {
		const { page } = stage;
		await logIn(page, stage.server);
		await page.goto(`${stage.server.url}/config?tab=defaults`);
		await page.getByLabel("polling-interval", { exact: true }).fill("7");
		await page.getByRole("button", { name: "Review 1 change" }).click();
		await page.getByRole("heading", { name: "All 3 nodes" }).waitFor();
		await stage.fleet.call("POST", "/cluster/multipath/wwids", { wwid: oil, alias: "midnight-oil" });
		await page.getByRole("button", { name: "Apply" }).click();
		await page.getByText("It was changed in the meantime.").waitFor();
		const theirs = page.getByRole("region", { name: "What was changed meanwhile" });
		expect(await theirs.textContent()).toContain("alias midnight-oil");
		await page.getByText("polling_interval").first().waitFor();
		await page.getByRole("button", { name: "Apply" }).click();
		await page.getByText(/Applied on 3 of 3 nodes/).waitFor();
		const { data } = await stage.fleet.call("GET", "/cluster/multipath/config");
		expect(data).toMatchObject({
			defaults: { "polling-interval": "7" },
			luns: [{ wwid: milk }, { wwid: oil }],
		});
	});

	test("forgets no LUN that is in use, and says who uses it", async () => {
		const { page } = stage;
		stage.fleet.host("n2").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		await stage.fleet.restartAgent("n2");
		await stage.fleet.applied();
		await logIn(page, stage.server);
		await page.goto(`${stage.server.url}/config`);
		await page.getByRole("button", { name: "More for milk-run" }).click();
		await page.getByRole("menuitem", { name: "Forget" }).click();
		await page.getByRole("dialog").getByRole("button", { name: "Forget milk-run" }).click();
		await page.getByText("milk-run stays.").waitFor();
		expect(await page.getByRole("alert").textContent()).toMatch(/n2.*Nothing was changed/s);
	});

	test("offers nothing to change to who may only look, and the server refuses it", async () => {
		const { page } = stage;
		await stage.fleet.call("POST", "/access/users", { userid: "eve@local", password: "only-looking-1" });
		await stage.fleet.call("PUT", "/access/acl", { path: "/", roles: "Auditor", users: "eve@local" });
		await logIn(page, stage.server, { user: "eve@local", password: "only-looking-1" });
		await page.goto(`${stage.server.url}/config`);
		await page.getByText("milk-run").first().waitFor();
		expect(await page.getByRole("button", { name: /^(?:Allow|More|Change) / }).count()).toBe(0);
		await page.getByRole("link", { name: "My access" }).waitFor();
		const refused = await page.evaluate(async () => {
			const { ticket } = JSON.parse(sessionStorage.getItem("pathkeeper-session") ?? "{}");
			const { status } = await fetch("/api2/json/cluster/multipath/overrides", {
				method: "PUT",
				body: JSON.stringify({ text: "" }),
				headers: { authorization: `PVEAuthCookie=${ticket}`, "content-type": "application/json" },
			});
			return status;
		});
		expect(refused).toBe(403);
	});
});
