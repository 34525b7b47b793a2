import { readConfig } from "@pathkeeper/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
beforeEach(async () => {
	fleet = await SimulatedFleet.start({ agents: false });
});
afterEach(async () => await fleet[Symbol.asyncDispose]());

const base = "/cluster/multipath";
const stale = "0".repeat(40);
const conflict = "detected modified configuration - file changed by other user? Try again.";

async function textOf(): Promise<string> {
	return (await readConfig(fleet.store, "multipath.cfg")).text;
}

async function digestOf(path: string): Promise<string> {
	const { data } = await fleet.call("GET", `${base}${path}`);
	return data instanceof Object && "digest" in data ? String(data.digest) : "";
}

describe("defaults", () => {
	test("change key by key, and an omitted one stays", async () => {
		await fleet.call("PUT", `${base}/defaults`, { "polling-interval": "5", "no-path-retry": "12" });
		await fleet.call("PUT", `${base}/defaults`, { "no-path-retry": "fail" });
		expect(await fleet.call("GET", `${base}/defaults`)).toMatchObject({
			data: { "polling-interval": "5", "no-path-retry": "fail" },
		});
		expect(await textOf()).toBe("defaults: defaults\n\tpolling-interval 5\n\tno-path-retry fail\n\n");
	});

	test("lose the keys of a delete list, however it is separated, and the section goes with its last key", async () => {
		const knobs = {
			"polling-interval": "5",
			"no-path-retry": "12",
			"fast-io-fail-tmo": "5",
			"dev-loss-tmo": "600",
		};
		await fleet.call("PUT", `${base}/defaults`, knobs);
		await fleet.call("PUT", `${base}/defaults`, {
			delete: "polling-interval;no-path-retry fast-io-fail-tmo",
		});
		expect(await textOf()).toBe("defaults: defaults\n\tdev-loss-tmo 600\n\n");
		await fleet.call("PUT", `${base}/defaults`, { delete: "dev-loss-tmo" });
		expect((await textOf()).trim()).toBe("");
	});

	test("refuse what cannot be deleted, and to set and delete one key at a time", async () => {
		expect(await fleet.call("PUT", `${base}/defaults`, { delete: "colour" })).toMatchObject({
			status: 400,
			errors: { colour: "no such option 'colour'" },
		});
		const both = { "no-path-retry": "5", delete: "no-path-retry" };
		expect(await fleet.call("PUT", `${base}/defaults`, both)).toMatchObject({
			errors: { "no-path-retry": "cannot set and delete property 'no-path-retry' at the same time!" },
		});
		expect(await fleet.call("PUT", `${base}/defaults`, { delete: "x".repeat(4097) })).toMatchObject({
			errors: { delete: "value may only be 4096 characters long" },
		});
	});

	test("refuse what ends or hangs multipathd", async () => {
		for (const interval of ["0", "-1", "soon", "5;", "5 6", "1e3", ""]) {
			expect(await fleet.call("PUT", `${base}/defaults`, { "polling-interval": interval })).toMatchObject({
				status: 400,
				errors: { "polling-interval": expect.any(String) },
			});
		}
		expect(await textOf()).toBe("");
	});
});

describe("a LUN", () => {
	test("takes its settings as keys of its own, beside alias, comment, expected-paths and nodes", async () => {
		const lun = {
			wwid: milk,
			alias: "db-log",
			comment: "Oracle redo, array A",
			"expected-paths": 4,
			nodes: "n1,n2",
		};
		expect((await fleet.call("POST", `${base}/wwids`, { ...lun, "no-path-retry": "fail" })).status).toBe(200);
		expect((await fleet.call("GET", `${base}/wwids/${milk}`)).data).toEqual({
			...lun,
			"no-path-retry": "fail",
			digest: await digestOf("/config"),
		});
		expect((await fleet.call("GET", `${base}/wwids`)).data).toEqual([{ ...lun, "no-path-retry": "fail" }]);
	});

	test("changes key by key, and loses the keys of a delete list", async () => {
		await fleet.call("POST", `${base}/wwids`, { wwid: milk, alias: "db-log", comment: "x", nodes: "n1" });
		await fleet.call("PUT", `${base}/wwids/${milk}`, { comment: "y", delete: "nodes,alias" });
		const { data } = await fleet.call("GET", `${base}/wwids/${milk}`);
		expect(data).toEqual({ wwid: milk, comment: "y", digest: await digestOf("/config") });
	});

	test("is allowed once", async () => {
		await fleet.call("POST", `${base}/wwids`, { wwid: milk });
		expect(await fleet.call("POST", `${base}/wwids`, { wwid: milk })).toMatchObject({
			status: 500,
			reason: `LUN ${milk} in the allow-list already exists`,
		});
	});

	test("is allowed although no node sees it, and the answer says which do", async () => {
		fleet.startAgent("n1");
		await fleet.until("n1 reports", async () => (await fleet.status()).nodes[0]?.applied.state === "applied");
		expect((await fleet.call("POST", `${base}/wwids`, { wwid: milk })).data).toMatchObject({ seen: ["n1"] });
		expect((await fleet.call("POST", `${base}/wwids`, { wwid: "3misspelt" })).data).toMatchObject({
			seen: [],
		});
	});
});

