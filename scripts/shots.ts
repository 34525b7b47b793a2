/**
 * `./dev shots [NAME…]`: pictures of every view of the web page in .dev/shots, for looking at: light and dark, wide and
 * narrow, on a fleet that is empty, small, in trouble, and large. With names, only fleets of those names.
 */
import { mkdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Store } from "@pathkeeper/store";
import { logIn, openBrowser, openWindow } from "../packages/web/test/browser.ts";
import { PageServer } from "../packages/web/test/page-server.ts";
import { demoFleet, largeFleet, type ShownFleet } from "../packages/web/test/shown-fleets.ts";

const folder = ".dev/shots";
const views = {
	health: "/",
	lun: "/luns/LUN",
	node: "/nodes/n2",
	"config-luns": "/config",
	"config-edit": "/config?edit=LUN",
	"config-defaults": "/config?tab=defaults",
	"config-overrides": "/config?tab=overrides",
	storages: "/storage",
	"storage-luns": "/storage/san",
	"storage-lvm": "/storage/data",
	events: "/events",
	access: "/access",
} as const;
const looks = [
	{ name: "light", width: 1280, height: 800, scheme: "light" },
	{ name: "dark", width: 1280, height: 800, scheme: "dark" },
	{ name: "narrow-light", width: 390, height: 844, scheme: "light" },
	{ name: "narrow-dark", width: 390, height: 844, scheme: "dark" },
] as const;

const fleets: readonly (readonly [
	name: string,
	make: () => Promise<ShownFleet>,
	views: readonly string[],
])[] = [
	["alone", () => demoFleet("alone"), ["health", "config-luns", "storages", "events", "access"]],
	["empty", () => demoFleet("empty"), ["health", "node", "config-luns", "storages", "events"]],
	["small", () => demoFleet("well"), ["health", "lun", "storages", "storage-luns", "storage-lvm"]],
	["trouble", () => demoFleet("in trouble"), Object.keys(views)],
	["large", largeFleet, ["health", "lun", "node", "config-luns"]],
];

const chosen = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
try {
	for (const [name, make, shown] of fleets) {
		if (chosen.length > 0 && !chosen.includes(name)) continue;
		await using fleet = await make();
		await take(browser, name, fleet.store, fleet.lun, shown);
	}
} finally {
	await browser.close();
}
process.exit();

async function take(
	browser: Awaited<ReturnType<typeof openBrowser>>,
	name: string,
	store: Store,
	lun: string,
	shown: readonly string[],
) {
	await using server = await PageServer.start(store, { simulated: true });
	for (const look of looks) {
		const { page, context, complaints } = await openWindow(browser, server, look);
		await page.goto(server.url);
		if (name === "empty") await page.screenshot({ path: `${folder}/log-in-${look.name}.png` });
		await logIn(page, server);
		for (const [view, path] of Object.entries(views)) {
			if (!shown.includes(view)) continue;
			await page.goto(`${server.url}${path.replace("LUN", lun)}`);
			await page.locator(".freshness.live, .freshness.partly").waitFor();
			await page.waitForLoadState("load");
			// What is asked for after the first look at the fleet comes within this time, or is a case for the eye.
			await delay(1500);
			const file = `${folder}/${name}-${view}-${look.name}.png`;
			await page.screenshot({ path: file });
			console.log(file);
		}
		for (const complaint of complaints) console.error(`${name} ${look.name}: ${complaint}`);
		await context.close();
	}
}
