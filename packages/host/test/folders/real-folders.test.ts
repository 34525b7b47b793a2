import * as files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RealFolders } from "../../src/index.ts";

describe("folders of volumes", () => {
	let root = "";
	let folders: RealFolders;
	beforeEach(async () => {
		root = await files.mkdtemp(join(tmpdir(), "pk-folders-"));
		folders = new RealFolders({ root });
	});
	afterEach(() => files.rm(root, { recursive: true, force: true }));

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
		await folders.make("/srv/other");
		await folders.create("/srv/other/a", 7);
		for (const taken of ["/srv/b", "/srv/other/a"])
			await expect(folders.rename("/srv/a", taken)).rejects.toMatchObject({
				code: "ALREADY_EXISTS",
				message: expect.stringContaining(taken),
			});
		expect(await folders.list("/srv/other")).toMatchObject([{ name: "a", sizeBytes: 7 }]);
		await folders.rename("/srv/other/a", "/srv/d");
		await folders.rename("/srv/a", "/srv/c");
		await folders.grow("/srv/c", 4096);
		const entries = await folders.list("/srv");
		expect(entries?.map(({ name, kind, sizeBytes }) => `${name} ${kind} ${sizeBytes}`)).toEqual([
			"b file 4096",
			`c file ${1024 ** 3}`,
			"d file 7",
			expect.stringMatching(/^other folder/),
		]);
		expect(await folders.remove("/srv/c")).toBe(true);
		expect(await folders.remove("/srv/c")).toBe(false);
	});

	it("follow no link", async () => {
		await folders.make("/srv");
		await files.writeFile(join(root, "secret"), "secret");
		await files.symlink(join(root, "secret"), join(root, "srv/a.raw"));
		expect((await folders.list("/srv"))?.map(({ kind }) => kind)).toEqual(["other"]);
	});

	it("of dead servers hold two calls, and no further one is begun until one comes back", async () => {
		const answers: (() => void)[] = [];
		const hang = () =>
			new Promise<never>((_, reject) => answers.push(() => reject(new Error("the server is back"))));
		const dead = new RealFolders({ root, deadlineMs: 50, files: { ...files, statfs: hang } });
		const [first, second, third] = await Promise.allSettled(
			["/srv/a", "/srv/a", "/srv/b"].map((folder) => dead.space(folder)),
		);
		const late = {
			status: "rejected",
			reason: { message: expect.stringMatching(/no answer within 0.05 s/) },
		};
		expect([first, second]).toMatchObject([late, late]);
		expect(third).toMatchObject({
			reason: {
				message: "/srv/b cannot be read: it is not looked at while earlier calls to /srv/a and /srv/a hang",
			},
		});
		expect(answers).toHaveLength(2);
		await expect(dead.list("/srv/b")).rejects.toThrow("while earlier calls to /srv/a and /srv/a hang");
		await expect(dead.list("/srv/a")).rejects.toThrow("an earlier call to it still hangs");
		answers[0]?.();
		await expect.poll(() => dead.list("/srv/b").catch(String)).toBeNull();
		answers[1]?.();
	});

	it("are looked at one file after another, and no further than the deadline", async () => {
		await folders.make("/srv");
		for (const name of ["a", "b", "c"]) await folders.create(`/srv/${name}`, 1);
		const gone = Object.assign(new Error("gone"), { code: "ENOENT" });
		const asked: (() => void)[] = [];
		const lstat = () => new Promise<never>((_, reject) => asked.push(() => reject(gone)));
		const dead = new RealFolders({ root, deadlineMs: 50, files: { ...files, lstat } });
		await expect(dead.list("/srv")).rejects.toThrow("no answer within 0.05 s");
		asked[0]?.();
		await expect.poll(() => dead.list("/srv").catch(String)).toMatch(/no answer within/);
		expect(asked).toHaveLength(2);
		asked[1]?.();
	});

	it("are waited for when two are being looked at, and all answered", async () => {
		let inside = 0;
		let most = 0;
		const slow = async () => {
			most = Math.max(most, ++inside);
			await new Promise((resolve) => setTimeout(resolve, 5));
			inside--;
			throw new Error("no room");
		};
		const busy = new RealFolders({ root, files: { ...files, statfs: slow } });
		const asked = Array.from({ length: 9 }, (_, at) => busy.space(`/srv/${at}`).catch(String));
		expect(new Set((await Promise.all(asked)).map((text) => String(text).replace(/\d/, "N"))).size).toBe(1);
		expect(most).toBe(2);
	});
});
