/** Storages and their volumes in the page: made, changed, filled, emptied, and never called well where they are not. */
import { withStorageLock } from "@pathkeeper/store";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { milk, SimulatedFleet, tea } from "../../../server/test/simulated-fleet.ts";
import { findings, logIn, openWindow } from "../browser.ts";
import { useStage } from "./stage.ts";

const stage = useStage(async () => {
	const fleet = await SimulatedFleet.start({ nodes: ["n1", "n2", "n3"], simulated: true });
	await fleet.allow(milk, tea);
	await fleet.call("PUT", `/cluster/multipath/wwids/${tea}`, { alias: "tea-cache" });
	await fleet.applied();
	return fleet;
});

const rowOf = (page: Page, name: string | RegExp) => page.getByRole("row").filter({ hasText: name });
const dialog = (page: Page) => page.getByRole("dialog").last();

/** Out of the menu of a row. */
async function choose(page: Page, what: string, work: string): Promise<void> {
	await page.getByRole("button", { name: `More for ${what}`, exact: true }).click();
	await page.getByRole("menuitem", { name: work, exact: true }).click();
}

describe("storages", () => {
	test("are added after a look at what is written and done, with the LUN out of a list", async () => {
		const page = await stage.enter();
		await page.getByRole("link", { name: "Storage", exact: true }).click();
		await page.getByText("There is no storage yet").waitFor();
		await page.getByRole("button", { name: "Add storage" }).click();
		await page.getByLabel("ID").fill("7san");
		await page.getByRole("button", { name: "Review" }).click();
		await page
			.getByText(/contains illegal characters/)
			.first()
			.waitFor();
		await page.getByLabel("ID").fill("san");
		await page.getByRole("button", { name: "Review" }).click();
		const written = page.getByRole("region", { name: "Changes to storage.cfg" });
		expect(await written.textContent()).toContain("+multipath: san");
		expect((await stage.fleet.call("GET", "/storage")).data).toEqual([]);
		await page.getByRole("button", { name: "Apply" }).click();
		await rowOf(page, "multipath").getByText("active on 3 nodes").waitFor();

		await page.getByRole("button", { name: "Add storage" }).click();
		await page.getByLabel("ID").fill("data");
		await page.getByLabel("Base storage").selectOption("san");
		const picker = page.getByRole("group", { name: "Base volume: the LUN" });
		await picker.getByRole("radio", { name: /tea-cache/ }).check();
		await page.getByLabel("vgname").fill("vg0");
		await page.getByRole("button", { name: "Review" }).click();
		expect(await written.textContent()).toContain(`+\tbase san:${tea}`);
		await page.getByText(/that writes to the LUN/).waitFor();
		await page.getByRole("button", { name: "Apply" }).click();
		await rowOf(page, "lvm").getByText("active on 3 nodes").waitFor();
		expect((await stage.fleet.call("GET", "/storage/data")).data).toMatchObject({ vgname: "vg0", shared: 1 });
	});

	test("are not added on a LUN that carries something, and nothing is changed", async () => {
		const page = await stage.enter("/storage");
		await page.getByRole("button", { name: "Add storage" }).click();
		await page.getByLabel("ID").fill("more");
		await page.getByLabel("Base storage").selectOption("san");
		await page.getByRole("radio", { name: new RegExp(milk) }).check();
		await page.getByLabel("vgname").fill("vg1");
		await page.getByRole("button", { name: "Review" }).click();
		await page.getByRole("button", { name: "Apply" }).click();
		await page.getByText(/because it contains volume group 'vg-demo-milk'/).waitFor();
		await page.getByText("Nothing was changed.").waitFor();
		expect((await stage.fleet.call("GET", "/storage?type=lvm")).data).toHaveLength(1);
	});

	test("keep what was typed when somebody else saved first, and what another one stands on", async () => {
		const page = await stage.enter("/storage");
		await page.getByRole("button", { name: "Change data" }).click();
		await page.getByLabel("saferemove", { exact: true }).check();
		await page.getByRole("button", { name: "Review" }).click();
		await page.getByRole("region", { name: "Changes to storage.cfg" }).waitFor();
		const local = { storage: "local", type: "dir", path: "/srv/local" };
		expect(await stage.fleet.call("POST", "/storage", local)).toMatchObject({ status: 200 });
		await page.getByRole("button", { name: "Apply" }).click();
		await page.getByText(/It was changed in the meantime/).waitFor();
		const theirs = page.getByRole("region", { name: "What was changed meanwhile" });
		expect(await theirs.textContent()).toContain("+dir: local");
		await page.getByRole("button", { name: "Apply" }).click();
		await page.getByRole("dialog").first().waitFor({ state: "detached" });
		expect((await stage.fleet.call("GET", "/storage/data")).data).toMatchObject({ saferemove: 1 });

		await choose(page, "san", "Remove");
		await dialog(page).getByRole("button", { name: "Remove san" }).click();
		await page.getByText("san stays.").waitFor();
		expect(await page.getByRole("alert").textContent()).toContain("used as base of another storage: data");
		await page.getByRole("button", { name: "Keep it" }).click();
		await choose(page, "local", "Remove");
		await dialog(page).getByRole("button", { name: "Remove local" }).click();
		await rowOf(page, "dir").waitFor({ state: "detached" });
	});

	test("are asked of every node, and are not well where a node is late or silent", async () => {
		const letGo = stage.server.hold("n2");
		try {
			const page = await stage.enter("/storage");
			const row = rowOf(page, "multipath");
			await row.getByText("active on 2 of 3 nodes, asking …").waitFor();
			expect(await row.locator(".state-optimal").count()).toBe(0);
			letGo();
			await row.getByText("active on 3 nodes").waitFor();
			await stage.fleet.stopAgent("n3");
			await row.getByText("active on 2 of 3 nodes, 1 unknown").waitFor();
			expect(await row.locator(".state-optimal").count()).toBe(0);
			await row.getByText("n3: no sign of life from its agent").waitFor();
		} finally {
			letGo();
			stage.fleet.startAgent("n3");
		}
		await rowOf(stage.page, "multipath").getByText("active on 3 nodes").waitFor();
	});

	test("are added though a node is silent only by who leaves it out, and it may use the LUN", async () => {
		const { fleet } = stage;
		const empty = "36000a17000000000000000000000beef";
		await fleet.allow(empty);
		await fleet.stopAgent("n3");
		try {
			const page = await stage.enter("/storage");
			await page.getByRole("button", { name: "Add storage" }).click();
			await page.getByLabel("ID").fill("later");
			await page.getByLabel("Base storage").selectOption("san");
			await page.getByRole("radio", { name: new RegExp(empty) }).check();
			await page.getByLabel("vgname").fill("vg2");
			await page.getByRole("button", { name: "Review" }).click();
			await page.getByRole("button", { name: "Apply" }).click();
			await page.getByText(/n3: no sign of life from its agent, so it may use it/).waitFor();
			await page.getByText("Nothing was changed.").waitFor();
			await page.getByLabel("Leave out nodes that cannot be asked").check();
			await page.getByRole("button", { name: "Apply" }).click();
			await rowOf(page, "later").getByText("active on 2 of 3 nodes, 1 unknown").waitFor();
		} finally {
			fleet.startAgent("n3");
		}
		await fleet.call("DELETE", "/storage/later");
	});
});

