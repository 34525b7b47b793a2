import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { demoParent, demoSocket, makeDemoFolder, removeStaleDemos } from "../../src/demo/demo-folder.ts";
import { type ProcessIdentity, thisProcess } from "../../src/demo/process-identity.ts";
import { TemporaryFolder } from "./demo-process.ts";

const here = thisProcess();
/** A process of this machine that has ended: the number is in use, by one that started at another time. */
const ended: ProcessIdentity = { ...here, start: "1" };

let temporary: TemporaryFolder;
beforeEach(() => {
	temporary = new TemporaryFolder();
});
afterEach(() => temporary[Symbol.dispose]());

const left = (owner: ProcessIdentity = ended) => makeDemoFolder(temporary.path, owner);

describe("a folder that a demo left is removed", () => {
	test("when its process has ended, with all that is in it", async () => {
		const folder = left();
		mkdirSync(join(folder, "simulated/n1/etc"), { recursive: true });
		writeFileSync(join(folder, "simulated/n1/etc/file"), "");
		expect(await removeStaleDemos(temporary.path, here)).toEqual([folder]);
		expect(temporary.names).toEqual([]);
	});

	test("when the machine was started again since", async () => {
		const folder = left({ ...here, boot: "another boot", pidNamespace: "another namespace" });
		expect(await removeStaleDemos(temporary.path, here)).toEqual([folder]);
	});
});

describe("a folder stays", () => {
	const stays = async (folder: string) => {
		expect(await removeStaleDemos(temporary.path, here)).toEqual([]);
		expect(existsSync(folder)).toBe(true);
	};

	test("while its process runs", async () => await stays(left(here)));

	test("when its process counts on another machine or in another namespace", async () => {
		await stays(left({ ...ended, machine: "another", boot: "another boot" }));
		await stays(left({ ...ended, pidNamespace: "pid:[1]" }));
	});

	test("while somebody answers on its socket", async () => {
		const folder = left();
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(demoSocket(folder), resolve));
		await stays(folder);
		await new Promise((resolve) => server.close(resolve));
	});

	test("when it does not say whose it is, or says it unintelligibly", async () => {
		const folder = join(temporary.path, "pathkeeper-demo-abc123");
		mkdirSync(folder, { mode: 0o700 });
		await stays(folder);
		const file = join(folder, "demo-owner.json");
		for (const text of ["", "{", "null", "{}", '{"pathkeeperDemo":1}', JSON.stringify(ended)]) {
			writeFileSync(file, text);
			await stays(folder);
		}
		writeFileSync(file, JSON.stringify({ pathkeeperDemo: 1, ...ended, pid: "1" }));
		await stays(folder);
	});

	test("when it has another name", async () => {
		for (const name of ["pathkeeper-demo-abc1234", "pathkeeper-demo-abc-12", "my-pathkeeper-demo-abc123"]) {
			const folder = join(temporary.path, name);
			renameSync(left(), folder);
			await stays(folder);
		}
	});

	test("when others could have put something into it", async () => {
		const folder = left();
		chmodSync(folder, 0o777);
		await stays(folder);
		chmodSync(folder, 0o700);
		chmodSync(join(folder, "demo-owner.json"), 0o666);
		await stays(folder);
	});

	test("when it is reached over a link", async () => {
		const folder = join(temporary.path, "elsewhere");
		renameSync(left(), folder);
		symlinkSync(folder, join(temporary.path, "pathkeeper-demo-abc123"));
		await stays(folder);
	});

	test.runIf(process.getuid?.() === 0)("when it is another user's", async () => {
		const folder = left();
		chownSync(folder, 65_534, 65_534);
		await stays(folder);
	});
});

test("where temporary files lie so deep that no socket would fit, demos are made in /tmp", () => {
	expect(demoParent("/tmp")).toBe("/tmp");
	expect(demoParent("/run/user/1000")).toBe("/run/user/1000");
	expect(demoParent(`/home/${"deep/".repeat(20)}`)).toBe("/tmp");
});
