import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { hostWith } from "../intercepted-host.ts";
import {
	configFile,
	ledgerFile,
	milk,
	type OneNode,
	oil,
	oneNode,
	overridesFile,
	until,
} from "../one-node.ts";

const wish = `wwid: ${milk}\n\talias milk-run\n`;

/** A node whose first wish is applied, and that is asked for another then. */
async function askedAgain(node: OneNode): Promise<string | null> {
	await node.config(wish);
	await node.applied();
	const before = node.read(configFile);
	await node.config(`${wish}\nwwid: ${oil}\n\talias midnight-oil\n`);
	return before;
}

function settledLedger(node: OneNode): void {
	expect(JSON.parse(node.read(ledgerFile) ?? "null")).toMatchObject({ unfinished: null });
}

describe("when the installed multipath -t objects", () => {
	it("puts the previous files back when it complains about ours", async () => {
		const node = await oneNode();
		const complaining = hostWith(node.host, "tools", "lint", async () => {
			const result = await node.host.tools.lint();
			const complaint = `${configFile} line 12, invalid keyword: alias`;
			return node.read(configFile)?.includes("midnight-oil")
				? { ...result, complaints: [complaint] }
				: result;
		});
		node.startAgent({ host: complaining });
		const before = await askedAgain(node);
		expect(await node.failure()).toContain(`${configFile} line 12, invalid keyword: alias`);
		expect(node.read(configFile)).toBe(before);
		expect(node.listedWwids()).toEqual([milk]);
		settledLedger(node);
	});

	it("does not mind complaints about other people's files", async () => {
		const node = await oneNode();
		node.write("/etc/multipath/conf.d/theirs.conf", "defaults {\n\tpath_grouping_policy nonsense\n}\n");
		const { complaints } = await node.host.tools.lint();
		expect(complaints.join()).toContain("theirs.conf");
		node.startAgent();
		await node.config(wish);
		await node.applied();
		expect(node.read(configFile)).toContain("milk-run");
	});

	it.each(["crash", "hang"] as const)("goes back when our files make it %s", async (how) => {
		const node = await oneNode();
		const failing = hostWith(node.host, "tools", "lint", (_, run) => {
			if (!node.read(configFile)?.includes("midnight-oil")) return run();
			const program = "/usr/sbin/multipath -t";
			return Promise.reject(
				how === "crash"
					? new PathkeeperError("PROCESS_FAILED", { program, problem: "it crashed (SIGFPE)" })
					: new PathkeeperError("PROCESS_DEADLINE", { program, seconds: 5 }),
			);
		});
		node.startAgent({ host: failing });
		const before = await askedAgain(node);
		expect(await node.failure()).toMatch(
			/^multipath -t rejects the new files, so the previous ones were restored/,
		);
		expect(node.read(configFile)).toBe(before);
		settledLedger(node);
	});

	it.each([
		["crashes over", 'defaults {\n\tpartition_delimiter "/"\n}\n'],
		["hangs over", "defaults {\n\tpolling_interval never\n}\n"],
	])(
		"blames the other file of the host that it %s, not ours, and waits until it is mended",
		async (_, text) => {
			const node = await oneNode({ release: "0.15.1" });
			node.startAgent();
			await node.config(wish);
			await node.applied();
			const before = node.read(configFile);
			node.write("/etc/multipath/conf.d/00-theirs.conf", text);
			await node.config(`${wish}\nwwid: ${oil}\n\talias midnight-oil\n`);
			expect(await node.failure()).toMatch(
				/cannot read the configuration of this host even without the new files/,
			);
			expect(node.read(configFile)).toBe(before);
			expect(node.host.daemon.running).toBe(true);
			node.remove("/etc/multipath/conf.d/00-theirs.conf");
			await node.applied();
			expect(node.host.kernel.map(oil)).toBeDefined();
		},
	);

	it("leaves a daemon alone whose main file was broken meanwhile, since telling it would end it", async () => {
		const node = await oneNode({ release: "0.15.1" });
		node.startAgent();
		await node.config(wish);
		await node.applied();
		node.write("/etc/multipath.conf", 'blacklist {\n\twwid "["\n}\n');
		await node.config(`${wish}\nwwid: ${oil}\n`);
		await node.failure();
		await node.rounds("apply", 3);
		expect(node.host.daemon.running).toBe(true);
		expect(node.host.kernel.map(milk)).toBeDefined();
	});

	it("goes back first when what an earlier run left behind keeps the program from telling its version", async () => {
		const node = await oneNode({ release: "0.15.1" });
		const first = node.startAgent();
		await node.config(wish);
		await node.applied();
		await first.stop();
		const before = node.read(configFile);
		// As if it had been killed between writing the file and reading it with multipath -t.
		const ledger = JSON.parse(node.read(ledgerFile) ?? "null");
		const bad = `${before}defaults {\n\tpartition_delimiter "/"\n}\n`;
		const unfinished = {
			previous: { [configFile]: before, [overridesFile]: null },
			startedAt: 1,
			told: false,
		};
		node.write(ledgerFile, JSON.stringify({ ...ledger, files: { [configFile]: bad }, unfinished }));
		node.write(configFile, bad);
		node.startAgent();
		await until(
			() => node.read(configFile) === before,
			() => `${node.read(configFile)}`,
		);
		await node.applied();
		settledLedger(node);
	});
});

