import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chmodSync,
	chownSync,
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { RootedFiles } from "../../src/files/rooted-files.ts";
import { killPoints } from "./kill-points.ts";
import { wholeTexts } from "./whole-texts.ts";

const conf = "/etc/multipath/conf.d/pathkeeper.conf";
const isRoot = process.geteuid?.() === 0;
let root: string;
let files: RootedFiles;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "rooted-files-"));
	files = new RootedFiles(realRuntime, root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): string {
	const full = join(root, path);
	mkdirSync(join(full, ".."), { recursive: true });
	writeFileSync(full, text);
	return full;
}

describe("replacing a file", () => {
	it("makes missing folders and the file, readable by all and writable by us", async () => {
		await files.replace(conf, "defaults {\n}\n");
		expect(readFileSync(join(root, conf), "utf8")).toBe("defaults {\n}\n");
		expect(statSync(join(root, conf)).mode & 0o7777).toBe(0o644);
		expect(statSync(join(root, "etc/multipath")).mode & 0o7777).toBe(0o755);
	});

	it("gives exactly the mode asked for, whatever the umask", async () => {
		const before = process.umask(0o077);
		try {
			await files.replace(conf, "x", { mode: 0o664 });
		} finally {
			process.umask(before);
		}
		expect(statSync(join(root, conf)).mode & 0o7777).toBe(0o664);
	});

	it("takes the name and leaves a hard link of the old text alone", async () => {
		const old = put(conf, "old");
		linkSync(old, join(root, "other"));
		await files.replace(conf, "new");
		expect(readFileSync(join(root, "other"), "utf8")).toBe("old");
	});

	it("leaves no temp file behind", async () => {
		await files.replace(conf, "x");
		expect(readdirSync(join(root, "etc/multipath/conf.d"))).toEqual(["pathkeeper.conf"]);
	});

	it("brings replaces of one file out in the order they were asked for", async () => {
		await Promise.all(Array.from({ length: 20 }, (_, i) => files.replace(conf, `text ${i}`)));
		expect(await files.read(conf)).toBe("text 19");
	});

	it.each(["etc/multipath/conf.d/pathkeeper.conf", "/", "/etc/../etc/x", "/etc/.", "/etc/x\0y"])(
		"refuses the path %j",
		async (path) => {
			await expect(files.replace(path, "x")).rejects.toMatchObject({ code: "FILE_UNSAFE" });
		},
	);
});

