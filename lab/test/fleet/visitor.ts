/** A person before the page of the fleet's own server: Debian's Chromium, an administrator with a name and a password. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Entrance, logIn, openBrowser, openWindow } from "../../../packages/web/test/browser.ts";
import { type Fleet, LabError } from "../../src/index.ts";
import { minute } from "./patience.ts";

/** One window, closed when it is disposed of; that throws when something went wrong in it. */
export interface Visit extends AsyncDisposable {
	readonly page: Page;
}

const user = "visitor@local";

export class Visitor implements AsyncDisposable {
	readonly #browser: Browser;
	readonly #entrance: Entrance;

	private constructor(browser: Browser, entrance: Entrance) {
		this.#browser = browser;
		this.#entrance = entrance;
	}

	/** Makes the user, or gives it another password when an earlier run made it. */
	static async arrive(server: Fleet["server"]): Promise<Visitor> {
		const password = randomUUID();
		const folder = mkdtempSync(join(tmpdir(), "pk-visitor-"));
		try {
			const file = join(folder, "password");
			writeFileSync(file, `${password}\n`, { mode: 0o600 });
			const added = await server.cli("user", "add", user, "--password-file", file);
			if (added.code !== 0) await server.run("user", "passwd", user, "--password-file", file);
			await server.run("acl", "add", "/", "Administrator", user);
		} finally {
			rmSync(folder, { recursive: true });
		}
		return new Visitor(await openBrowser(), { url: server.access.url, user, password });
	}

	/** A new window, logged in and at this path. What is waited for in it may come as late as anything in the lab. */
	async visit(path: string): Promise<Visit> {
		const { page, context, complaints } = await openWindow(this.#browser, this.#entrance);
		page.setDefaultTimeout(6 * minute);
		await logIn(page, this.#entrance);
		await page.goto(`${this.#entrance.url}${path}`);
		return {
			page,
			[Symbol.asyncDispose]: async () => {
				await context.close();
				if (complaints.length > 0) throw new LabError(`in the page: ${complaints.join("; ")}`);
			},
		};
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#browser.close();
	}
}