describe("a change under a digest", () => {
	test.each([
		["PUT", "/defaults", { "no-path-retry": "5" }],
		["PUT", "/config", { text: "" }],
		["PUT", "/overrides", { text: "" }],
		["POST", "/wwids", { wwid: oil }],
		["PUT", `/wwids/${milk}`, { comment: "x" }],
	] as const)(
		"%s %s is refused when the document is another, and nothing changes",
		async (method, path, body) => {
			await fleet.call("POST", `${base}/wwids`, { wwid: milk });
			const before = await textOf();
			const answer = await fleet.call(method, base + path, { ...body, digest: stale });
			expect(answer).toMatchObject({
				status: 500,
				reason: conflict,
				message: `${conflict}\n`,
				errors: undefined,
			});
			expect(await textOf()).toBe(before);
		},
	);

	test("is taken when it is the one, and gives the next", async () => {
		await fleet.call("POST", `${base}/wwids`, { wwid: milk });
		const digest = await digestOf("/config");
		const { data } = await fleet.call("PUT", `${base}/defaults`, { "no-path-retry": "5", digest });
		expect(data).toEqual({ digest: await digestOf("/config") });
		expect(await digestOf("/config")).not.toBe(digest);
		const longer = await fleet.call("PUT", `${base}/defaults`, { digest: "0".repeat(65) });
		expect(longer.errors).toEqual({ digest: "value may only be 64 characters long" });
	});
});

describe("multipath.cfg as a text", () => {
	test("keeps every byte of it", async () => {
		const text = `# mine\n\ndefaults: defaults\n    polling-interval 7   \n\n\nwwid: ${milk}\n\talias db-log\n\tfuture-key x\n`;
		expect(await fleet.call("PUT", `${base}/config`, { text })).toMatchObject({ status: 200 });
		expect(await textOf()).toBe(text);
	});

	test("is refused with line and column of each problem", async () => {
		const text = `defaults: defaults\n\tpolling-interval soon\n\nwwid: ${milk}\n\talias dm-3\n`;
		const { status, errors, reason } = await fleet.call("PUT", `${base}/config`, { text });
		expect(status).toBe(400);
		expect(reason).toMatch(/^multipath\.cfg: line 2, column 19: polling-interval /);
		expect(errors?.["text"]).toContain("line 5, column 8: alias 'dm-3'");
		expect(await textOf()).toBe("");
	});

	test("cannot drop a LUN, by leaving it out or by writing it otherwise", async () => {
		await fleet.call("POST", `${base}/wwids`, { wwid: milk });
		for (const text of [
			"",
			`wwid: ${milk.slice(0, -1)}\n`,
			`# wwid: ${milk}\n`,
			`wwid: ${milk.toUpperCase()}\n`,
		]) {
			expect(await fleet.call("PUT", `${base}/config`, { text })).toMatchObject({
				status: 400,
				errors: {
					text: expect.stringContaining(`LUN ${milk} would leave the allow-list; forget it instead`),
				},
			});
		}
	});

	test("gives no alias that something on a node has already", async () => {
		await using other = await SimulatedFleet.start({ nodes: ["n1"], agents: false });
		other.host("n1").kernel.addOtherDm("vg0-root");
		other.startAgent("n1");
		await other.until("n1 reports", async () => (await other.status()).nodes[0]?.applied.state === "applied");
		const text = `wwid: ${milk}\n\talias vg0-root\n`;
		expect(await other.call("PUT", `${base}/config`, { text })).toMatchObject({
			status: 400,
			errors: {
				text: `line 2, column 8: alias 'vg0-root' is the name of another device-mapper device on n1`,
			},
		});
		expect(await other.call("POST", `${base}/wwids`, { wwid: milk, alias: "vg0-root" })).toMatchObject({
			errors: { alias: "invalid format - alias is the name of another device-mapper device on n1" },
		});
	});

	test("that is long and hostile is refused in words that are not long", async () => {
		const text = Array.from({ length: 40_000 }, (_, n) => `wwid: ../${n}\n\talias {"\u202e\n`).join("");
		const { status, body } = await fleet.call("PUT", `${base}/config`, { text });
		expect(status).toBe(400);
		expect(body.length).toBeLessThan(20_000);
	});
});

