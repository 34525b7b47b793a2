import { spawn, spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PathkeeperError } from "@pathkeeper/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { isRunnable } from "../../src/process/is-runnable.ts";
import { KernelReader } from "../../src/sysfs/kernel-reader.ts";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kernel-reader-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

/** A file that hangs whoever opens it, until it is killed. */
function hanging(name: string): string {
	const path = join(folder, name);
	spawnSync("mkfifo", [path]);
	return path;
}

describe("reading many files", () => {
	it("gives each its text without the last line end, whatever is in it", async () => {
		const texts = {
			plain: "running\n",
			bare: "running",
			lines: "a\n\nb\n\n",
			blank: "\n",
			colon: "x:y=z - /w\n",
			bytes: "a\0b\n",
		};
		const files = Object.entries(texts).map(([name, text]) => file(name, text));
		const read = await new KernelReader({ runtime: realRuntime }).texts(files);
		expect(files.map((path) => read.get(path))).toEqual([
			"running",
			"running",
			"a\n\nb\n",
			"",
			"x:y=z - /w",
			"a\0b",
		]);
		expect(read.stuck.size).toBe(0);
	});

	it("leaves out what is missing, empty or a folder", async () => {
		mkdirSync(join(folder, "sub"));
		const read = await new KernelReader({ runtime: realRuntime }).texts([
			join(folder, "none"),
			file("empty", ""),
			join(folder, "sub"),
		]);
		expect(read.get(join(folder, "none"))).toBeUndefined();
		expect(read.get(join(folder, "empty"))).toBeUndefined();
		expect(read.get(join(folder, "sub"))).toBeUndefined();
	});

	it("reads more files than one command line can name", async () => {
		file("size", "2097152\n");
		// One file under 20,000 names of up to 350 characters: 4 MB of arguments.
		const files = Array.from({ length: 20_000 }, (_, i) => {
			const detour = i.toString(2).replace(/0/g, "./").replace(/1/g, "././");
			return `${folder}/${"./".repeat(140)}${detour}${"/".repeat(i % 7)}size`;
		});
		const read = await new KernelReader({ runtime: realRuntime, stallMs: 10_000 }).texts(files);
		expect(files.every((name) => read.get(name) === "2097152")).toBe(true);
	});

	it("starts nothing for no files", async () => {
		expect((await new KernelReader({ runtime: realRuntime }).texts([])).get("/x")).toBeUndefined();
	});
});

describe("a file that hangs", () => {
	it("is told as stuck, and the files around it are read", async () => {
		const files = [
			file("a", "1\n"),
			join(folder, "missing"),
			hanging("b"),
			join(folder, "missing too"),
			file("c", "3\n"),
			hanging("d"),
			file("e", "5\n"),
		];
		const read = await new KernelReader({ runtime: realRuntime, stallMs: 200 }).texts(files);
		expect(files.map((path) => read.get(path))).toEqual([
			"1",
			undefined,
			undefined,
			undefined,
			"3",
			undefined,
			"5",
		]);
		expect([...read.stuck]).toEqual([join(folder, "b"), join(folder, "d")]);
	});

	it("is not asked again before a minute has passed, and asked again after it", async () => {
		let now = 0;
		const reader = new KernelReader({ runtime: { ...realRuntime, monotonic: () => now }, stallMs: 200 });
		const path = hanging("x");
		await reader.texts([path]);
		expect(reader.stuck).toEqual([path]);
		rmSync(path);
		file("x", "well\n");
		// Takes as long as the end of the killed child takes to be noticed.
		await reader.texts([file("other", "")]);
		now = 59_000;
		const early = await reader.texts([path]);
		expect(early.get(path)).toBeUndefined();
		expect([...early.stuck]).toEqual([path]);
		now = 61_000;
		expect((await reader.texts([path])).get(path)).toBe("well");
		expect(reader.stuck).toEqual([]);
	});

	it("makes the rest unknown after three of them, so that one look has an end", async () => {
		const files = ["a", "b", "c", "d"].map(hanging);
		const read = await new KernelReader({ runtime: realRuntime, stallMs: 100 }).texts([
			...files,
			file("e", "5\n"),
		]);
		expect(read.stuck).toEqual(new Set([...files, join(folder, "e")]));
	});

	it("ends reading with an error when too many hang, for then nothing can be said", async () => {
		const reader = new KernelReader({ runtime: realRuntime, stallMs: 50 });
		const files = Array.from({ length: 9 }, (_, i) => hanging(`x${i}`));
		for (const path of files.slice(0, 8)) await reader.texts([path]);
		await expect(reader.texts([files[8] ?? ""])).rejects.toMatchObject({ code: "PROCESS_DEADLINE" });
	});
});