describe("what stands at the name is never followed", () => {
	it("refuses a symbolic link and leaves its target alone", async () => {
		const target = put("/etc/shadow", "secret");
		mkdirSync(join(root, "etc/multipath/conf.d"), { recursive: true });
		symlinkSync(target, join(root, conf));
		await expect(files.replace(conf, "x")).rejects.toThrow(/conf was not written: it is a symbolic link/);
		await expect(files.remove(conf)).rejects.toMatchObject({ code: "FILE_UNSAFE" });
		expect(readFileSync(target, "utf8")).toBe("secret");
		expect(readlinkSync(join(root, conf))).toBe(target);
	});

	it("refuses a dangling link as well", async () => {
		mkdirSync(join(root, "etc/multipath/conf.d"), { recursive: true });
		symlinkSync("/nowhere", join(root, conf));
		await expect(files.replace(conf, "x")).rejects.toThrow(/symbolic link/);
	});

	it("refuses a link on the way, and names the link and where it leads", async () => {
		mkdirSync(join(root, "elsewhere"));
		mkdirSync(join(root, "etc"));
		symlinkSync("../elsewhere", join(root, "etc/multipath"));
		await expect(files.replace(conf, "x")).rejects.toThrow(
			"/etc/multipath was not written: it is a symbolic link (to ../elsewhere), and links are not followed",
		);
		expect(readdirSync(join(root, "elsewhere"))).toEqual([]);
		await expect(files.remove(conf)).rejects.toMatchObject({ code: "FILE_UNSAFE" });
	});

	it("never writes behind a link while somebody swaps folder and link all the time", async () => {
		// In memory where possible: the race is one of names, and waiting for a disk only makes it rarer.
		const place = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "rooted-files-"));
		mkdirSync(join(place, "elsewhere"));
		mkdirSync(join(place, "etc/multipath/conf.d"), { recursive: true });
		const swaps = "mv -T conf.d real; ln -sT ../../elsewhere conf.d; rm -rf conf.d; mv -T real conf.d";
		const swapper = spawn("/bin/sh", ["-c", `while :; do ${swaps}; done`], {
			cwd: join(place, "etc/multipath"),
			stdio: "ignore",
		});
		const racing = new RootedFiles(realRuntime, place);
		let written = 0;
		let refused = 0;
		try {
			while (written === 0 || refused === 0 || written + refused < 200) {
				await racing.replace(conf, "x").then(
					() => written++,
					() => refused++,
				);
			}
			expect(readdirSync(join(place, "elsewhere"))).toEqual([]);
		} finally {
			swapper.kill("SIGKILL");
			await once(swapper, "exit");
			rmSync(place, { recursive: true, force: true });
		}
	});

	it("refuses a folder, and a pipe", async () => {
		mkdirSync(join(root, conf), { recursive: true });
		await expect(files.replace(conf, "x")).rejects.toThrow(/it is a folder, not a regular file/);
		await expect(files.remove(conf)).rejects.toThrow(/it is a folder/);
		spawnSync("mkfifo", [join(root, "pipe")]);
		await expect(files.replace("/pipe", "x")).rejects.toThrow(/it is a pipe, not a regular file/);
	});

	it("refuses when a part of the path is a file", async () => {
		put("/etc/multipath", "");
		await expect(files.replace(conf, "x")).rejects.toThrow(
			"/etc/multipath was not written: it is not a folder",
		);
	});

	it.runIf(isRoot)("refuses a file or a folder of another user", async () => {
		const full = put(conf, "theirs");
		chownSync(full, 12345, 12345);
		await expect(files.replace(conf, "x")).rejects.toThrow(/conf was not written: it belongs to user 12345/);
		await expect(files.remove(conf)).rejects.toThrow(/belongs to user 12345/);
		chownSync(full, 0, 0);
		chownSync(join(root, "etc/multipath"), 12345, 12345);
		await expect(files.replace(conf, "x")).rejects.toThrow(/the folder belongs to user 12345/);
		expect(readFileSync(full, "utf8")).toBe("theirs");
	});

	it.skipIf(isRoot)("refuses a file of root when we are not root", async () => {
		await expect(new RootedFiles(realRuntime, "/").replace("/etc/passwd", "x")).rejects.toThrow(
			/belongs to user 0/,
		);
	});

	it("refuses a folder in which everybody may change names", async () => {
		mkdirSync(join(root, "etc"));
		chmodSync(join(root, "etc"), 0o777);
		await expect(files.replace("/etc/x", "x")).rejects.toThrow(/everybody may change names/);
	});
});

describe("a file system that cannot take the text", () => {
	const mountPoint = (): string => {
		const at = join(root, "small");
		mkdirSync(at);
		return at;
	};

	it.runIf(isRoot)("says that no space is left, and keeps the old text", async () => {
		const at = mountPoint();
		const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", at]);
		expect(mount.stderr.toString()).toBe("");
		try {
			await files.replace("/small/x", "old");
			await expect(files.replace("/small/x", "y".repeat(200_000))).rejects.toThrow(
				"/small/x was not written: no space is left on the file system",
			);
			expect(await files.read("/small/x")).toBe("old");
			expect(await files.list("/small")).toEqual(["x"]);
		} finally {
			spawnSync("umount", [at]);
		}
	});

	it.runIf(isRoot)("says that the file system is read-only", async () => {
		const at = mountPoint();
		const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", at]);
		expect(mount.stderr.toString()).toBe("");
		try {
			await expect(files.replace("/small/x", "y")).rejects.toThrow(/the file system is read-only/);
		} finally {
			spawnSync("umount", [at]);
		}
	});
});

