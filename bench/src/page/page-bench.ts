import type { Store } from "@pathkeeper/store";
import type { Browser, CDPSession, Page } from "playwright-core";
import { logIn, openBrowser, openWindow } from "../../../packages/web/test/browser.ts";
import { PageServer } from "../../../packages/web/test/page-server.ts";

/** Large fleets take their time until the first answer, which is not what is measured here. */
const patienceMs = 600_000;

/** The page in a browser, before a server over a store, with what Chromium tells of it. */
export class PageBench implements AsyncDisposable {
	readonly page: Page;
	readonly #browser: Browser;
	readonly #server: PageServer;
	readonly #devtools: CDPSession;

	private constructor(browser: Browser, server: PageServer, page: Page, devtools: CDPSession) {
		this.#browser = browser;
		this.#server = server;
		this.page = page;
		this.#devtools = devtools;
	}

	static async open(store: Store): Promise<PageBench> {
		const server = await PageServer.start(store, { simulated: true });
		const browser = await openBrowser();
		const { page, context } = await openWindow(browser, server);
		page.setDefaultTimeout(patienceMs);
		const devtools = await context.newCDPSession(page);
		return new PageBench(browser, server, page, devtools);
	}

	async logIn(): Promise<void> {
		await logIn(this.page, this.#server);
	}

	/** What the page's script holds after everything that nobody holds any more was given back, in MB. */
	async heapMb(): Promise<number> {
		await this.#devtools.send("HeapProfiler.collectGarbage");
		const { usedSize } = await this.#devtools.send("Runtime.getHeapUsage");
		return usedSize / 1e6;
	}

	/** Notes from now on what kept the page busy for over 50 ms; what it gives ends that and tells, in milliseconds. */
	async watchLongTasks(): Promise<() => Promise<readonly number[]>> {
		await this.page.evaluate(`globalThis.longTasks = [];
			globalThis.longTaskObserver = new PerformanceObserver((list) =>
				globalThis.longTasks.push(...list.getEntries().map(({ duration }) => duration)));
			globalThis.longTaskObserver.observe({ type: "longtask" });`);
		return async () =>
			await this.page.evaluate<number[]>("(globalThis.longTaskObserver.disconnect(), globalThis.longTasks)");
	}

	/** Milliseconds from a press of a button until what it changed is drawn: the second frame after it. */
	async untilPainted(button: string): Promise<number> {
		return await this.page.evaluate<number>(`new Promise((done) => {
			const begun = performance.now();
			document.querySelector(${JSON.stringify(`button[aria-label="${button}"]`)}).click();
			requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
		})`);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#browser.close();
		await this.#server[Symbol.asyncDispose]();
	}
}

export function missed(isMissed: boolean): string {
	return isMissed ? " MISSED" : "";
}
