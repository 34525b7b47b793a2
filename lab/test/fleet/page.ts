/** What a person does in the page, step by step, and waits to see there. */
import type { Page } from "playwright-core";
import { LabError } from "../../src/index.ts";
import { isBusy } from "./patience.ts";

/** From the configuration: allows a LUN that the nodes see, and follows it until all three have applied that. */
export async function allowCandidate(page: Page, wwid: string): Promise<void> {
	const row = page.getByRole("row").filter({ hasText: wwid });
	await row.getByText("3 of 3 nodes").waitFor();
	await row.getByRole("button", { name: `Allow ${wwid}` }).click();
	await page.getByRole("button", { name: "Review" }).click();
	await page.getByRole("button", { name: "Apply" }).click();
	await page.getByText(/Applied on 3 of 3 nodes/).waitFor();
	await page.getByRole("button", { name: "Done" }).click();
}

/** In the empty overrides: a value that multipathd does not know is underlined at its place, and cannot go on. */
export async function typeWrongOverride(page: Page): Promise<void> {
	await page.getByRole("textbox", { name: "Text of the overrides" }).click();
	await page.keyboard.type("overrides {\nno_path_retry sometimes\n}\n");
	await page.locator(".cm-lintRange-error").first().waitFor();
	await page.getByRole("button", { name: /^line 2, column / }).waitFor();
	if (!(await page.getByRole("button", { name: "Review" }).isDisabled()))
		throw new LabError("a wrong override can be reviewed");
}

/** From the configuration: gives a LUN another comment, as far as the look at what that does. */
export async function reviewComment(page: Page, wwid: string, comment: string): Promise<void> {
	await page.getByRole("button", { name: `Change ${wwid}` }).click();
	await page.getByLabel("Comment").fill(comment);
	await page.getByRole("button", { name: "Review" }).click();
	// As soon as it is known what every node would get.
	await page.locator("button:enabled").filter({ hasText: "Apply" }).waitFor();
}

/** At a storage: makes a volume, again when the node was too busy to do it in time; its volume id. */
export async function createVolume(
	page: Page,
	{ guest, mebibytes }: { readonly guest: number; readonly mebibytes: number },
): Promise<string> {
	await page.getByRole("button", { name: "Create volume" }).click();
	await page.getByLabel("Guest").fill(String(guest));
	await page.getByLabel("Size", { exact: true }).fill(String(mebibytes));
	await page.getByLabel("Unit of the size").selectOption("MiB");
	const made = page.getByText(/^Volume \S+ was created\.$/);
	const notBegun = page.getByText("The volume was not created.");
	const notDone = page.getByText("Not done.");
	for (let attempt = 1; ; attempt++) {
		await page.getByRole("button", { name: "Create", exact: true }).click();
		await made.or(notBegun).or(notDone).first().waitFor();
		if (await made.isVisible()) break;
		const told = (await page.getByRole("dialog").textContent()) ?? "";
		if (attempt === 5 || !isBusy.test(told)) throw new LabError(`no volume was made: ${told}`);
		if (await notDone.isVisible()) await page.getByRole("button", { name: "Back" }).click();
	}
	const [, volid = ""] = /^Volume (\S+) was created/.exec((await made.textContent()) ?? "") ?? [];
	await page.getByRole("button", { name: "Done" }).click();
	await page
		.getByRole("row")
		.filter({ hasText: volid.replace(/^.*:/, "") })
		.waitFor();
	return volid;
}