describe("the overrides", () => {
	test("are kept verbatim, under a digest of their own", async () => {
		const text = 'devices {\n\tdevice {\n\t\tvendor "ACME"\n\t\tproduct ".*"\n\t\tno_path_retry 5\n\t}\n}\n';
		const before = await digestOf("/config");
		expect((await fleet.call("PUT", `${base}/overrides`, { text })).status).toBe(200);
		expect((await fleet.call("GET", `${base}/overrides`)).data).toEqual({
			text,
			digest: await digestOf("/overrides"),
		});
		expect(await digestOf("/config")).toBe(before);
	});

	test.each([
		["an open brace", "devices {\n\tdevice {\n", /line \d+, column \d+/],
		["defaults", "defaults {\n\tverbosity 2\n}\n", /line 1, column 1: .*defaults/],
		[
			"a program to run",
			'devices {\n\tdevice {\n\t\tvendor "A"\n\t\tproduct "B"\n\t\tgetuid_callout "/tmp/x"\n\t}\n}\n',
			/line 5, column 3: .*getuid_callout/,
		],
		["an expression that glibc refuses", 'blacklist {\n\twwid "*"\n}\n', /line 2, column 7/],
	])("are refused with line and column for %s", async (_, text, words) => {
		const { status, errors, reason } = await fleet.call("PUT", `${base}/overrides`, { text });
		expect([status, reason.startsWith("multipath-overrides.conf: line ")]).toEqual([400, true]);
		expect(errors?.["text"]).toMatch(words);
		expect((await readConfig(fleet.store, "multipath-overrides.conf")).version).toBe(0);
	});
});

describe("hostile values", () => {
	const texts = {
		newline: "a\nwwid: b",
		"carriage return": "a\rb",
		NUL: "a\0b",
		quotes: 'a"b',
		braces: "} defaults {",
		"direction change": "a\u202eb",
		"lone surrogate": "a\ud800b",
		"a megabyte": "a".repeat(1_048_576),
		hash: "#a",
		blanks: "  ",
	};
	const fields = [
		"alias",
		"comment",
		"nodes",
		"no-path-retry",
		"prio-args",
		"path-selector",
		"user-friendly-names",
	];

	test.each(Object.keys(texts))("%s: every field refuses it or keeps it as one value", async (name) => {
		const text = Object.entries(texts).find(([key]) => key === name)?.[1] ?? "";
		for (const field of fields) {
			const { status, data } = await fleet.call("POST", `${base}/wwids`, {
				wwid: `3${field}`,
				[field]: text,
			});
			expect([200, 400]).toContain(status);
			if (status === 400) continue;
			expect(data).toHaveProperty("digest");
			const kept = await fleet.call("GET", `${base}/wwids/3${field}`);
			expect(kept.data).toEqual({ wwid: `3${field}`, [field]: text.trim(), digest: expect.any(String) });
		}
		for (const wwid of [text, `3${text}`]) {
			const { status } = await fleet.call("POST", `${base}/wwids`, { wwid });
			// A hash is a character of WWIDs like any other.
			expect(status).toBe(name === "hash" ? 200 : 400);
		}
		const { problems } = await configOf();
		expect(problems).toEqual([]);
		expect(fleet.faults).toEqual([]);
	});

	async function configOf(): Promise<{ problems: readonly string[] }> {
		return (await fleet.app.inject({ url: `/api2/json${base}/config` })).json<{
			data: { problems: readonly string[] };
		}>().data;
	}
});
