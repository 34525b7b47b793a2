/** Every button of every view is pressed once: none may change anything without a question, or a way to undo it. */
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { milk, SimulatedFleet, tea } from "../../../server/test/simulated-fleet.ts";
import { findings, logIn, openWindow } from "../browser.ts";
import { useStage } from "./stage.ts";

const stage = useStage(async () => {
	const fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"], simulated: true });
	await fleet.allow(milk, tea);
	await fleet.call("PUT", `/cluster/multipath/wwids/${milk}`, { alias: "milk-run" });
	await fleet.applied();
	const made = async (method: "POST" | "PUT", path: string, body: object) => {
		const answer = await fleet.call(method, path, body);
		if (answer.status !== 200) throw new Error(answer.body);
	};
	await fleet.until("the map is there", () =>
		Promise.resolve([...fleet.hosts.values()].every(({ kernel }) => kernel.map(tea) !== undefined)),
	);
	await made("POST", "/storage", { storage: "san", type: "multipath" });
	await made("POST", "/storage", {
		storage: "data",
		type: "lvm",
		vgname: "vg0",
		base: `san:${tea}`,
		shared: 1,
	});
	await made("POST", "/nodes/n1/storage/data/content", { vmid: 100, filename: "", size: "8G" });
	for (const userid of ["eve@local", "mallory@local"])
		await made("POST", "/access/users", { userid, password: "only-looking-1" });
	await made("PUT", "/access/users/mallory@local", { enable: 0 });
	await made("PUT", "/access/acl", { path: "/", roles: "Auditor", users: "eve@local" });
	await made("POST", "/access/users/eve@local/token/script", { privsep: 0 });
	return fleet;
});
// The first administrator is made by the server of the page.
beforeAll(async () => {
	const answer = await stage.fleet.call("POST", "/access/users/root@local/token/backup", { privsep: 0 });
	expect(answer.status).toBe(200);
});

interface View {
	readonly path: string;
	/** Where the view is a tab without an address of its own. */
	readonly tab?: string;
	/** Is there when all of its buttons are. */
	readonly text: string;
}

const views: readonly View[] = [
	{ path: "/", text: "are optimal on 2 nodes" },
	{ path: `/luns/${milk}`, text: "Used by" },
	{ path: "/nodes/n1", text: "imgalloc" },
	{ path: "/config", text: "milk-run" },
	{ path: "/config?tab=defaults", text: "polling-interval" },
	{ path: "/config?tab=overrides", text: "There are no overrides" },
	{ path: "/storage", text: "active on 2 nodes" },
	{ path: "/storage/san", text: "milk-run" },
	{ path: "/storage/data", text: "vm-100-disk-0" },
	{ path: "/events", text: "newest first" },
	{ path: "/access", tab: "Mine", text: "backup" },
	{ path: "/access", tab: "Users and tokens", text: "eve@local" },
	{ path: "/access", tab: "Roles", text: "eve@local" },
	{ path: "/access", tab: "Audit", text: "Digest before and after" },
];

/** Asks the server what would come of it, and changes nothing. */
const harmless = /\/cluster\/multipath\/preview$/;

/** What is behind all buttons of a view. */
class Walk {
	readonly questions = new Set<string>();
	readonly undone = new Set<string>();
	readonly wrong: string[] = [];
	readonly #page: Page;
	#changes: string[] = [];

	constructor(page: Page) {
		this.#page = page;
	}

	async begin(): Promise<void> {
		await this.#page.route("**/api2/**", async (route) => {
			const { method, url } = { method: route.request().method(), url: route.request().url() };
			if (method === "GET" || harmless.test(url)) return await route.continue();
			this.#changes.push(`${method} ${new URL(url).pathname}`);
			await route.fulfill({ status: 200, contentType: "application/json", body: '{"data":null}' });
		});
	}

	/** Presses a button, and what the menu holds that it opens. */
	async press(what: string, button: Locator): Promise<void> {
		const items = this.#page.getByRole("menuitem");
		await this.#pressOnce(what, button);
		const count = await items.count();
		await this.#close();
		for (let at = 0; at < count; at++) {
			await button.click();
			const text = (await items.nth(at).textContent()) ?? "";
			await this.#pressOnce(`${what}, ${text}`, items.nth(at));
			await this.#close();
		}
	}

	async #pressOnce(what: string, button: Locator): Promise<void> {
		this.#changes = [];
		await button.click();
		// What a click sends is sent before this is answered.
		await this.#page.evaluate(() => fetch("/mark.svg", { cache: "no-store" }).then(() => null));
		const undo = this.#page.getByRole("region", { name: "What was just done" });
		if (this.#changes.length > 0) {
			if (await undo.getByRole("button", { name: "Undo" }).isVisible()) this.undone.add(what);
			else this.wrong.push(`${what}: ${this.#changes.join(", ")}`);
		}
		for (const title of await this.#page
			.getByRole("dialog")
			.getByRole("heading", { level: 2 })
			.allTextContents())
			this.questions.add(title);
	}

	async #close(): Promise<void> {
		const open = this.#page.locator("[role=dialog], [role=menu]");
		for (let tries = 0; tries < 4 && (await open.count()) > 0; tries++) {
			await this.#page.keyboard.press("Escape");
			await this.#page.evaluate("new Promise((done) => requestAnimationFrame(() => done(null)))");
		}
	}
}

