import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RealFolders } from "../../src/index.ts";

describe("folders of volumes", () => {
	let root = "";
	let folders: RealFolders;
	beforeEach(async () => {
		root = await mkdtemp(join(tmpdir(), "pk-folders-"));
		folders = new RealFolders({ root });
	});
	afterEach(() => rm(root, { recursive: true, force: true }));

	it("tell a missing folder from an empty one", async () => {
		expect(await folders.list("/srv/a")).toBeNull();
		await folders.make("/srv/a");
		await folders.make("/srv/a");
		expect(await folders.list("/srv/a")).toEqual([]);
		await expect(folders.space("/srv/b")).rejects.toThrow("/srv/b cannot be read: ENOENT");
	});

	it("hold files that take up no room before they are written, and never replace one", async () => {
		await folders.make("/srv");
		await folders.create("/srv/a", 1024 ** 3);
		await expect(folders.create("/srv/a", 1)).rejects.toThrow("/srv/a already exists");
		await folders.create("/srv/b", 4096);
		await expect(folders.rename("/srv/a", "/srv/b")).rejects.toThrow("EEXIST");
		await folders.rename("/srv/a", "/srv/c");
		await folders.grow("/srv/c", 4096);
		const entries = await folders.list("/srv");
		expect(entries?.map(({ name, kind, sizeBytes }) => `${name} ${kind} ${sizeBytes}`)).toEqual([
			"b file 4096",
			`c file ${1024 ** 3}`,
		]);
		expect(await folders.remove("/srv/c")).toBe(true);
		expect(await folders.remove("/srv/c")).toBe(false);
	});

	it("follow no link", async () => {
		await folders.make("/srv");
		await writeFile(join(root, "secret"), "secret");
		await symlink(join(root, "secret"), join(root, "srv/a.raw"));
		expect((await folders.list("/srv"))?.map(({ kind }) => kind)).toEqual(["other"]);
	});
});
