import type { Store } from "@pathkeeper/store";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { logIn, openBrowser, openWindow, type Window } from "../browser.ts";
import { PageServer } from "../page-server.ts";

interface Fleet extends AsyncDisposable {
	readonly store: Store;
}

/** What the tests of a file share: a browser before the page of one fleet. */
export interface Stage<F extends Fleet> {
	readonly browser: Browser;
	readonly fleet: F;
	readonly server: PageServer;
	/** Of the test that runs; nothing may go wrong in it. */
	readonly window: Window;
	readonly page: Page;
	/** Enters as the first administrator and goes there. */
	readonly enter: (path?: string) => Promise<Page>;
}

/** Sets a stage for the tests of a file, and clears it after them; each test gets a window of its own. */
export function useStage<F extends Fleet>(build: () => Promise<F>): Stage<F> {
	let browser: Browser | undefined;
	let fleet: F | undefined;
	let server: PageServer | undefined;
	let window: Window | undefined;
	beforeAll(async () => {
		browser = await openBrowser();
		fleet = await build();
		server = await PageServer.start(fleet.store, { simulated: true });
	});
	afterAll(async () => {
		await browser?.close();
		await server?.[Symbol.asyncDispose]();
		await fleet?.[Symbol.asyncDispose]();
		expect(server?.faults).toEqual([]);
	});
	beforeEach(async () => {
		window = await openWindow(there(browser), there(server));
	});
	afterEach(async () => {
		await window?.context.close();
		expect(window?.complaints).toEqual([]);
	});
	return {
		get browser() {
			return there(browser);
		},
		get fleet() {
			return there(fleet);
		},
		get server() {
			return there(server);
		},
		get window() {
			return there(window);
		},
		get page() {
			return there(window).page;
		},
		async enter(path = "/") {
			const { page } = there(window);
			await logIn(page, there(server));
			if (path !== "/") await page.goto(`${there(server).url}${path}`);
			return page;
		},
	};
}

function there<T>(value: T | undefined): T {
	if (value === undefined) throw new Error("the stage is not set yet");
	return value;
}
