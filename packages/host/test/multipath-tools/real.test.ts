import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { RealMultipathTools } from "../../src/multipath-tools/real.ts";
import { ProgramRunner } from "../../src/process/run.ts";

const testWwid = "36001405aaaabbbbccccddddeeeeffff0";
const { run } = new ProgramRunner({ runtime: realRuntime });

describe.skipIf(!existsSync("/usr/sbin/multipath") && !existsSync("/sbin/multipath"))(
	"the installed multipath",
	() => {
		const tools = new RealMultipathTools({ run, path: "" });

		test("tells its version", async () => {
			expect(await tools.version()).toMatch(/^\d+\.\d+\.\d+$/);
		});

		test("prints the effective configuration", async () => {
			const { effective } = await tools.lint();
			expect(effective).toMatch(/^defaults \{\n[\s\S]*\n}\n/);
			expect(effective).toContain("polling_interval");
		});
	},
);

describe("a program in multipath's place", () => {
	let folder: string;
	let wwidsFile: string;
	let tools: RealMultipathTools;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "tools-"));
		wwidsFile = join(folder, "wwids");
		tools = new RealMultipathTools({ run, path: `relative:${folder}`, wwidsFile, lintDeadlineMs: 500 });
	});

	afterEach(async () => {
		await rm(folder, { recursive: true });
	});

	async function program(script: string): Promise<void> {
		await writeFile(join(folder, "multipath"), `#!/bin/sh\necho "$@" >> ${folder}/calls\n${script}\n`);
		await chmod(join(folder, "multipath"), 0o755);
	}

	const calls = async (): Promise<string[]> =>
		existsSync(join(folder, "calls"))
			? (await readFile(join(folder, "calls"), "utf8")).trim().split("\n")
			: [];

	test("is asked for its version once, until another one is installed", async () => {
		const help = (version: string) =>
			`echo "12.3 | can't set open fds limit" >&2; echo "multipath-tools v${version} (12/19, 2022)" >&2`;
		await program(help("0.9.4"));
		expect([await tools.version(), await tools.version()]).toEqual(["0.9.4", "0.9.4"]);
		expect(await calls()).toEqual(["-h"]);
		await program(help("0.15.1000"));
		expect(await tools.version()).toBe("0.15.1000");
	});

	test("that does not tell its version is no version of anything", async () => {
		await program(
			"echo '1.2 | /etc/multipath.conf line 2, parsing failed: \twwid \"[\"' >&2; echo '1.2 | error parsing config file' >&2; exit 1",
		);
		await expect(tools.version()).rejects.toMatchObject({
			code: "PROCESS_FAILED",
			message: expect.stringMatching(
				/does not report its version \(exit code 1\): \/etc\/multipath\.conf line 2/,
			),
		});
	});

	test("complains by name of the file", async () => {
		await program(
			"echo '1.2 | /etc/multipath/conf.d/pathkeeper.conf line 5, invalid keyword: x' >&2; echo '1.3 | other' >&2; printf 'defaults {\\n}\\n'",
		);
		expect(await tools.lint()).toEqual({
			complaints: ["/etc/multipath/conf.d/pathkeeper.conf line 5, invalid keyword: x"],
			effective: "defaults {\n}\n",
		});
	});

	test.each([
		["crashes by a division", "kill -FPE $$", /it crashed \(SIGFPE\)/],
		["crashes by a bad address", "kill -SEGV $$", /it crashed \(SIGSEGV\)/],
		["passes on the code of a division crash", "exit 136", /it crashed \(SIGFPE\)/],
		["passes on the code of an address crash", "exit 139", /it crashed \(SIGSEGV\)/],
		[
			"refuses the configuration",
			"echo '1 | error parsing config file' >&2; exit 1",
			/refuses the configuration \(exit code 1\): error parsing/,
		],
		["prints nothing", "true", /printed no configuration/],
	])("that %s has not linted", async (_, script, message) => {
		await program(script);
		await expect(tools.lint()).rejects.toMatchObject({
			code: "PROCESS_FAILED",
			message: expect.stringMatching(message),
		});
	});

	test("that hangs in its parser is killed", async () => {
		await program("while :; do sleep 600; done");
		await expect(tools.lint()).rejects.toMatchObject({ code: "PROCESS_DEADLINE" });
	});

	test("adds a WWID once, and takes it out once", async () => {
		await program(
			`case $1 in -a) echo "/$2/" >> ${wwidsFile};; -w) sed -i "s,^/$2/,#$2/," ${wwidsFile};; esac`,
		);
		await tools.removeWwid(testWwid);
		await tools.addWwid(testWwid);
		await tools.addWwid(testWwid);
		expect(await tools.listedWwids()).toEqual([testWwid]);
		await tools.removeWwid(testWwid);
		await tools.removeWwid(testWwid);
		expect(await tools.listedWwids()).toEqual([]);
		expect(await calls()).toEqual([`-a ${testWwid}`, `-w ${testWwid}`]);
	});

	test("that silently adds nothing, as for an excluded WWID, is found out", async () => {
		for (const code of [0, 1]) {
			await program(`exit ${code}`);
			await expect(tools.addWwid(testWwid)).rejects.toMatchObject({
				code: "PROCESS_FAILED",
				message: expect.stringMatching(/does not list it; a rule of the configuration may exclude it/),
			});
		}
	});

	test("that leaves the WWID listed has not removed it", async () => {
		await writeFile(wwidsFile, `/${testWwid}/\n`);
		await program("true");
		await expect(tools.removeWwid(testWwid)).rejects.toThrow(/still lists it/);
	});

	test("is never run with something else than a WWID", async () => {
		await program(`echo "/$2/" >> ${wwidsFile}`);
		for (const wwid of ["-F", "8:0", "a b", ""]) {
			await expect(tools.addWwid(wwid)).rejects.toMatchObject({ code: "WWID_INVALID" });
			await expect(tools.removeWwid(wwid)).rejects.toMatchObject({ code: "WWID_INVALID" });
		}
		expect(await calls()).toEqual([]);
	});

	test("does not wait for a pipe in place of the wwids file", async () => {
		spawnSync("mkfifo", [wwidsFile]);
		await expect(tools.listedWwids()).rejects.toMatchObject({
			code: "FILE_UNREADABLE",
			message: expect.stringContaining("it is a pipe"),
		});
	});

	test("without a wwids file lists nothing, with an unreadable one fails", async () => {
		expect(await tools.listedWwids()).toEqual([]);
		const unreadable = new RealMultipathTools({ run, path: folder, wwidsFile: folder });
		await expect(unreadable.listedWwids()).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
	});
});
