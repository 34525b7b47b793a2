/** Debian's Chromium, driven by playwright-core. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const flags = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--no-first-run",
];

/** Where the page is served, and who may enter it. */
export interface Entrance {
	readonly url: string;
	readonly user: string;
	readonly password: string;
}

export async function openBrowser(): Promise<Browser> {
	return await chromium.launch({
		executablePath: process.env["PATHKEEPER_CHROMIUM"] ?? "/usr/bin/chromium",
		args: flags,
	});
}

/** A window with everything that went wrong in it. */
export interface Window {
	readonly page: Page;
	readonly context: BrowserContext;
	/** Errors of the page and of its policy, and every request that left its origin. */
	readonly complaints: string[];
}

export async function openWindow(
	browser: Browser,
	server: Pick<Entrance, "url">,
	look: { readonly width?: number; readonly height?: number; readonly scheme?: "light" | "dark" } = {},
): Promise<Window> {
	const { width = 1280, height = 800, scheme = "light" } = look;
	const context = await browser.newContext({
		viewport: { width, height },
		colorScheme: scheme,
		reducedMotion: "reduce",
		locale: "en-GB",
		// A server that makes its certificate itself is known to no browser.
		ignoreHTTPSErrors: true,
	});
	const page = await context.newPage();
	// Long: it only matters where something never comes, and machines may be busy.
	page.setDefaultTimeout(60_000);
	const complaints: string[] = [];
	page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
	page.on("console", (message) => {
		const text = message.text();
		// What the server refuses or does not answer is part of what is tested.
		if (message.type() === "error" && !/Failed to load resource/.test(text)) complaints.push(text);
	});
	page.on("request", (request) => {
		if (!request.url().startsWith(server.url) && !request.url().startsWith("data:"))
			complaints.push(`asks elsewhere: ${request.url()}`);
	});
	return { page, context, complaints };
}

export async function logIn(
	page: Page,
	server: Entrance,
	{ path = "/", user = server.user, password = server.password } = {},
): Promise<void> {
	await page.goto(`${server.url}${path}`);
	await page.getByLabel("User").fill(user);
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByRole("button", { name: "Log in" }).click();
	await page.locator("main#main").waitFor();
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, one line each; the page's policy lets no foreign script in, so it is evaluated from outside. */
export async function findings(page: Page): Promise<readonly string[]> {
	await page.evaluate(axeSource);
	return await page.evaluate(async () => {
		const axe: unknown = Reflect.get(globalThis, "axe");
		const run: unknown = axe instanceof Object ? Reflect.get(axe, "run") : undefined;
		if (typeof run !== "function") throw new Error("axe is not there");
		const { violations } = await run(Reflect.get(globalThis, "document"), {
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		});
		return violations.flatMap(
			({ id, nodes }: { id: string; nodes: readonly { html: string; failureSummary: string }[] }) =>
				nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
		);
	});
}