describe("a file of our name that is not ours", () => {
	const foreign = "# my own settings\ndefaults {\n\tverbosity 3\n}\n";

	it("is left alone, and nothing is applied", async () => {
		const node = await oneNode();
		node.write(configFile, foreign);
		node.startAgent();
		await node.config(wish);
		expect(await node.failure()).toContain(`${configFile} exists and was not created by Pathkeeper`);
		expect(node.read(configFile)).toBe(foreign);
		expect(node.listedWwids()).toEqual([]);
		node.remove(configFile);
		await node.applied();
	});

	it("is no matter as long as we want no file of that name, and is not adopted by a way back", async () => {
		const node = await oneNode();
		node.write(overridesFile, foreign);
		let objects = false;
		const objecting = hostWith(node.host, "tools", "lint", async () => {
			const result = await node.host.tools.lint();
			return objects ? { ...result, complaints: [`${configFile} line 1, no`] } : result;
		});
		const first = node.startAgent({ host: objecting });
		await node.config(wish);
		await node.applied();
		objects = true;
		await node.config(`${wish}\nwwid: ${oil}\n`);
		await node.failure();
		expect(node.read(ledgerFile)).not.toContain("pathkeeper-overrides.conf");
		objects = false;
		await first.stop();
		node.startAgent();
		await node.applied();
		await node.config("");
		await node.applied();
		expect(node.read(overridesFile)).toBe(foreign);
	});

	it("stays when it was put there while an apply was cut off before it wrote its own", async () => {
		const node = await oneNode();
		const unfinished = { previous: { [configFile]: null, [overridesFile]: null }, startedAt: 1, told: false };
		const files = { [configFile]: "# Generated by Pathkeeper\n" };
		node.write(ledgerFile, JSON.stringify({ format: 1, files, wwids: {}, unfinished, applied: null }));
		node.write(configFile, foreign);
		await node.config(wish);
		node.startAgent();
		expect(await node.failure()).toContain("was not created by Pathkeeper");
		expect(node.read(configFile)).toBe(foreign);
	});
});

describe("a document that was written around the API", () => {
	it.each([
		["multipath.cfg", `wwid: ${milk}\n\talias ../../etc\n`, "line 2, column 8"],
		["multipath.cfg", "wwid: a/b\n\talias x\n", "line 1"],
		["multipath.cfg", "defaults: defaults\n\tpolling-interval 0\n", "line 2"],
		["multipath-overrides.conf", "overrides {\n\tno_path_retry 9\n", "line"],
		["multipath-overrides.conf", 'defaults {\n\tgetuid_callout "/tmp/x"\n}\n', "line 1"],
	] as const)("and is invalid is not applied: %s %j", async (name, text, place) => {
		const node = await oneNode();
		node.startAgent();
		await node.config(wish);
		await node.applied();
		const before = node.read(configFile);
		await node.put(name, text);
		const error = await node.failure();
		expect(error).toContain(name);
		expect(error).toContain(place);
		expect(error).toMatch(/line \d+, column \d+: /);
		expect(node.read(configFile)).toBe(before);
		expect(node.read(overridesFile)).toBeNull();
		expect(node.listedWwids()).toEqual([milk]);
		expect(node.host.kernel.map(milk)).toBeDefined();
	});

	it("and is damaged is no wish either", async () => {
		const node = await oneNode();
		node.startAgent();
		await node.config(wish);
		await node.applied();
		const value = new TextEncoder().encode("not a document");
		await node.store.txn({ writes: [{ op: "put", key: "config/multipath.cfg", value }] });
		expect(await node.failure()).toContain("config/multipath.cfg in the store cannot be read");
		expect(node.read(configFile)).toContain("milk-run");
	});
});

describe("where nothing can be written", () => {
	it("says so and changes nothing when a file stands in the place of the folder", async () => {
		const node = await oneNode();
		execFileSync("rmdir", [node.path("/etc/multipath/conf.d")]);
		node.write("/etc/multipath/conf.d", "");
		node.startAgent();
		await node.config(wish);
		expect(await node.failure()).toMatch(/conf\.d.* was not written: it is not a folder/);
		expect(node.listedWwids()).toEqual([]);
		node.remove("/etc/multipath/conf.d");
		mkdirSync(node.path("/etc/multipath/conf.d"));
		await node.applied();
		expect(node.listedWwids()).toEqual([milk]);
		settledLedger(node);
	});

	it.skipIf(!mayMount())("says so and changes nothing on a read-only file system", async () => {
		const node = await oneNode();
		const folder = node.path("/etc/multipath");
		execFileSync("mount", ["--bind", folder, folder]);
		try {
			execFileSync("mount", ["-o", "remount,ro,bind", folder]);
			node.startAgent();
			await node.config(wish);
			expect(await node.failure()).toMatch(/was not written: the file system is read-only/);
			expect(node.read(configFile)).toBeNull();
			execFileSync("mount", ["-o", "remount,rw,bind", folder]);
			await node.applied();
			expect(node.listedWwids()).toEqual([milk]);
		} finally {
			execFileSync("umount", ["--lazy", folder]);
		}
	});

	it("touches nothing on a host whose ledger cannot be written", async () => {
		const node = await oneNode();
		node.write("/var/lib/pathkeeper/agent", "");
		node.startAgent();
		await node.config(wish);
		expect(await node.failure()).toContain("/var/lib/pathkeeper/agent");
		expect(node.read(configFile)).toBeNull();
		expect(node.listedWwids()).toEqual([]);
	});
});

/** Only root may, and not in every container. */
function mayMount(): boolean {
	try {
		execFileSync("unshare", ["--mount", "true"], { stdio: "ignore" });
		return process.geteuid?.() === 0;
	} catch {
		return false;
	}
}