describe("an iSCSI portal", () => {
	test("is asked for its targets from a node, and says why it does not answer", async () => {
		const page = await stage.enter("/storage");
		await page.getByRole("button", { name: "Discover iSCSI targets" }).click();
		const portal = page.getByLabel("Portal", { exact: true });
		await portal.fill("192.168.71.1");
		await page.getByRole("button", { name: "Discover", exact: true }).click();
		await rowOf(page, "iqn.").waitFor();
		await portal.fill("192.0.2.1");
		await page.getByRole("button", { name: "Discover", exact: true }).click();
		await page.getByText("n1 got no answer from the portal.").waitFor();
	});
});

describe("volumes", () => {
	test("are made by a task, and shown with size, guest and LUN", async () => {
		const page = await stage.enter("/storage/data");
		await page.getByText("It contains nothing yet.").waitFor();
		await page.getByRole("button", { name: "Create volume" }).click();
		await page.getByLabel("Guest").fill("100");
		await page.getByLabel("Size", { exact: true }).fill("8");
		await page.getByLabel("Unit of the size").selectOption("MiB");
		await page.getByRole("button", { name: "Create", exact: true }).click();
		await page.getByText("Volume data:vm-100-disk-0 was created.").waitFor();
		await page.getByRole("log").getByText("volume 'data:vm-100-disk-0' created").waitFor();
		await page.getByRole("button", { name: "Done" }).click();
		const row = rowOf(page, "vm-100-disk-0");
		await row.getByText("8 MiB").waitFor();
		await row.getByRole("link", { name: "tea-cache" }).waitFor();
		await page.goto(`${stage.server.url}/storage/san`);
		await rowOf(page, "tea-cache").getByRole("link", { name: "data", exact: true }).waitFor();
		await page.getByRole("link", { name: "tea-cache" }).click();
		const uses = page.getByRole("region", { name: "Used by" });
		await uses.getByRole("link", { name: "data", exact: true }).waitFor();
		await page.goBack();
		await rowOf(page, "tea-cache").waitFor();
		expect(await page.getByRole("button", { name: "Create volume" }).count()).toBe(0);
	});

	test("that have to wait are followed in the log of their task, and stopped", async () => {
		const page = await stage.enter("/storage/data");
		const free = Promise.withResolvers<void>();
		const held = withStorageLock(
			stage.fleet.store,
			"data",
			{
				lockName: tea,
				holder: "somebody's backup",
				signal: new AbortController().signal,
				runtime: realRuntime,
			},
			() => free.promise,
		);
		try {
			await page.getByRole("button", { name: "Create volume" }).click();
			await page.getByLabel("Guest").fill("200");
			await page.getByLabel("Size", { exact: true }).fill("1");
			await page.getByRole("button", { name: "Create", exact: true }).click();
			await page
				.getByRole("log")
				.getByText("waiting for storage 'data', which is being changed by somebody's backup")
				.waitFor();
			await page.getByRole("progressbar").waitFor();
			await page.getByRole("button", { name: "Stop the task" }).click();
			await page.getByText("with its work unfinished").waitFor();
			await dialog(page).getByRole("button", { name: "Stop it" }).click();
			await page.getByText("Not done.").waitFor();
		} finally {
			free.resolve();
			await held;
		}
		await page
			.getByText(/root@local/)
			.first()
			.waitFor();
		await page.getByRole("button", { name: "Back" }).click();
		expect(await page.getByLabel("Guest").inputValue()).toBe("200");
		await page.getByRole("button", { name: "Cancel" }).click();
		await rowOf(page, "vm-100-disk-0").waitFor();
		expect(await rowOf(page, "vm-200-").count()).toBe(0);
	});

	test("are activated, grown and renamed by tasks, and refused what would harm who uses them", async () => {
		const host = stage.fleet.host("n2");
		const devices = [`/dev/disk/by-id/dm-uuid-mpath-${tea}`];
		const volume = async () => (await host.lvm.logicalVolumes(devices, "vg0"))[0];
		const page = await stage.enter("/storage/data");
		// Whichever node answers first is taken else, and the one that uses the volume may rename it.
		await page.getByLabel(/^Node .*volumes$/).selectOption("n1");
		const begin = async (name: string, work: string) => {
			await page.getByRole("button", { name: `More for volume ${name}` }).click();
			await page.getByRole("menuitem", { name: work, exact: true }).click();
		};
		const done = async (text: string) => {
			await dialog(page).getByText(text).waitFor();
			await page.getByRole("button", { name: "Done" }).click();
		};
		await begin("vm-100-disk-0", "Activate on a node");
		await page.getByLabel("Node", { exact: true }).selectOption("n2");
		await page.getByRole("button", { name: "Activate", exact: true }).click();
		await done("vm-100-disk-0 is active on n2.");
		expect((await volume())?.active).toBe(true);

		await begin("vm-100-disk-0", "Grow");
		const size = page.getByLabel("New size");
		await size.fill("8");
		await page.getByLabel("Unit of the size").selectOption("MiB");
		await page.getByText("It is 8 MiB already.").waitFor();
		expect(await page.getByRole("button", { name: "Grow", exact: true }).isDisabled()).toBe(true);
		await size.fill("12");
		await page.getByLabel("Node", { exact: true }).selectOption("n1");
		await page.getByRole("button", { name: "Grow", exact: true }).click();
		await page.getByText("vm-100-disk-0 keeps its size.").waitFor();
		expect(await page.getByRole("alert").textContent()).toContain("n2: it is active there");
		await page.getByLabel("Node", { exact: true }).selectOption("n2");
		await page.getByRole("button", { name: "Grow", exact: true }).click();
		await done("vm-100-disk-0 was grown.");
		await rowOf(page, "vm-100-disk-0").getByText("12 MiB").waitFor();

		await begin("vm-100-disk-0", "Rename");
		await page.getByLabel("New name").fill("vm-101-disk-0");
		await page.getByRole("button", { name: "Rename", exact: true }).click();
		await page.getByText("vm-100-disk-0 keeps its name.").waitFor();
		await page.getByRole("button", { name: "Cancel" }).click();

		await begin("vm-100-disk-0", "Deactivate on a node");
		await page.getByLabel("Node", { exact: true }).selectOption("n2");
		await page.getByRole("button", { name: "Deactivate", exact: true }).click();
		await done("vm-100-disk-0 is no longer active on n2.");
		expect((await volume())?.active).toBe(false);
		for (const [from, to] of [
			["vm-100-disk-0", "vm-100-root"],
			["vm-100-root", "vm-100-disk-0"],
		] as const) {
			await begin(from, "Rename");
			await page.getByLabel("New name").fill(to);
			await page.getByRole("button", { name: "Rename", exact: true }).click();
			await done(`The new name is data:${to}.`);
			await rowOf(page, to).waitFor();
		}
	});

	test("and storages lead to their LUN, in the search and in the matrix", async () => {
		const page = await stage.enter();
		await page.getByLabel("Groups of LUNs").selectOption("By storage");
		const search = page.getByRole("combobox", { name: "Search LUNs, storages and nodes" });
		await search.fill("data");
		await page.getByRole("option", { name: /tea-cache.*storage data/ }).waitFor();
		await page.getByRole("option", { name: /^storage\s*data/ }).click();
		await page.getByRole("heading", { name: "data", level: 1 }).waitFor();
	});

	test("stay while a node uses them, and go when nobody does and their name was typed", async () => {
		const volume = { vg: "vg0", name: "vm-100-disk-0" };
		const devices = [`/dev/disk/by-id/dm-uuid-mpath-${tea}`];
		await stage.fleet.host("n3").lvm.activateVolume(devices, volume);
		const page = await stage.enter("/storage/data");
		await choose(page, "volume vm-100-disk-0", "Remove");
		const remove = dialog(page).getByRole("button", { name: "Remove vm-100-disk-0" });
		expect(await remove.isDisabled()).toBe(true);
		await page.getByLabel("Type vm-100-disk-0 to confirm").fill("vm-100-disk-1");
		expect(await remove.isDisabled()).toBe(true);
		await page.getByLabel("Type vm-100-disk-0 to confirm").fill("vm-100-disk-0");
		await remove.click();
		await page.getByText("vm-100-disk-0 stays.").waitFor();
		expect(await page.getByRole("alert").textContent()).toContain("n3: it is active there");
		await stage.fleet.host("n3").lvm.deactivateVolume(devices, volume);
		await remove.click();
		await page.getByText("Done.").waitFor();
		await page.getByRole("button", { name: "Close", exact: true }).last().click();
		await page.getByText("It contains nothing yet.").waitFor();
	});

	test("and storages are for looking only to who may do no more", async () => {
		const { page, server, fleet } = stage;
		await fleet.call("POST", "/access/users", { userid: "eve@local", password: "only-looking-1" });
		await fleet.call("PUT", "/access/acl", { path: "/", roles: "Auditor", users: "eve@local" });
		await logIn(page, server, { user: "eve@local", password: "only-looking-1" });
		const controls = page.getByRole("button", { name: /^(?:Add|Change|Remove|Create|More|Discover)/ });
		await page.goto(`${server.url}/storage`);
		await rowOf(page, "lvm").getByText("active on 3 nodes").waitFor();
		expect(await controls.count()).toBe(0);
		await page.goto(`${server.url}/storage/data`);
		await page.getByText("It contains nothing yet.").waitFor();
		expect(await controls.count()).toBe(0);
	});
});

