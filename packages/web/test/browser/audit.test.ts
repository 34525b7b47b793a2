/** The audit in the page: who changed what and who was refused, asked by kind and user, and page by page. */
import { auditWrite } from "@pathkeeper/store";
import { expect, test } from "vitest";
import { SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { logIn } from "../browser.ts";
import { useStage } from "./stage.ts";

const stage = useStage(async () => {
	const fleet = await SimulatedFleet.start({ nodes: ["n1"], simulated: true });
	await fleet.call("POST", "/storage", {
		storage: "local",
		type: "dir",
		path: "/srv/local",
		content: "images",
	});
	await fleet.call("POST", "/nodes/n1/storage/local/content", { vmid: 100, filename: "", size: "4M" });
	await fleet.call("POST", "/access/users", { userid: "eve@local", password: "only-looking-1" });
	const old = Date.now() - 3 * 24 * 60 * 60_000;
	for (let n = 0; n < 120; n++) {
		const about = { what: "config.write", subject: `old-${n}`, before: null, after: null };
		const record = { at: old + n, by: "carl@local", from: "192.0.2.7", ...about };
		await fleet.store.txn({ writes: [auditWrite(record, `o${n}`)] });
	}
	return fleet;
});

test("shows changes and refusals, by kind, by user, and page by page", async () => {
	const { server } = stage;
	for (let n = 0; n < 3; n++) {
		const body = JSON.stringify({ username: "eve@local", password: "wrong one" });
		const headers = { "content-type": "application/json" };
		const answer = await fetch(`${server.url}/api2/json/access/ticket`, { method: "POST", headers, body });
		expect(answer.status).toBe(401);
	}
	const page = await stage.enter("/access");
	await page.getByRole("button", { name: "Audit", exact: true }).click();
	const row = (text: string | RegExp) => page.getByRole("row").filter({ hasText: text });
	await row("imgalloc local on n1").getByText("local socket").waitFor();
	await row("login.failed").getByText("× 3").waitFor();
	await row("login.failed").getByText("127.0.0.0/24").waitFor();

	await page.getByLabel("What was done").selectOption("task");
	await row("login.failed").waitFor({ state: "detached" });
	await row("task.create").first().waitFor();
	expect(await row("task.create").count()).toBe(2); // The storage is prepared, and the volume made.

	await page.getByLabel("What was done").selectOption("");
	await page.getByLabel("Who did it").fill("carl@local");
	await row("old-119").waitFor();
	expect(await row("carl@local").count()).toBe(100);
	expect(await row("imgalloc").count()).toBe(0);
	await page.getByRole("button", { name: "Show older" }).click();
	await row(/old-0\b/).waitFor();
	expect(await row("carl@local").count()).toBe(120);
	expect(await page.getByRole("button", { name: "Show older" }).count()).toBe(0);

	await page.getByLabel("Time").selectOption("86400");
	await page.getByText("There is no such record.").waitFor();
});

test("is no tab of somebody who may not read it", async () => {
	const { page, server, fleet } = stage;
	await fleet.call("POST", "/access/users", { userid: "joe@local", password: "only-looking-2" });
	await fleet.call("PUT", "/access/acl", { path: "/", roles: "Auditor", users: "joe@local" });
	await logIn(page, server, { user: "joe@local", password: "only-looking-2" });
	await page.getByRole("link", { name: "My access" }).click();
	await page.getByRole("heading", { name: "My access" }).waitFor();
	expect(await page.getByRole("button", { name: "Audit", exact: true }).count()).toBe(0);
});
