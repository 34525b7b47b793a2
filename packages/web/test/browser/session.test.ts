import { expect, test } from "vitest";
import { SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { logIn } from "../browser.ts";
import { useStage } from "./stage.ts";

const stage = useStage(() => SimulatedFleet.start({ nodes: ["n1"] }));

/** What the page keeps in the browser, and whether the server takes its ticket. */
async function kept() {
	return await stage.page.evaluate(async () => {
		const text = sessionStorage.getItem("pathkeeper-session");
		const { ticket = "" } = JSON.parse(text ?? "{}");
		const headers = { authorization: `PVEAuthCookie=${ticket}` };
		const { status } = await fetch("/api2/json/version", { headers });
		return { ticket, status, longer: JSON.stringify({ ...localStorage }) };
	});
}

async function isTaken(ticket: string): Promise<number> {
	return await stage.page.evaluate(async (text) => {
		const headers = { authorization: `PVEAuthCookie=${text}` };
		return (await fetch("/api2/json/version", { headers })).status;
	}, ticket);
}

test("a session is kept for the tabs that are open, and by nothing that outlives them", async () => {
	await logIn(stage.page, stage.server);
	const { ticket, status, longer } = await kept();
	const cookies = await stage.window.context.cookies();
	expect([status, cookies]).toEqual([200, []]);
	expect(longer).not.toContain("PVE:");
	await stage.page.reload();
	await stage.page.locator("main#main").waitFor();
	// Another tab of the same browser is let in by this one.
	const tab = await stage.window.context.newPage();
	await tab.goto(`${stage.server.url}/access`);
	await tab.locator("main#main").waitFor();
	expect(await tab.evaluate(() => sessionStorage.getItem("pathkeeper-session"))).toContain(ticket);
	await stage.page.close();
	await tab.close();
	const later = await stage.window.context.newPage();
	await later.goto(stage.server.url);
	await later.getByRole("button", { name: "Log in" }).waitFor();
});

test("logging out ends the session on the server, for all tabs", async () => {
	await logIn(stage.page, stage.server);
	const { ticket } = await kept();
	const tab = await stage.window.context.newPage();
	await tab.goto(stage.server.url);
	await tab.locator("main#main").waitFor();
	await stage.page.getByRole("button", { name: /^Account of/ }).click();
	await stage.page.getByRole("button", { name: "Log out", exact: true }).click();
	await stage.page.getByRole("button", { name: "Log in" }).waitFor();
	await tab.getByRole("button", { name: "Log in" }).waitFor();
	await expect.poll(() => isTaken(ticket)).toBe(401);
});

test("logging out everywhere ends the session of another browser, too", async () => {
	await logIn(stage.page, stage.server);
	const { ticket } = await kept();
	const elsewhere = await stage.browser.newContext({ ignoreHTTPSErrors: true });
	const other = await elsewhere.newPage();
	await logIn(other, stage.server);
	await other.getByRole("button", { name: /^Account of/ }).click();
	await other.getByRole("button", { name: "Log out everywhere" }).click();
	await other.getByRole("button", { name: "Log in" }).waitFor();
	await expect.poll(() => isTaken(ticket)).toBe(401);
	await elsewhere.close();
});

test("a token is made with the password of whoever makes it", async () => {
	const { page, server } = stage;
	await logIn(page, server, { path: "/access" });
	await page.getByRole("button", { name: "Mine" }).click();
	await page.getByLabel("Name of a new token").fill("laptop");
	const add = page.getByRole("button", { name: "Add token" });
	expect(await add.isDisabled()).toBe(true);
	await page.getByLabel("Your own password").fill("not this one");
	await add.click();
	await page.getByText("The token was not added.").waitFor();
	await page.getByLabel("Your own password").fill(server.password);
	await add.click();
	await page.getByText("The secret is shown this once.").waitFor();
});