describe("a reading child that is silent because the host is busy", () => {
	it("is waited for, and its file is not called stuck", async () => {
		const path = hanging("x");
		let asked = 0;
		const isRunnable = () => {
			asked += 1;
			if (asked === 2) writeFileSync(path, "late\n");
			return true;
		};
		const read = await new KernelReader({ runtime: realRuntime, stallMs: 100, isRunnable }).texts([
			path,
			file("y", "y\n"),
		]);
		expect(asked).toBeGreaterThanOrEqual(2);
		expect([read.get(path), read.get(join(folder, "y"))]).toEqual(["late", "y"]);
		expect(read.stuck.size).toBe(0);
	});

	it("is left after ten such silences, for it may spin in a driver", async () => {
		const path = hanging("x");
		const read = await new KernelReader({ runtime: realRuntime, stallMs: 20, isRunnable: () => true }).texts([
			path,
		]);
		expect([...read.stuck]).toEqual([path]);
	});

	it("is told from one that sleeps", async () => {
		const child = spawn("sleep", ["60"]);
		try {
			await expect.poll(() => isRunnable(child.pid ?? 0)).toBe(false);
			expect(isRunnable(process.pid)).toBe(true);
		} finally {
			child.kill();
		}
		expect(isRunnable(2 ** 30)).toBe(false);
	});
});

describe("a reading child that somebody kills", () => {
	it("has told half of it, which is an error and no result", async () => {
		const asked = new KernelReader({ runtime: realRuntime, stallMs: 15_000 }).texts([
			file("a", "1\n"),
			hanging("x"),
		]);
		const outcome = asked.then(
			() => "a result",
			(error: unknown) => (error instanceof PathkeeperError ? error.message : "another error"),
		);
		await expect.poll(childReading).not.toBeNull();
		const pid = childReading();
		if (pid === null) throw new Error("the child ended by itself");
		process.kill(pid, "SIGTERM");
		expect(await outcome).toBe("grep failed: it was killed (SIGTERM)");
	});

	/** Pid of the `grep` that this process has started, while it is there. */
	function childReading(): number | null {
		for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
			try {
				const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
				if (/^\d+ \(grep\) [^ZX] /.test(stat) && stat.split(" ")[3] === String(process.pid))
					return Number(pid);
			} catch {
				// It has ended between the two looks.
			}
		}
		return null;
	}
});

describe("listing folders", () => {
	it("gives the names in each, also through a link to the folder, and none for a missing one", async () => {
		mkdirSync(join(folder, "real/slaves"), { recursive: true });
		symlinkSync("real", join(folder, "link"));
		symlinkSync("/nowhere", join(folder, "real/slaves/sda"));
		file("real/slaves/sd b", "");
		const linked = join(folder, "link/slaves");
		const found = await new KernelReader({ runtime: realRuntime }).entries([linked, join(folder, "none")]);
		expect([...(found.get(linked) ?? [])].sort()).toEqual(["sd b", "sda"]);
		expect(found.get(join(folder, "none"))).toEqual([]);
	});

	it("gives where links lead, and passes over what is no link", async () => {
		symlinkSync("../devices/pci0000:00/host2", join(folder, "sda"));
		file("plain", "");
		expect([...(await new KernelReader({ runtime: realRuntime }).links(folder))]).toEqual([
			["sda", "../devices/pci0000:00/host2"],
		]);
	});

	it("lists this machine's own disks", async () => {
		const disks = await new KernelReader({ runtime: realRuntime }).links("/sys/block");
		for (const target of disks.values()) expect(target).toMatch(/^\.\.\/devices\//);
	});
});
