import { execFile } from "node:child_process";
import * as files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { type FileCalls, systemCalls } from "../../src/folders/file-calls.ts";
import { RealFolders } from "../../src/parts.ts";

const run = promisify(execFile);
const storage = "/srv/volumes";
const image = "images/100/vm-100-disk-0.raw";

/** A storage with one image, and a folder beside it that nobody may reach through it. */
async function freshTree(base: string): Promise<string> {
	const root = await files.mkdtemp(join(base, "t-"));
	await files.mkdir(join(root, storage, "images/100"), { recursive: true });
	await files.writeFile(join(root, storage, image), "image");
	await files.mkdir(join(root, "private/100"), { recursive: true });
	for (const folder of ["private", "private/100"])
		for (const name of ["vm-100-disk-0.raw", "only-there"])
			await files.writeFile(join(root, folder, name), "secret");
	return root;
}

async function privateFiles(root: string): Promise<unknown> {
	const names = await files.readdir(join(root, "private"), { recursive: true });
	const texts = names.sort().map(async (name) => {
		const path = join(root, "private", name);
		return [name, (await files.stat(path)).isFile() ? await files.readFile(path, "utf8") : null];
	});
	return await Promise.all(texts);
}

/** What the owner of the storage's folder does while root works in it. */
const swaps: Readonly<Record<string, (root: string) => Promise<void>>> = {
	"the folder of the guest becomes a link": (root) => toLink(root, "images/100", "private/100"),
	"the folder of images becomes a link": (root) => toLink(root, "images", "private"),
	"the image becomes a link": (root) => toLink(root, image, "private/100/vm-100-disk-0.raw"),
	"the image becomes a hard link": async (root) => {
		await files.rm(join(root, storage, image), { force: true });
		await files.link(join(root, "private/100/vm-100-disk-0.raw"), join(root, storage, image));
	},
	"the new name becomes a link": async (root) => {
		const target = join(root, storage, "images/101/vm-101-disk-0.raw");
		await files.mkdir(join(root, storage, "images/101"), { recursive: true });
		await files.rm(target, { force: true });
		await files.symlink(join(root, "private/new"), target);
	},
	"the image becomes a pipe": async (root) => {
		await files.rm(join(root, storage, image), { force: true });
		await run("mkfifo", [join(root, storage, image)]);
	},
};

async function toLink(root: string, inside: string, target: string): Promise<void> {
	const path = join(root, storage, inside);
	await files.rename(path, `${path}.away`).catch(() => undefined);
	await files.rm(path, { recursive: true, force: true });
	await files.symlink(join(root, target), path);
}

const works: Readonly<Record<string, (folders: RealFolders) => Promise<unknown>>> = {
	"a list": (folders) => folders.list(storage, "images/100"),
	"a new file": (folders) => folders.create(storage, "images/100/vm-100-disk-1.raw", 4096),
	"a new folder": (folders) => folders.make(storage, "images/101"),
	growth: (folders) => folders.grow(storage, image, 4096),
	"another name": async (folders) => {
		await folders.make(storage, "images/101");
		await folders.rename(storage, image, "images/101/vm-101-disk-0.raw");
	},
	removal: (folders) => folders.remove(storage, image),
};

function workOf(name: string): (folders: RealFolders) => Promise<unknown> {
	const work = works[name];
	if (work === undefined) throw new Error(`no work '${name}'`);
	return work;
}

/** The calls of the system with something before or behind each of them. */
function hookedCalls({
	before = () => Promise.resolve(),
	after = () => Promise.resolve(),
}: {
	readonly before?: () => Promise<void>;
	readonly after?: () => Promise<void>;
}): FileCalls {
	const hooked =
		<A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
		async (...given: A): Promise<R> => {
			await before();
			try {
				return await call(...given);
			} finally {
				await after();
			}
		};
	return {
		link: hooked(systemCalls.link),
		lstat: hooked(systemCalls.lstat),
		mkdir: hooked(systemCalls.mkdir),
		open: hooked(systemCalls.open),
		readdir: hooked(systemCalls.readdir),
		readlink: hooked(systemCalls.readlink),
		statfs: hooked(systemCalls.statfs),
		unlink: hooked(systemCalls.unlink),
	};
}

