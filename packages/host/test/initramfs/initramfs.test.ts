import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { initramfsFinding } from "../../src/initramfs/initramfs.ts";
import { RealInitramfs } from "../../src/initramfs/real-initramfs.ts";
import { ProgramRunner, type RunProgram } from "../../src/process/run.ts";

const wwid = "36001405aabbccdd0000000000000001";
const needed = ["/etc/multipath/conf.d/pathkeeper.conf", "/etc/multipath/wwids"];
const path = "/boot/initrd.img-6.1.0-31-amd64";
const debian = ["sbin/multipath", "etc/multipath.conf", "etc/multipath/bindings", "etc/multipath/wwids"];

describe("a boot image for a root file system on a map", () => {
	it("is well when it has the program and every file", () => {
		const files = new Set([...debian, "etc/multipath/conf.d/pathkeeper.conf"]);
		expect(initramfsFinding({ path, files }, wwid, needed)).toBeNull();
	});

	it("lacks the drop-ins as Debian makes it, and the finding names image, file and way out", () => {
		const finding = initramfsFinding({ path, files: new Set(debian) }, wwid, needed);
		expect(finding).toMatchObject({ code: "initramfs-without-config", severity: "warning", subject: path });
		expect(finding?.text).toContain(wwid);
		expect(finding?.text).toContain("lacks /etc/multipath/conf.d/pathkeeper.conf,");
		expect(finding?.text).toContain("update-initramfs -u");
	});

	it("is fine without drop-ins where there are none to carry", () => {
		expect(initramfsFinding({ path, files: new Set(debian) }, wwid, ["/etc/multipath/wwids"])).toBeNull();
	});

	it("has no multipath at all", () => {
		const files = new Set(["etc/multipath/conf.d/pathkeeper.conf", "etc/multipath/wwids"]);
		expect(initramfsFinding({ path, files }, wwid, needed)?.code).toBe("initramfs-without-multipath");
	});

	it("is not taken for well when nobody knows what is in it", () => {
		const finding = initramfsFinding({ path, files: "lsinitramfs is not installed" }, wwid, needed);
		expect(finding).toMatchObject({ code: "initramfs-unknown", severity: "warning" });
		expect(finding?.text).toContain("lsinitramfs is not installed");
	});
});

describe("reading the image of the running kernel", () => {
	let root: string;
	let runs = 0;
	const { run } = new ProgramRunner({ runtime: realRuntime });
	const counted: RunProgram = (program, args, options) => {
		runs += 1;
		return run(program, args, options);
	};

	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), "initramfs-"));
		runs = 0;
		put("proc/sys/kernel/osrelease", "6.1.0-31-amd64\n");
	});
	afterEach(() => rmSync(root, { recursive: true, force: true }));

	function put(name: string, text: string): void {
		mkdirSync(dirname(join(root, name)), { recursive: true });
		writeFileSync(join(root, name), text);
	}

	function makeImage(files: readonly string[]): void {
		for (const file of files) put(`image/${file}`, "");
		mkdirSync(join(root, "boot"), { recursive: true });
		execFileSync("/bin/sh", ["-c", `find . | cpio --quiet -o -H newc | gzip >${root}${path}`], {
			cwd: join(root, "image"),
		});
	}

	const canList =
		spawnSync("/bin/sh", ["-c", "command -v lsinitramfs && command -v cpio && command -v gzip"]).status === 0;

	it.runIf(canList)("lists it with lsinitramfs, once until it is made anew", async () => {
		const initramfs = new RealInitramfs({ run: counted, root });
		makeImage(debian);
		expect((await initramfs.check(wwid, needed))?.code).toBe("initramfs-without-config");
		expect((await initramfs.check(wwid, needed))?.code).toBe("initramfs-without-config");
		expect(runs).toBe(1);
		makeImage(["etc/multipath/conf.d/pathkeeper.conf"]);
		expect(await initramfs.check(wwid, needed)).toBeNull();
		expect(runs).toBe(2);
	});

	it("tells a missing image", async () => {
		const finding = await new RealInitramfs({ run, root }).check(wwid, needed);
		expect(finding).toMatchObject({ code: "initramfs-unknown", subject: path });
	});

	it.runIf(canList)("tells an image that is none", async () => {
		put(path, "not an image");
		expect((await new RealInitramfs({ run, root }).check(wwid, needed))?.code).toBe("initramfs-unknown");
	});

	it("tells that the program hangs or is missing", async () => {
		put(path, "x");
		const missing: RunProgram = (_, args, options) => run("/no/such/program", args, options);
		const hangs: RunProgram = (_, __, options) => run("sleep", ["60"], { ...options, deadlineMs: 50 });
		expect((await new RealInitramfs({ run: missing, root }).check(wwid, needed))?.text).toContain(
			"not installed",
		);
		expect((await new RealInitramfs({ run: hangs, root }).check(wwid, needed))?.text).toContain(
			"did not finish",
		);
	});
});
