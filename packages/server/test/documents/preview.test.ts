import { joinFleet } from "@pathkeeper/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	await fleet.allow(milk);
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

interface Preview {
	readonly problems: readonly { readonly severity: string; readonly text: string }[];
	readonly nodes: readonly {
		node: string;
		diff: string;
		findings: readonly { code: string; text: string }[];
	}[];
}

async function previewOf(body: object): Promise<Preview> {
	const response = await fleet.app.inject({
		method: "POST",
		url: "/api2/json/cluster/multipath/preview",
		payload: body,
	});
	expect(response.statusCode).toBe(200);
	expect(fleet.faults).toEqual([]);
	return response.json<{ data: Preview }>().data;
}

describe("a preview", () => {
	test("of what is stored and applied shows that nothing changes", async () => {
		expect(await previewOf({})).toEqual({
			problems: [],
			nodes: ["n1", "n2"].map((node) => ({ node, diff: "", findings: [] })),
		});
	});

	test("shows each node the lines that change in its files and its allow-list, and changes nothing", async () => {
		const before = await fleet.call("GET", "/cluster/multipath/config");
		const text = `wwid: ${milk}\n\talias milk-run\n\nwwid: ${oil}\n\tnodes n2\n`;
		const { problems, nodes } = await previewOf({ text });
		expect(problems).toEqual([]);
		expect(nodes[0]?.diff).toContain("--- pathkeeper.conf");
		expect(nodes[0]?.diff).toMatch(/^\+\s+alias "milk-run"$/m);
		expect(nodes[0]?.diff).not.toContain(oil);
		expect(nodes[1]?.diff).toMatch(new RegExp(`^\\+${oil}$`, "m"));
		expect((await fleet.call("GET", "/cluster/multipath/config")).body).toBe(before.body);
	});

	test("brings the findings of the proposal", async () => {
		const { nodes } = await previewOf({ text: `wwid: ${milk}\n\tno-path-retry queue\n` });
		expect(nodes[0]?.findings.map(({ text }) => text).join()).toMatch(/holds I\/O for ever/);
	});

	test("with warnings alone, whatever words they quote, is worked out", async () => {
		const text = `wwid: ${milk}\n\talias milk-run\n\terror: x\n`;
		const { problems, nodes } = await previewOf({ text });
		expect(problems).toEqual([
			{
				severity: "warning",
				text: "multipath.cfg:3:2: warning: key 'error:' is unknown; it is kept and has no effect",
			},
		]);
		expect(nodes.map(({ diff }) => diff.includes("milk-run"))).toEqual([true, true]);
	});

	test("with more warnings than are shown says how many, and is worked out", async () => {
		const keys = Array.from({ length: 300 }, (_, n) => `\tnote${n} x\n`).join("");
		const { problems, nodes } = await previewOf({ text: `wwid: ${milk}\n${keys}` });
		expect(problems).toHaveLength(201);
		expect(problems.at(-1)).toEqual({ severity: "warning", text: "warning: and 100 more problems" });
		expect(nodes).toHaveLength(2);
	});

	test.each([
		["a bad value", { text: "defaults: defaults\n\tpolling-interval 0\n" }, /^multipath\.cfg:2:19: error: /],
		["a dropped LUN", { text: "" }, /^multipath\.cfg: error: LUN .* would leave the allow-list/],
		["bad overrides", { overrides: "devices {\n" }, /^multipath-overrides\.conf:\d+:\d+: error: /],
		["bytes of anything", { text: '\u0000\u001b[2J}{"\r\n\ud800' }, /^multipath\.cfg:\d+:\d+: error: /],
		["a megabyte of it", { overrides: '{"'.repeat(500_000) }, /^multipath-overrides\.conf:\d+:\d+: error: /],
	])("of %s says so and works nothing out", async (_, body, words) => {
		const { problems, nodes } = await previewOf(body);
		const errors = problems.filter(({ severity }) => severity === "error").map(({ text }) => text);
		expect(errors.join("\n")).toMatch(new RegExp(words.source, "m"));
		expect(problems.length).toBeLessThanOrEqual(201);
		expect(nodes).toEqual([]);
	});
});

test("a preview for nodes that are behind is against what they applied last", async () => {
	await using behind = await SimulatedFleet.start({ nodes: ["n1"] });
	await behind.allow(milk);
	// The daemon never gets calm, so what comes now is never applied whole.
	behind.host("n1").multipathd.busy = async () => true;
	await behind.call("PUT", `/cluster/multipath/wwids/${milk}`, { alias: "milk-run" });
	await joinFleet(behind.store, { node: "n9", run: "r", agentVersion: "1", intervalMs: 60_000, joinedAt: 1 });
	const { data } = await behind.call("POST", "/cluster/multipath/preview", {});
	expect(data).toEqual({
		problems: [],
		nodes: [
			{ node: "n1", diff: expect.stringMatching(/^\+\s+alias "milk-run"$/m), findings: [] },
			{
				node: "n9",
				diff: "",
				findings: [
					expect.objectContaining({
						code: "applied-unknown",
						text: "what n9 has now is not known: it does not report; the diff is against what is stored",
					}),
				],
			},
		],
	});
});