describe("work in a folder of somebody else", () => {
	const base = files.mkdtemp(join(tmpdir(), "pk-swapped-"));
	afterAll(async () => files.rm(await base, { recursive: true, force: true }));

	const cases = Object.keys(works).flatMap((work) => Object.keys(swaps).map((swap) => [work, swap] as const));
	it.each(cases)("stays in it: %s, while %s", async (workName, swapName) => {
		let ended = false;
		for (let at = 0; !ended; at++) {
			const root = await freshTree(await base);
			const before = await privateFiles(root);
			let asked = 0;
			// One round for each call of the system: what is swapped is swapped right before that call.
			const swapInTime = async () => {
				if (asked++ === at) await swaps[swapName]?.(root);
			};
			const calls = hookedCalls({ before: swapInTime });
			const folders = new RealFolders({ runtime: realRuntime, root, calls });
			const result = await workOf(workName)(folders).catch(String);
			expect(await privateFiles(root)).toEqual(before);
			expect(JSON.stringify(result ?? null)).not.toContain("only-there");
			ended = asked <= at;
		}
	});

	it("refuses what is no regular file with one name", async () => {
		const root = await freshTree(await base);
		const folders = new RealFolders({ runtime: realRuntime, root });
		const folder = join(root, storage, "images/100");
		await run("mkfifo", [join(folder, "pipe")]);
		await files.link(join(root, "private/only-there"), join(folder, "linked"));
		await files.symlink(join(root, "private/only-there"), join(folder, "link"));
		await files.mkdir(join(folder, "folder"));
		await files.symlink("../101", join(root, storage, "images/102"));
		if (process.geteuid?.() === 0) await run("mknod", [join(folder, "device"), "c", "1", "3"]);
		const names = await files.readdir(folder);
		expect((await folders.list(storage, "images/100"))?.map(({ name, kind }) => `${name} ${kind}`)).toEqual(
			names.sort().map((name) => {
				if (name === "folder") return "folder folder";
				return `${name} ${name.endsWith(".raw") ? "file" : "other"}`;
			}),
		);
		for (const name of names.filter((each) => !each.endsWith(".raw"))) {
			const unsafe = { code: "FOLDER_UNSAFE" };
			await expect(folders.grow(storage, `images/100/${name}`, 4096)).rejects.toMatchObject(unsafe);
			await expect(folders.remove(storage, `images/100/${name}`)).rejects.toMatchObject(unsafe);
			await expect(folders.rename(storage, `images/100/${name}`, "new")).rejects.toMatchObject(unsafe);
		}
		const linked = "it is a symbolic link (to ../101)";
		await expect(folders.list(storage, "images/102")).rejects.toThrow(linked);
		await expect(folders.make(storage, "images/102")).rejects.toThrow(linked);
		for (const outside of ["..", "images/../../../private", "./images"])
			await expect(folders.list(storage, outside)).rejects.toMatchObject({ code: "FOLDER_UNSAFE" });
		expect((await files.readdir(folder)).sort()).toEqual(names.sort());
	});

	it("needs folders above it that only root may change", async () => {
		const root = await freshTree(await base);
		const folders = new RealFolders({ runtime: realRuntime, root });
		const above = join(root, "srv");
		for (const mode of [0o777, 0o1777, 0o757]) {
			await files.chmod(above, mode);
			await expect(folders.list(storage, "")).rejects.toThrow(
				"/srv/volumes is not used: /srv above it is writable for everybody",
			);
		}
		await files.chmod(above, 0o755);
		// The folder itself may be anybody's.
		await files.chmod(join(root, storage), 0o777);
		expect(await folders.list(storage, "")).toMatchObject([{ name: "images" }]);
		if (process.geteuid?.() !== 0) return;
		await files.chown(join(root, storage), 1000, 1000);
		expect(await folders.list(storage, "")).toMatchObject([{ name: "images" }]);
		await files.chown(above, 1000, 0);
		await expect(folders.make(storage, "x")).rejects.toThrow("/srv above it belongs to user 1000");
		await files.chown(above, 0, 1000);
		await files.chmod(above, 0o775);
		await expect(folders.space(storage, "")).rejects.toThrow("/srv above it is writable for group 1000");
	});

	it("goes over links that root put above it", async () => {
		const root = await freshTree(await base);
		const folders = new RealFolders({ runtime: realRuntime, root });
		await files.symlink("srv", join(root, "absolute"));
		await files.symlink("/absolute/../srv/volumes", join(root, "link"));
		expect(await folders.list("/link", "images")).toMatchObject([{ name: "100" }]);
		await folders.make("/absolute/new/below", "");
		expect(await files.readdir(join(root, "srv/new"))).toEqual(["below"]);
		await files.symlink("circle", join(root, "circle"));
		await expect(folders.list("/circle", "")).rejects.toThrow("leads over more than 40 links");
		await files.symlink("/etc/x", join(root, "system"));
		await files.mkdir(join(root, "etc"));
		await expect(folders.make("/system", "")).rejects.toThrow("is a system folder");
		expect(await files.readdir(join(root, "etc"))).toEqual([]);
		for (const path of ["/etc", "/etc/pathkeeper/x", "/", "/var/lib", "/usr/local/x", "/boot/"])
			await expect(folders.make(path, "")).rejects.toThrow("is a system folder");
	});
});

describe("work whose deadline is over", () => {
	const base = files.mkdtemp(join(tmpdir(), "pk-late-"));
	afterAll(async () => files.rm(await base, { recursive: true, force: true }));

	/** Names and sizes of the files of the storage. */
	const volumes = async (root: string) => {
		const names = await files.readdir(join(root, storage), { recursive: true });
		const found = names
			.sort()
			.map(async (name) => ({ name, stat: await files.stat(join(root, storage, name)) }));
		return (await Promise.all(found)).flatMap(({ name, stat }) => (stat.isFile() ? [[name, stat.size]] : []));
	};

	it.each(Object.keys(works))("leaves nothing half-done: %s", async (workName) => {
		const work = workOf(workName);
		const whole = await freshTree(await base);
		const before = await volumes(whole);
		await work(new RealFolders({ runtime: realRuntime, root: whole }));
		const after = await volumes(whole);
		let ended = false;
		for (let at = 0; !ended; at++) {
			const root = await freshTree(await base);
			let asked = 0;
			let giveUp = (): void => undefined;
			const calls = hookedCalls({
				after: async () => {
					if (asked++ !== at) return;
					giveUp();
					await new Promise((resolve) => setImmediate(resolve));
				},
			});
			const schedule = (_ms: number, end: () => void) => {
				giveUp = end;
				return () => undefined;
			};
			const folders = new RealFolders({ runtime: { schedule }, root, calls });
			const outcome = await work(folders).then(() => "done", String);
			ended = asked <= at;
			if (!ended) expect(outcome).toMatch(/no answer within 10 s/);
			// Its call has come back when the next one is let in.
			await expect.poll(() => folders.space(storage, "").then(() => "back", String)).toBe("back");
			expect([before, after]).toContainEqual(await volumes(root));
		}
	});
});
