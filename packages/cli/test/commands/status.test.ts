import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet, tea } from "../../../server/test/simulated-fleet.ts";
import { type ConsoleOptions, type Run, run } from "../console.ts";

/** Eighty columns, and texts that can be compared. */
const terminal = { columns: 80, env: { NO_COLOR: "1" } };
const names = ["n1", "n2", "n3", "n4"];
let fleet: SimulatedFleet;
let socket: string;

beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: names, simulated: true });
	socket = await fleet.listen();
	await fleet.call("POST", "/cluster/multipath/wwids", { wwid: milk, alias: "milk-run" });
	await fleet.call("POST", "/cluster/multipath/wwids", {
		wwid: oil,
		alias: "midnight-oil",
		"no-path-retry": "fail",
	});
	await fleet.call("POST", "/cluster/multipath/wwids", { wwid: tea, alias: "tea-cache" });
	await fleet.until("all is optimal", async () => (await run(["status"], { socket })).code === 0);
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

async function status(options: ConsoleOptions = {}, ...args: string[]): Promise<Run> {
	return await run(["status", ...args], { socket, ...options });
}

function failPath(node: string, wwid: string, at: number): string {
	const dev = fleet.host(node).kernel.disksOf(wwid)[at]?.dev ?? "";
	fleet.san.failPath(node, dev);
	return dev;
}

async function stateOf(wwid: string, state: string): Promise<void> {
	await fleet.until(`${wwid} is ${state}`, async () =>
		(await fleet.status()).luns.some((lun) => lun.wwid === wwid && lun.state === state),
	);
}