describe("a writer that is killed", { timeout: 300_000 }, () => {
	it.each(killPoints)(
		"leaves the old or the new text whole, and no litter for longer than the next replace: %s",
		async (point) => {
			const writer = fileURLToPath(new URL("killed-writer.ts", import.meta.url));
			const child = spawn(process.execPath, [writer, root, point], {
				stdio: ["ignore", "ignore", "inherit"],
			});
			expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
			const isReplaced = point === "after the rename";
			expect(readFileSync(join(root, conf), "utf8") === wholeTexts[isReplaced ? 1 : 0]).toBe(true);
			const folder = join(root, "etc/multipath/conf.d");
			expect(readdirSync(folder)).toHaveLength(isReplaced ? 1 : 2);
			await files.replace(conf, "after");
			expect(readdirSync(folder)).toEqual(["pathkeeper.conf"]);
		},
	);

	it("has only its own temp files taken away, by exact name", async () => {
		const others = [
			".pathkeeper.conf.swp",
			".x.pathkeeper-1-zz.tmp",
			"x.pathkeeper-999999999-0123456789abcdef.tmp",
			".x.pathkeeper-999999999-0123456789abcdef.tmp.bak",
			// Its writer (this machine's first process) is alive.
			".x.pathkeeper-1-0123456789abcdef.tmp",
		];
		for (const name of others) put(`/etc/${name}`, "");
		put("/etc/.x.pathkeeper-999999999-0123456789abcdef.tmp", "");
		mkdirSync(join(root, "etc/.d.pathkeeper-999999999-0123456789abcdef.tmp"));
		await files.replace("/etc/x", "x");
		expect(await files.list("/etc")).toEqual(
			[...others, ".d.pathkeeper-999999999-0123456789abcdef.tmp", "x"].sort(),
		);
	});

	it("has its temp file taken away after an hour even when its pid lives on as somebody else", async () => {
		const old = put("/etc/.x.pathkeeper-1-0123456789abcdef.tmp", "");
		utimesSync(old, new Date(0), new Date(0));
		await files.replace("/etc/x", "x");
		expect(existsSync(old)).toBe(false);
	});
});

describe("reading, listing and removing", () => {
	it("tells a missing file from an empty one", async () => {
		put("/etc/empty", "");
		expect(await files.read("/etc/empty")).toBe("");
		expect(await files.read("/etc/none")).toBeNull();
		expect(await files.read("/etc/empty/below")).toBeNull();
	});

	it("reads through a link inside the machine, as /etc/os-release is one", async () => {
		put("/usr/lib/os-release", "ID=debian\n");
		mkdirSync(join(root, "etc"));
		symlinkSync("../usr/lib/os-release", join(root, "etc/os-release"));
		expect(await files.read("/etc/os-release")).toBe("ID=debian\n");
	});

	it("does not open a pipe, a device or a folder, and says what it is", async () => {
		spawnSync("mkfifo", [join(root, "pipe")]);
		mkdirSync(join(root, "etc"));
		await expect(files.read("/pipe")).rejects.toThrow("/pipe cannot be read: it is a pipe");
		await expect(files.read("/etc")).rejects.toThrow("/etc cannot be read: it is a folder");
		await expect(new RootedFiles(realRuntime, "/").read("/dev/zero")).rejects.toThrow(
			"/dev/zero cannot be read: it is a device",
		);
	});

	it("lists names bytewise, and nothing for a folder that is not there", async () => {
		for (const name of ["b", "a", "Z", "é", "10", "9"]) put(`/d/${name}`, "");
		expect(await files.list("/d")).toEqual(["10", "9", "Z", "a", "b", "é"]);
		expect(await files.list("/none")).toEqual([]);
	});

	it("removes a file once", async () => {
		put(conf, "x");
		expect(await files.remove(conf)).toBe(true);
		expect(await files.remove(conf)).toBe(false);
		expect(await files.remove("/no/such/folder/x")).toBe(false);
		expect(existsSync(join(root, "no"))).toBe(false);
		expect(lstatSync(join(root, "etc/multipath/conf.d")).isDirectory()).toBe(true);
	});

	it("reads /proc, whose files claim to have no length", async () => {
		expect(await new RootedFiles(realRuntime, "/").read("/proc/self/mountinfo")).toContain(" / ");
	});
});