describe.each([
	{ scheme: "light", width: 1280 },
	{ scheme: "dark", width: 390 },
] as const)("in $scheme colours, $width wide", ({ scheme, width }) => {
	test("axe finds nothing on storages, their content and their dialogs", async () => {
		const { browser, server } = stage;
		const { page, context, complaints } = await openWindow(browser, server, { scheme, width });
		await logIn(page, server);
		const found: string[] = [];
		const look = async (what: string) => {
			found.push(...(await findings(page)).map((finding) => `${what}: ${finding}`));
		};
		await page.goto(`${server.url}/storage`);
		await rowOf(page, "lvm").getByText("active on 3 nodes").waitFor();
		await look("storages");
		await page.getByRole("button", { name: "Discover iSCSI targets" }).click();
		await page.getByLabel("Portal", { exact: true }).waitFor();
		await look("discover iSCSI targets");
		await dialog(page).getByRole("button", { name: "Close", exact: true }).last().click();
		await page.getByRole("button", { name: "Add storage" }).click();
		await page.getByLabel("Base storage").selectOption("san");
		await page.getByRole("radio", { name: /tea-cache/ }).waitFor();
		await look("add a storage");
		await page.goto(`${server.url}/storage/san`);
		await rowOf(page, milk).waitFor();
		await look("LUNs");
		await page.goto(`${server.url}/storage/data`);
		await page.getByRole("button", { name: "Create volume" }).click();
		await page.getByLabel("Guest").fill("300");
		await look("create a volume");
		await page.getByLabel("Size", { exact: true }).fill("1");
		await page.getByRole("button", { name: "Create", exact: true }).click();
		await page.getByText(/^Volume data:vm-300-disk-\d was created/).waitFor();
		await page.getByRole("log").waitFor();
		await look("a task");
		await page.getByRole("button", { name: "Done" }).click();
		for (const work of ["Activate on a node", "Grow", "Rename"]) {
			await page.getByRole("button", { name: "More for volume vm-300-disk-0" }).click();
			await page.getByRole("menuitem", { name: work, exact: true }).waitFor();
			if (work === "Grow") await look("the menu of a volume");
			await page.getByRole("menuitem", { name: work, exact: true }).click();
			await page.getByRole("button", { name: "Cancel" }).waitFor();
			await look(work);
			await page.getByRole("button", { name: "Cancel" }).click();
		}
		await choose(page, "volume vm-300-disk-0", "Remove");
		await page.getByLabel("Type vm-300-disk-0 to confirm").waitFor();
		await look("remove a volume");
		expect(found).toEqual([]);
		expect(complaints).toEqual([]);
		await context.close();
	});
});