describe("status", () => {
	test("of a sound fleet says so first, and ends with 0", async () => {
		const { code, out, err } = await status(terminal);
		expect([code, err]).toEqual([0, ""]);
		expect(out.split("\n").slice(0, 3)).toEqual([
			"SIMULATED: no host and no SAN below is real.",
			"All 3 LUNs are optimal on 4 nodes.",
			"",
		]);
		expect(out).toMatch(/^milk-run +● optimal +512 GiB .*● 4\/4 +● 4\/4 +● 4\/4 +● 4\/4$/m);
	});

	test("names LUN, node, path, portal and the next step when a path fails, and ends with 1", async () => {
		const dev = failPath("n2", milk, 0);
		await stateOf(milk, "degraded");
		const { code, out } = await status(terminal);
		expect(code).toBe(1);
		expect(out).toContain("3 LUNs on 4 nodes: 1 degraded, 2 optimal.\n");
		expect(out).toContain("▲ milk-run is degraded\n  - n2: 3 of 4 paths work\n");
		expect(out).toMatch(
			new RegExp(`  - n2: path ${dev} \\(\\d+:0:0:1\\) through 192\\.168\\.\\d+\\.\\d+:3260 failed:`),
		);
		expect(out).toMatch(/^milk-run +▲ degraded .*● 4\/4 +▲ 3\/4 +● 4\/4 +● 4\/4$/m);
		expect(out).toContain("pathkeeper lun show milk-run\n");
		fleet.san.restorePath("n2", dev);
		await stateOf(milk, "optimal");
	});

	test("puts what has failed above what is degraded, and ends with 2", async () => {
		const devs = [0, 1, 2, 3].map((at) => failPath("n3", oil, at));
		const other = failPath("n1", milk, 1);
		await stateOf(oil, "failed");
		await stateOf(milk, "degraded");
		const { code, out } = await status(terminal);
		expect(code).toBe(2);
		expect(out.indexOf("✖ midnight-oil is failed")).toBeGreaterThan(0);
		expect(out.indexOf("✖ midnight-oil is failed")).toBeLessThan(out.indexOf("▲ milk-run is degraded"));
		expect(out).toContain("  - n3: I/O errors at once\n");
		for (const dev of devs) fleet.san.restorePath("n3", dev);
		fleet.san.restorePath("n1", other);
		await stateOf(oil, "optimal");
		await stateOf(milk, "optimal");
	});

	test("is unknown, 3, where a node gives no sign of life, and tells what the others say", async () => {
		await fleet.stopAgent("n4");
		const { code, out } = await status(terminal);
		expect(code).toBe(3);
		expect(out).toContain("\n3 LUNs are optimal on 3 nodes and not known on n4.\n");
		expect(out).toMatch(/^\? n4: no sign of life from its agent( since .* UTC)?$/m);
		// One silent node is one sentence, and not one for each LUN.
		expect(out.match(/not known/g)).toHaveLength(1);
		expect(out).not.toContain("milk-run is unknown");
		expect(out).toMatch(/^milk-run .*● 4\/4 +● 4\/4 +● 4\/4 +\? -$/m);
		fleet.startAgent("n4");
		await fleet.until("n4 is back", async () => (await status()).code === 0);
	});

	test("is no better after a node with a degraded or failed LUN went silent", async () => {
		const one = failPath("n4", milk, 0);
		await stateOf(milk, "degraded");
		await fleet.stopAgent("n4");
		await stateOf(milk, "unknown");
		const degraded = await status(terminal);
		expect(degraded.code).toBe(3);
		expect(degraded.out).toContain("? milk-run is unknown\n  - n4: ");
		expect(degraded.out.replace(/\s+/g, " ")).toMatch(/- n4: [^;]*; degraded then: 3 of 4 paths work; path/);
		expect(degraded.out).toContain("? 2 LUNs are optimal on 3 nodes and not known on n4\n");
		fleet.startAgent("n4");
		await stateOf(milk, "degraded");
		const others = [1, 2, 3].map((at) => failPath("n4", milk, at));
		await stateOf(milk, "failed");
		await fleet.stopAgent("n4");
		await fleet.until("n4 is missed", async () => (await fleet.status()).nodes[3]?.online === 0);
		const failed = await status(terminal);
		expect(failed.code).toBe(2);
		expect(failed.out.replace(/\s+/g, " ")).toMatch(
			/✖ milk-run is failed - n4: [^;]*; failed then: all 4 paths/,
		);
		for (const dev of [one, ...others]) fleet.san.restorePath("n4", dev);
		fleet.startAgent("n4");
		await fleet.until("n4 is back", async () => (await status()).code === 0);
	});

	test("is unknown, 3, where nobody answers, where the call is wrong, and where no node ever reported", async () => {
		const unreachable = await run(["status"], { socket: `${fleet.folder}/nobody` });
		expect(unreachable.code).toBe(3);
		expect(unreachable.err).toMatch(
			/^Pathkeeper's daemon does not answer on .*: it is not running; start it/,
		);
		expect(unreachable.out).toBe("");
		expect((await status({}, "--bogus")).code).toBe(3);
		await using empty = await SimulatedFleet.start({ agents: false });
		const nobody = await run(["status"], { socket: await empty.listen() });
		expect([nobody.code, nobody.out]).toEqual([3, expect.stringMatching(/^No node has joined yet\. /)]);
	});

	test("tells what several nodes share once, a warning on one line where it has to fit", async () => {
		const { out } = await status(terminal);
		const warnings = out.split("\n").filter((line) => line.startsWith("warning: "));
		for (const line of warnings) expect(line).toMatch(/^warning: n1, n2, n3, n4: /);
		const whole = await status();
		for (const line of warnings.filter((text) => text.endsWith("…"))) {
			expect(whole.out).toContain(line.slice(0, -1));
		}
	});

	test("keeps to 80 columns on a terminal, in trouble as well", async () => {
		const devs = names.map((node) => [node, failPath(node, milk, 2)] as const);
		await stateOf(milk, "degraded");
		const { out } = await status(terminal);
		for (const line of out.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
		for (const [node, dev] of devs) fleet.san.restorePath(node, dev);
		await stateOf(milk, "optimal");
	});
});

test("a console that does not know its width is taken for one of 80 columns", async () => {
	const unknown = await status({ columns: 0, env: { NO_COLOR: "1" } });
	expect(unknown.out).toBe((await status(terminal)).out);
});

describe("colour", () => {
	const green = "\u001b[32m";

	test("is for terminals, and never the only sign", async () => {
		expect((await status()).out).not.toContain(green);
		const { out } = await status({ columns: 120 });
		expect(out).toContain(green);
		expect(out).toContain("● optimal");
	});

	test("is left out for who sets NO_COLOR to anything", async () => {
		expect((await status({ columns: 120, env: { NO_COLOR: "1" } })).out).not.toContain(green);
		expect((await status({ columns: 120, env: { NO_COLOR: "" } })).out).toContain(green);
	});
});

describe("a simulated fleet is called that", () => {
	test.each([
		["status"],
		["lun", "list"],
		["lun", "list", "--candidates"],
		["lun", "show", "milk-run"],
		["map", "list"],
		["map", "show", milk, "--node", "n1"],
		["node", "list"],
		["node", "show", "n1"],
		["config", "show"],
		["config", "diff"],
	])("by %s %s, in every form", async (...args) => {
		const command = args.filter((word) => word !== undefined);
		const table = await run(command, { socket });
		expect(table.out).toMatch(/^(# )?SIMULATED: no host and no SAN below is real\.\n/);
		expect(table.out.match(/SIMULATED/g)).toHaveLength(1);
		for (const format of ["json", "ndjson"]) {
			const { out } = await run([...command, "-o", format], { socket });
			const documents: unknown[] = format === "json" ? [JSON.parse(out)].flat() : lines(out);
			for (const document of documents) expect(document).toHaveProperty("simulated", 1);
		}
	});

	test("beside an empty list, which has no place for it", async () => {
		await using empty = await SimulatedFleet.start({ simulated: true, agents: false });
		const { out, err } = await run(["lun", "list", "-o", "json"], { socket: await empty.listen() });
		expect(out).toBe("[]\n");
		expect(JSON.parse(err)).toEqual({ note: "SIMULATED: no host and no SAN below is real." });
	});

	function lines(text: string): unknown[] {
		return text
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
	}
});

describe("for machines", () => {
	test("status is the document of the API, on many lines or on one", async () => {
		const json = JSON.parse((await status({}, "-o", "json")).out);
		expect(Object.keys(json).sort()).toEqual(["findings", "luns", "nodes", "simulated"]);
		const { out } = await status({}, "--output", "ndjson");
		expect(out.trimEnd().split("\n")).toHaveLength(1);
		expect(Object.keys(JSON.parse(out))).toEqual(Object.keys(json));
	});

	test("lists are arrays, or one document a line, and exit codes are the same", async () => {
		const { out } = await run(["-o", "json", "lun", "list"], { socket });
		expect(JSON.parse(out)).toHaveLength(3);
		const { out: many } = await run(["lun", "list", "-o", "ndjson"], { socket });
		expect(
			many
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line).alias ?? null),
		).toEqual(["milk-run", "midnight-oil", "tea-cache"]);
		expect((await run(["lun", "show", "nothing", "-o", "json"], { socket })).code).toBe(1);
	});
});
