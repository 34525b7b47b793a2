import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeConfig } from "@pathkeeper/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { type ConsoleOptions, type Run, run } from "../console.ts";

let fleet: SimulatedFleet;
let socket: string;
beforeEach(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	socket = await fleet.listen();
});
afterEach(async () => await fleet[Symbol.asyncDispose]());

async function config(args: readonly string[], options: ConsoleOptions = {}): Promise<Run> {
	return await run(["config", ...args], { socket, ...options });
}

async function store(text: string): Promise<void> {
	const answer = await fleet.call("PUT", "/cluster/multipath/config", { text });
	if (answer.status !== 200) throw new Error(answer.body);
	await fleet.applied();
}

function file(name: string, text: string): string {
	const path = join(fleet.folder, name);
	writeFileSync(path, text);
	return path;
}

const stored = `# ours\nwwid: ${milk}\n    alias milk-run\n`;

describe("config show", () => {
	test("gives the document byte by byte, to be kept in a file", async () => {
		await store(stored);
		expect(await config(["show"])).toMatchObject({ code: 0, out: stored, err: "" });
	});

	test("lets nothing in it steer a terminal", async () => {
		// The API takes no such text; a store that somebody else wrote to may hold it.
		const author = { by: "somebody", from: null, at: 1 };
		await writeConfig(fleet.store, "multipath.cfg", `# \u001b[2J\u202e\n${stored}`, author);
		expect((await config(["show"])).out).toContain("\u001b[2J");
		expect((await config(["show"], { columns: 80 })).out).toMatch(/^# \\u\{1b\}\[2J\\u\{202e\}\n# ours\n/);
	});

	test("has the overrides, says when nothing is stored, and is one document for machines", async () => {
		expect(await config(["show", "--overrides"])).toMatchObject({ out: "", err: "nothing is stored yet\n" });
		const { out } = await config(["show", "-o", "json"]);
		expect(JSON.parse(out)).toMatchObject({ text: "", digest: "", overrides: "", luns: [], problems: [] });
	});
});

describe("config set and overrides", () => {
	test("wait until the nodes have applied them", async () => {
		expect(await config(["set", "polling-interval=7", "no_path_retry=fail"])).toMatchObject({
			code: 0,
			out: expect.stringMatching(/^The defaults were changed\.\napplied on 2 of 2 nodes \(\d+(\.\d)? s\)\n$/),
		});
		expect((await config(["set", "--unset", "polling_interval", "--no-wait"])).out).toBe(
			"The defaults were changed.\n",
		);
		expect((await config(["show"])).out).toBe("defaults: defaults\n\tno-path-retry fail\n\n");
		const overrides = file("overrides", 'blacklist {\n\tdevnode "^sdz"\n}\n');
		expect(await config(["overrides", overrides])).toMatchObject({
			code: 0,
			out: expect.stringMatching(/^multipath-overrides\.conf is stored\.\napplied on 2 of 2 nodes/),
		});
	});

	test("are refused in words that say where", async () => {
		expect(await config(["set", "polling-interval=0"])).toMatchObject({
			code: 2,
			err: expect.stringMatching(/^Parameter verification failed\.\n {2}polling-interval: invalid format/),
		});
		expect(await config(["set"])).toMatchObject({
			code: 2,
			err: expect.stringContaining("nothing to change"),
		});
		const broken = await config(["overrides", file("overrides", "devices {\n\tdevice {\n")]);
		expect(broken).toMatchObject({
			code: 2,
			err: expect.stringMatching(/^multipath-overrides\.conf: line \d+, column \d+: [^\n]+\n$/),
		});
		expect(await config(["overrides", "/nonexistent"])).toMatchObject({ code: 1, out: "" });
	});
});

describe("config diff", () => {
	test("of a file shows what every node would get, once for those that get the same, and ends as diff does", async () => {
		await store(stored);
		const same = await config(["diff", file("same", stored)]);
		expect([same.code, same.out]).toEqual([0, "n1, n2: nothing changes\n"]);
		const changed = await config(["diff", file("new", `${stored}\nwwid: ${oil}\n    nodes n2\n`)]);
		expect(changed.code).toBe(1);
		expect(changed.out).toMatch(/^n1: nothing changes\nn2:\n--- pathkeeper\.conf\n/);
		expect(changed.out).toContain(`+${oil}\n`);
		const refused = await config(["diff", file("bad", "defaults: defaults\n    polling-interval 0\n")]);
		expect(refused.code).toBe(2);
		expect(refused.out).toMatch(/^multipath\.cfg:2:\d+: error: polling-interval must be/);
		expect(refused.out).toMatch(/^multipath\.cfg: error: LUN \w+ would leave the allow-list/m);
	});

	test("without a file shows what is stored and not applied", async () => {
		await store(stored);
		expect(await config(["diff"])).toMatchObject({ code: 0, out: "2 nodes: what is stored is applied\n" });
		await fleet.stopAgent("n1");
		fleet.host("n2").multipathd.busy = async () => true;
		await fleet.call("PUT", "/cluster/multipath/defaults", { "polling-interval": "9" });
		const { code, out } = await config(["diff"]);
		expect(code).toBe(1);
		expect(out).toMatch(/^n2:\n--- pathkeeper\.conf\n[\s\S]*^\+\s+polling_interval "9"$/m);
		expect(out).toContain("n1: what n1 has now is not known: it does not report");
	});

	test("without a file shows what was changed by hand", async () => {
		await store(stored);
		await fleet
			.host("n1")
			.files.replace("/etc/multipath/conf.d/zz-local.conf", "defaults {\n\tpolling_interval 33\n}\n", {
				mode: 0o644,
			});
		await fleet
			.host("n1")
			.files.replace("/etc/multipath/conf.d/pathkeeper.conf", "# Pathkeeper? not any more\n", {
				mode: 0o644,
			});
		await fleet.until("the drift shows", async () => (await config(["diff"])).out.includes("drift"));
		const { code, out } = await config(["diff"]);
		expect(code).toBe(1);
		expect(out).toMatch(/^n1: drift: \/etc\/multipath\/conf\.d\/pathkeeper\.conf was changed by hand/m);
	});
});

test("config diff ends with 2 when there is no answer: 1 would be a difference", async () => {
	expect(await run(["config", "diff"], { socket: "/nowhere/api.sock" })).toMatchObject({ code: 2, out: "" });
	expect((await config(["diff", "/nonexistent"])).code).toBe(2);
});

describe("config apply", () => {
	const text = `${stored}\nwwid: ${oil}\n`;

	test("stores a file after a preview and a question, and waits", async () => {
		await store(stored);
		const done = await config(["apply", file("new.cfg", text)], { answers: [true] });
		expect(done.code).toBe(0);
		expect(done.out).toMatch(/^n1, n2:\n--- pathkeeper\.conf\n/);
		expect(done.out).toMatch(/^multipath\.cfg is stored\.\napplied on 2 of 2 nodes/m);
		expect((await config(["show"])).out).toBe(text);
		expect(await config(["apply", file("new.cfg", text), "--yes"])).toMatchObject({
			code: 0,
			err: "multipath.cfg is already stored in this form; nothing was changed.\n",
		});
	});

	test("stores nothing that is refused, not confirmed, or meant for another text", async () => {
		await store(stored);
		const path = file("new.cfg", text);
		expect((await config(["apply", path])).err).toBe(
			"Not stored: there is no terminal to confirm on; use --yes.\n",
		);
		expect((await config(["apply", path], { answers: [false] })).err).toBe("Not stored.\n");
		const broken = await config([
			"apply",
			file("bad.cfg", "defaults: defaults\n    polling-interval 0\n"),
			"-y",
		]);
		expect([broken.code, broken.err]).toEqual([1, "Not stored, because of the problems above.\n"]);
		expect(await config(["apply", path, "-y", "--digest", "0".repeat(40)])).toMatchObject({
			code: 1,
			err: expect.stringMatching(/^detected modified configuration/),
		});
		expect((await config(["show"])).out).toBe(stored);
	});

	test("does the same for the overrides", async () => {
		const overrides = 'blacklist {\n\tdevnode "^sdz"\n}\n';
		expect((await config(["apply", "--overrides", "-y", file("over", overrides)])).code).toBe(0);
		expect((await config(["show", "--overrides"])).out).toBe(overrides);
	});
});

describe("config edit", () => {
	test("shows what every node would get, asks, stores, and waits", async () => {
		await store(stored);
		const names: string[] = [];
		const done = await config(["edit"], {
			answers: [true],
			edit: (text, name) => {
				names.push(name);
				return text.replace("milk-run", "milk-float");
			},
		});
		expect(done.code).toBe(0);
		expect(names).toEqual(["multipath.cfg"]);
		expect(done.questions).toEqual(["Store this and apply it on every node?"]);
		expect(done.out).toMatch(/^n1, n2:\n--- pathkeeper\.conf\n[\s\S]*^\+\s+alias "milk-float"$/m);
		expect(done.out).toMatch(/^multipath\.cfg is stored\.\napplied on 2 of 2 nodes/m);
		expect((await config(["show"])).out).toContain("milk-float");
	});

	test("stores nothing that nobody changed, or that the person does not want", async () => {
		await store(stored);
		expect(await config(["edit"], { edit: (text) => text })).toMatchObject({
			code: 0,
			err: "Nothing was changed.\n",
		});
		const edit = (text: string) => text.replace("milk-run", "milk-float");
		const refused = await config(["edit"], { answers: [false], edit });
		expect([refused.code, refused.err]).toEqual([
			1,
			expect.stringMatching(/^Not stored\. What you wrote is kept in /),
		]);
		const script = await config(["edit"], { edit });
		expect(script.err).toMatch(
			/^Not stored: there is no terminal to confirm on; use --yes\. What you wrote is kept in /,
		);
		expect((await config(["show"])).out).toBe(stored);
		expect((await config(["edit", "--yes", "--no-wait"], { edit })).code).toBe(0);
		expect((await config(["show"])).out).toContain("milk-float");
	});

	test("refuses what has problems without asking, and keeps what was written", async () => {
		await store(stored);
		const edited = "defaults: defaults\n    polling-interval soon\n";
		const { code, out, err, questions } = await config(["edit"], { answers: [true], edit: () => edited });
		expect([code, questions]).toEqual([1, []]);
		expect(out).toMatch(/^multipath\.cfg:2:\d+: error: polling-interval/);
		expect(readFileSync(keptFile(err), "utf8")).toBe(edited);
		expect((await config(["show"])).out).toBe(stored);
	});

	test("that meets another change keeps what was written and shows the other change", async () => {
		await store(stored);
		const { code, err } = await config(["edit"], {
			answers: [true],
			edit: async (text) => {
				await config(["set", "no-path-retry=fail", "--no-wait"]);
				return text.replace("milk-run", "milk-float");
			},
		});
		expect(code).toBe(1);
		expect(err).toMatch(/^What somebody else changed in the meantime:\n[\s\S]*^\+\s+no-path-retry fail$/m);
		expect(err).toMatch(/^detected modified configuration - file changed by other user\? Try again\.$/m);
		expect(readFileSync(keptFile(err), "utf8")).toContain("milk-float");
		expect((await config(["show"])).out).not.toContain("milk-float");
	});

	test("does the same for the overrides, under their own digest", async () => {
		const text = 'blacklist {\n\tdevnode "^sdz"\n}\n';
		const done = await config(["edit", "--overrides"], { answers: [true], edit: () => text });
		expect([done.code, (await config(["show", "--overrides"])).out]).toEqual([0, text]);
		const broken = await config(["edit", "--overrides"], { answers: [true], edit: () => "devices {" });
		expect([broken.code, broken.out]).toEqual([
			1,
			expect.stringMatching(/^multipath-overrides\.conf:\d+:\d+: error: /),
		]);
	});

	function keptFile(err: string): string {
		return /What you wrote is kept in (\S+)/.exec(err)?.[1] ?? "";
	}
});