async function open(page: Page, url: string, { path, tab, text }: View): Promise<void> {
	await page.goto(`${url}${path}`);
	if (tab !== undefined) await page.getByRole("button", { name: tab, exact: true }).click();
	await page.getByRole("main").getByText(text).first().waitFor();
}

test("no button of any view changes anything without a question or a way to undo it", async () => {
	const page = await stage.enter();
	const walk = new Walk(page);
	await walk.begin();
	let pressed = 0;
	for (const view of views) {
		await open(page, stage.server.url, view);
		const buttons = page.locator("main button:enabled:visible");
		const labels = await buttons.evaluateAll((all) =>
			all.map((button) => button.getAttribute("aria-label") ?? button.textContent ?? ""),
		);
		pressed += labels.length;
		for (const [at, label] of labels.entries()) {
			// A form that is empty says so when it is sent; what it would send was typed by nobody.
			await walk.press(`${view.path} ${view.tab ?? ""} ${label}`, buttons.nth(at));
			const now = (await buttons.count()) === labels.length;
			if (!now || new URL(page.url()).pathname !== view.path.replace(/\?.*/, ""))
				await open(page, stage.server.url, view);
		}
	}
	expect(walk.wrong).toEqual([]);
	expect(pressed).toBeGreaterThan(30);
	expect([...walk.undone]).toEqual([expect.stringContaining("Enable")]);
	for (const question of [
		"Forget milk-run?",
		"Remove storage data?",
		"Remove volume vm-100-disk-0?",
		"Remove token root@local!backup?",
		"Revoke Auditor from eve@local?",
		"Disable eve@local?",
		"Remove eve@local?",
	])
		expect([...walk.questions]).toContain(question);
});

test("a role, a token and a user are taken away after a question that names what breaks", async () => {
	const page = await stage.enter("/access");
	const dialog = page.getByRole("dialog").last();
	const choose = async (user: string, work: string) => {
		await page.getByRole("button", { name: `More for ${user}` }).click();
		await page.getByRole("menuitem", { name: work, exact: true }).click();
	};
	const row = (text: string) => page.getByRole("row").filter({ hasText: text });
	await choose("mallory@local", "Enable");
	await row("mallory@local").getByText("enabled").waitFor();
	await page.getByRole("button", { name: "Undo" }).click();
	await row("mallory@local").getByText("disabled").waitFor();
	await page.getByRole("button", { name: "Dismiss" }).click();

	await choose("eve@local", "Disable");
	await dialog.getByText("script").waitFor();
	await dialog.getByRole("button", { name: "Leave as it is" }).click();
	await row("eve@local").getByText("enabled").waitFor();
	await choose("eve@local", "Disable");
	await dialog.getByRole("button", { name: "Disable eve@local" }).click();
	await row("eve@local").getByText("disabled").waitFor();

	await page.getByRole("button", { name: "Roles", exact: true }).click();
	await page.getByRole("button", { name: "Revoke Auditor on / from eve@local" }).click();
	await dialog.getByText(/eve@local loses .*Sys\.Audit.* everywhere/).waitFor();
	await dialog.getByRole("button", { name: "Revoke Auditor" }).click();
	await row("eve@local").waitFor({ state: "detached" });

	await page.getByRole("button", { name: "Mine", exact: true }).click();
	await page.getByRole("button", { name: "Remove token backup" }).click();
	await dialog.getByText("Every program that logs in with it is refused from now on.").waitFor();
	await dialog.getByRole("button", { name: "Remove backup" }).click();
	await row("backup").waitFor({ state: "detached" });
});

test.each([
	{ scheme: "light", width: 1280 },
	{ scheme: "dark", width: 390 },
] as const)(
	"axe finds nothing on the questions in $scheme colours, $width wide, and red is red",
	async (look) => {
		const { page, context, complaints } = await openWindow(stage.browser, stage.server, look);
		await logIn(page, stage.server);
		const found: string[] = [];
		await page.goto(`${stage.server.url}/access`);
		await page.getByRole("button", { name: "More for mallory@local" }).click();
		const item = page.getByRole("menuitem", { name: "Remove", exact: true });
		await item.waitFor();
		found.push(...(await findings(page)));
		await item.click();
		await page.getByRole("dialog").getByText("The user is logged out everywhere").waitFor();
		found.push(...(await findings(page)));
		await page.getByRole("button", { name: "Leave as it is" }).click();
		await page.getByRole("button", { name: "More for mallory@local" }).click();
		await page.getByRole("menuitem", { name: "Enable", exact: true }).click();
		await page.getByRole("button", { name: "Undo" }).waitFor();
		found.push(...(await findings(page)));
		await page.getByRole("button", { name: "Undo" }).click();
		await page.getByText(/^Undone: /).waitFor();
		expect(found).toEqual([]);

		await page.goto(`${stage.server.url}/storage/data`);
		const remove = page.getByRole("button", { name: "Remove", exact: true });
		const colour = await remove.evaluate((element) => {
			const styleOf: unknown = Reflect.get(globalThis, "getComputedStyle");
			return typeof styleOf === "function" ? String(styleOf(element).color) : "";
		});
		const [red = 0, green = 0, blue = 0] = colour.match(/\d+/g)?.map(Number) ?? [];
		expect(red - Math.max(green, blue)).toBeGreaterThan(60);
		expect(complaints).toEqual([]);
		await context.close();
	},
);
