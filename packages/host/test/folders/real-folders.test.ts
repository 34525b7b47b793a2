import * as files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { RealFolders } from "../../src/parts.ts";

describe("folders of volumes", () => {
	let root = "";
	let folders: RealFolders;
	beforeEach(async () => {
		root = await files.mkdtemp(join(tmpdir(), "pk-folders-"));
		folders = new RealFolders({ runtime: realRuntime, root });
	});
	afterEach(() => files.rm(root, { recursive: true, force: true }));

	it("tell a missing folder from an empty one", async () => {
		expect(await folders.list("/srv/a", "")).toBeNull();
		await folders.make("/srv/a", "");
		await folders.make("/srv/a", "");
		expect(await folders.list("/srv/a", "")).toEqual([]);
		await expect(folders.space("/srv/b", "")).rejects.toThrow("/srv/b cannot be read: ENOENT");
	});

	it("hold files that take up no room before they are written, and never replace one", async () => {
		await folders.make("/srv", "");
		await folders.create("/srv", "a", 1024 ** 3);
		await expect(folders.create("/srv", "a", 1)).rejects.toThrow("/srv/a already exists");
		await folders.create("/srv", "b", 4096);
		await folders.make("/srv", "other");
		await folders.create("/srv", "other/a", 7);
		for (const taken of ["b", "other/a"])
			await expect(folders.rename("/srv", "a", taken)).rejects.toMatchObject({
				code: "ALREADY_EXISTS",
				message: expect.stringContaining(`/srv/${taken}`),
			});
		expect(await folders.list("/srv", "other")).toMatchObject([{ name: "a", sizeBytes: 7 }]);
		await folders.rename("/srv", "other/a", "d");
		await folders.rename("/srv", "a", "c");
		await folders.grow("/srv", "c", 4096);
		const entries = await folders.list("/srv", "");
		expect(entries?.map(({ name, kind, sizeBytes }) => `${name} ${kind} ${sizeBytes}`)).toEqual([
			"b file 4096",
			`c file ${1024 ** 3}`,
			"d file 7",
			expect.stringMatching(/^other folder/),
		]);
		expect(await folders.remove("/srv", "c")).toBe(true);
		expect(await folders.remove("/srv", "c")).toBe(false);
	});

	it("of dead servers hold two calls, and no further one is begun until one comes back", async () => {
		const answers: (() => void)[] = [];
		const { schedule, end } = timersByHand();
		const open: typeof files.open = async (...asked) => {
			if (answers.length < 2)
				await new Promise((_, reject) => answers.push(() => reject(new Error("the server is back"))));
			return await files.open(...asked);
		};
		const dead = new RealFolders({ runtime: { schedule }, root, deadlineMs: 50, calls: { open } });
		const asked = ["/srv/a", "/srv/a", "/srv/b"].map((folder) => dead.space(folder, ""));
		await expect.poll(() => answers.length).toBe(2);
		end();
		const [first, second, third] = await Promise.allSettled(asked);
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
		await expect(dead.list("/srv/b", "")).rejects.toThrow("while earlier calls to /srv/a and /srv/a hang");
		await expect(dead.list("/srv/a", "images")).rejects.toThrow("an earlier call to it still hangs");
		answers[0]?.();
		await expect.poll(() => dead.list("/srv/b", "").catch(String)).toBeNull();
		answers[1]?.();
	});

	it("are looked at one file after another, and no further than the deadline", async () => {
		await folders.make("/srv", "");
		for (const name of ["a", "b", "c"]) await folders.create("/srv", name, 1);
		const gone = Object.assign(new Error("gone"), { code: "ENOENT" });
		const asked: (() => void)[] = [];
		const lstat = () => new Promise<never>((_, reject) => asked.push(() => reject(gone)));
		const { schedule, end } = timersByHand();
		const dead = new RealFolders({ runtime: { schedule }, root, calls: { lstat } });
		const listed = dead.list("/srv", "");
		await expect.poll(() => asked.length).toBe(1);
		end();
		await expect(listed).rejects.toThrow("no answer within 10 s");
		await expect(dead.list("/srv", "")).rejects.toThrow("an earlier call to it still hangs");
		asked[0]?.();
		await expect.poll(() => dead.space("/srv", "").then(() => "back", String)).toBe("back");
		expect(asked).toHaveLength(1);
		const again = dead.list("/srv", "");
		await expect.poll(() => asked.length).toBe(2);
		end();
		await expect(again).rejects.toThrow("no answer within 10 s");
		asked[1]?.();
	});

	it("are waited for when two are being looked at, and all answered", async () => {
		let most = 0;
		const inside: (() => void)[] = [];
		const slow = async () => {
			const { promise, resolve } = Promise.withResolvers<void>();
			most = Math.max(most, inside.push(resolve));
			await promise;
			throw new Error("no room");
		};
		const busy = new RealFolders({ runtime: realRuntime, root, calls: { open: slow } });
		const asked = Array.from({ length: 9 }, (_, at) => busy.space(`/srv/${at}`, "").catch(String));
		for (let answered = 0; answered < asked.length; answered++) {
			await expect.poll(() => inside.length).toBe(Math.min(2, asked.length - answered));
			// A call that does not wait its turn would get in now.
			for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
			inside.shift()?.();
		}
		expect(new Set((await Promise.all(asked)).map((text) => String(text).replace(/\d/, "N"))).size).toBe(1);
		expect(most).toBe(2);
	});
});

/** Deadlines that end when the test says so: `end` ends all that run. */
function timersByHand() {
	const running = new Set<() => void>();
	return {
		schedule: (_ms: number, end: () => void) => {
			running.add(end);
			return () => void running.delete(end);
		},
		end: () => {
			for (const end of running) end();
		},
	};
}
