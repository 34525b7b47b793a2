import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet, tea } from "../../../server/test/simulated-fleet.ts";
import { type ConsoleOptions, type Run, run } from "../console.ts";

let fleet: SimulatedFleet;
let socket: string;
beforeEach(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	socket = await fleet.listen();
});
afterEach(async () => await fleet[Symbol.asyncDispose]());

async function lun(args: readonly string[], options: ConsoleOptions = {}): Promise<Run> {
	return await run(["lun", ...args], { socket, ...options });
}

describe("lun allow", () => {
	test("waits until the nodes have applied it, and says what became of the LUN", async () => {
		const { code, out, err } = await lun(["allow", milk, "alias=milk-run", "no_path_retry=12"]);
		expect([code, err]).toEqual([0, ""]);
		expect(out).toMatch(
			new RegExp(
				`^LUN ${milk} is allowed\\.\napplied on 2 of 2 nodes \\(\\d+(\\.\\d)? s\\)\n● optimal: 4 of 4 paths usable on each of 2 nodes\n$`,
			),
		);
		expect(fleet.host("n2").kernel.map(milk)?.name).toBe("milk-run");
	});

	test("shows on a terminal how far it is, on a line that is gone when it has ended", async () => {
		const { err } = await lun(["allow", milk], { columns: 80 });
		expect(err).toContain("\r\u001b[Kapplied on 0 of 2 nodes …");
		expect(err.endsWith("\r\u001b[K")).toBe(true);
	});

	test("does not wait when told so", async () => {
		const { code, out } = await lun(["allow", milk, "--no-wait"]);
		expect([code, out]).toEqual([0, `LUN ${milk} is allowed.\n`]);
		const second = await lun(["allow", oil, "--no-wait", "-o", "json"]);
		expect(JSON.parse(second.out)).toEqual({
			digest: expect.stringMatching(/^[0-9a-f]{40}$/),
			seen: ["n1", "n2"],
		});
	});

	test("takes a WWID that no node sees, and says that it may be misspelt", async () => {
		const { code, out, err } = await lun(["allow", "3600typo"]);
		expect(code).toBe(0);
		expect(err).toMatch(
			/^warning: no node sees WWID 3600typo now\. If it is misspelt: pathkeeper lun forget 3600typo/,
		);
		expect(out).toContain("✖ missing on 2 of 2 nodes\n  - n1, n2: there is no multipath map for it\n");
	});

	test("tells each field that is wrong, on standard error, with 2", async () => {
		const { code, out, err } = await lun(["allow", "a/b", "alias=dm-3", "no-path-retry=soon"]);
		expect([code, out]).toEqual([2, ""]);
		expect(err).toMatch(/^Parameter verification failed\.\n/);
		for (const field of ["wwid", "alias", "no-path-retry"])
			expect(err).toMatch(new RegExp(`^  ${field}: invalid format`, "m"));
	});

	test.each([
		["a word", ["alias"], "alias: is not KEY=VALUE"],
		["another WWID", ["wwid=3b"], "wwid: is not a setting"],
		["a key twice", ["alias=a", "alias=b"], "alias: is given twice"],
		["a digest as a setting", ["digest=x"], "digest: is not a setting"],
		["an unknown key", ["colour=red"], "colour: property is not defined in schema"],
	])("refuses %s and changes nothing", async (_, words, complaint) => {
		const { code, err } = await lun(["allow", milk, ...words]);
		expect([code, err]).toEqual([2, expect.stringContaining(`  ${complaint}`)]);
		expect((await lun(["list"])).out).toMatch(/^No LUN is allowed yet/);
	});

	test("ends with 1 when a node cannot apply it, and says why", async () => {
		fleet.host("n2").tools.lint = async () => ({
			complaints: ["/etc/multipath/conf.d/pathkeeper.conf line 7: no"],
			effective: "",
		});
		const { code, out } = await lun(["allow", milk]);
		expect(code).toBe(1);
		expect(out).toMatch(/^applied on 1 of 2 nodes \(/m);
		expect(out).toMatch(/^ {2}n2: not applied: multipath -t /m);
	});

	test("ends with 0 when a node is away: it applies it later", async () => {
		await fleet.stopAgent("n2");
		const { code, out } = await lun(["allow", milk]);
		expect(code).toBe(0);
		expect(out).toContain("  n2: no sign of life from its agent; it applies the change when it is back\n");
	});
});

describe("lun set", () => {
	test("changes settings by WWID or alias, and takes others back", async () => {
		await lun(["allow", milk, "alias=milk-run", "comment=x", "--no-wait"]);
		const { code, out } = await lun(["set", "milk-run", "expected-paths=8", "--unset", "comment"]);
		expect(code).toBe(0);
		expect(out).toMatch(
			/^LUN milk-run is changed\.\napplied on 2 of 2 nodes .*\n▲ degraded on 2 of 2 nodes\n {2}- n1, n2: 4 of 8 expected paths are there\n$/,
		);
		const { data } = await fleet.call("GET", `/cluster/multipath/wwids/${milk}`);
		expect(data).toEqual({ wwid: milk, alias: "milk-run", "expected-paths": 8, digest: expect.any(String) });
	});

	test("needs something to change, and a LUN to change it on", async () => {
		await lun(["allow", milk, "alias=milk-run", "--no-wait"]);
		expect(await lun(["set", "milk-run"])).toMatchObject({
			code: 2,
			err: expect.stringContaining("settings: nothing to change: give settings as KEY=VALUE"),
		});
		expect(await lun(["set", "milk", "comment=x"])).toMatchObject({
			code: 1,
			err: "LUN 'milk' does not exist\n  did you mean: milk-run\n",
		});
	});

	test("is refused under a digest that is not the one, in Proxmox VE's words", async () => {
		await lun(["allow", milk, "--no-wait"]);
		expect(await lun(["set", milk, "comment=x", "--digest", "0".repeat(40)])).toMatchObject({
			code: 1,
			err: "detected modified configuration - file changed by other user? Try again.\n",
		});
	});
});

describe("lun list", () => {
	test("shows the allow-list with states; a narrow terminal says what it leaves out", async () => {
		await lun(["allow", milk, "alias=milk-run", "comment=Oracle redo, ask Jana before touching this one"]);
		const narrow = await lun(["list"], { columns: 80, env: { NO_COLOR: "1" } });
		expect(narrow.out).toMatch(
			new RegExp(
				`^milk-run  ${milk}  ● optimal  512 GiB  all\n\\(not shown at this width: COMMENT; --wide`,
				"m",
			),
		);
		const wide = await lun(["list", "--wide"], { columns: 80 });
		expect(wide.out).toContain("Oracle redo, ask Jana before touching this one");
		expect((await lun(["list"])).out).toContain("Oracle redo, ask Jana before touching this one");
	});

	test("--candidates shows what nobody allowed once for all nodes: paths, size, what is on it, who sees it", async () => {
		fleet.san.unmapLun(tea, "n2");
		for (const disk of fleet.host("n2").kernel.disksOf(tea)) fleet.san.deletePath("n2", disk.dev);
		fleet.san.deletePath("n1", fleet.host("n1").kernel.disksOf(oil)[0]?.dev ?? "");
		await fleet.until("both nodes' reports", async () => {
			const { out } = await lun(["list", "--candidates"]);
			return out.includes("3–4") && out.includes("1 of 2");
		});
		const { out } = await lun(["list", "--candidates"]);
		expect(out).toMatch(new RegExp(`^${tea} +100 GiB +4 +nothing known +1 of 2 +ALTAIR Quorum 9000`, "m"));
		expect(out).toMatch(new RegExp(`^${oil} +256 GiB +3–4 +LVM2_member +2 of 2 `, "m"));
		await lun(["allow", milk]);
		expect((await lun(["list", "--candidates"])).out).not.toContain(milk);
		expect(await run(["lun", "list", "--candidates", "-o", "ndjson"], { socket })).toMatchObject({
			out: expect.stringContaining('"carries":"LVM2_member"'),
		});
	});

	test("--candidates tells which nodes it could not ask", async () => {
		await fleet.stopAgent("n2");
		expect(await lun(["list", "--candidates"])).toMatchObject({
			code: 0,
			err: expect.stringMatching(/^not shown: node 'n2' is not reachable/),
		});
	});
});

describe("lun show", () => {
	test("leads from a degraded LUN to node, path, address and portal at once", async () => {
		await lun(["allow", milk, "alias=milk-run", "no-path-retry=12"]);
		const [disk] = fleet.host("n2").kernel.disksOf(milk);
		fleet.san.failPath("n2", disk?.dev ?? "");
		const words = "checker faulty, dm failed, device offline";
		await fleet.until("all tell", async () => (await lun(["show", "milk-run"])).out.includes(words));
		const { out } = await lun(["show", "milk-run"], { columns: 80, env: { NO_COLOR: "1" } });
		expect(out).toMatch(/^LUN milk-run: ▲ degraded\n/);
		expect(out).toContain(`  device    /dev/disk/by-id/dm-uuid-mpath-${milk}\n`);
		expect(out).toContain("  settings  no-path-retry=12\n");
		const [head = "", second = "", first = ""] = out.split("\n\n");
		expect(head).not.toContain("192.168");
		expect(second).toMatch(
			/^n2: ▲ degraded, 3 of 4 paths usable, map milk-run \(dm-\d+\)\n {2}- 3 of 4 paths work\n/,
		);
		expect(second).toMatch(
			new RegExp(
				`^ {2}\\d +${disk?.dev} +${disk?.hctl} +✖ failed +\\d+ +192\\.168\\.71\\.102 +192\\.168\\.7[12]\\.[12]:3260$`,
				"m",
			),
		);
		expect(first).toMatch(/^n1: ● optimal, 4 of 4 paths usable, map milk-run/);
		for (const line of out.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
		expect((await lun(["show", "milk-run"])).out).toMatch(
			/✖ failed .* {2}checker faulty, dm failed, device offline$/m,
		);
	});

	test("shows who uses it, and one that nobody allowed", async () => {
		await fleet.allow(milk);
		fleet.host("n1").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv/milk" });
		await fleet.restartAgent("n1");
		await fleet.until("it is seen", async () =>
			(await lun(["show", milk])).out.includes("in use: mounted on /srv/milk"),
		);
		const { out } = await lun(["show", milk, "-o", "json"]);
		expect(JSON.parse(out)).toMatchObject({
			wwid: milk,
			maps: { n1: { groups: [{}, {}] }, n2: {} },
			config: {},
		});
	});

	test("of a node that cannot be asked tells that, and shows the others", async () => {
		await fleet.allow(milk);
		await fleet.stopAgent("n2");
		const { code, out } = await lun(["show", milk]);
		expect(code).toBe(0);
		expect(out).toMatch(/^n2: \? unknown\n {2}- no sign of life from its agent; optimal then$/m);
		expect(out).toMatch(/^n1: ● optimal/m);
	});
});

describe("lun forget", () => {
	test("asks who sits at a terminal, with what there is to know, and does nothing without a yes", async () => {
		await lun(["allow", milk, "alias=milk-run"]);
		const refused = await lun(["forget", "milk-run"], { answers: [false] });
		expect(refused).toMatchObject({ code: 1, err: "Nothing was changed.\n", out: "" });
		expect(refused.questions).toEqual([
			`Forget LUN milk-run (${milk}, 512 GiB, LIO-ORG vega) on 2 nodes? Its maps are removed; its data stays.`,
		]);
		expect(fleet.host("n1").kernel.map(milk)).toBeDefined();
		expect(await lun(["forget", "milk-run"], { answers: [true] })).toMatchObject({ code: 0 });
		expect(fleet.host("n1").kernel.map(milk)).toBeUndefined();
	});

	test("asks no script, and nobody who said yes", async () => {
		await fleet.allow(milk, oil);
		const script = await lun(["forget", milk]);
		expect([script.code, script.questions]).toEqual([0, []]);
		expect(script.out).toMatch(
			new RegExp(
				`^n1, n2: map ${milk} \\(dm-\\d\\) removed\nn1, n2: ${milk} taken out of the allow-list\nn1, n2: verified: no map`,
			),
		);
		expect(await lun(["forget", oil, "--yes"], { answers: [] })).toMatchObject({ code: 0, questions: [] });
	});

	test("that is refused names node and user, on standard error, with 1", async () => {
		await fleet.allow(milk);
		fleet.host("n2").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		expect(await lun(["forget", milk])).toMatchObject({
			code: 1,
			out: "",
			err: `LUN ${milk} is in use and was not changed: n2: mounted on /srv\n`,
		});
	});

	test("skips by force who cannot be asked, and says so", async () => {
		await fleet.allow(milk);
		await fleet.stopAgent("n2");
		expect(await lun(["forget", milk])).toMatchObject({
			code: 1,
			err: expect.stringContaining("node 'n2' is not reachable"),
		});
		const { code, out } = await lun(["forget", milk, "--force"]);
		expect(code).toBe(0);
		expect(out).toContain("n2: skipped and not verified: no sign of life from its agent");
	});

	test("that cannot be verified ends with 1 and a plain warning", async () => {
		await using other = await SimulatedFleet.start({ nodes: ["n1"], agents: false });
		await other.host("n1").tools.addWwid(milk);
		other.startAgent("n1");
		await other.until("n1 reports", async () => (await other.status()).nodes.length === 1);
		await other.allow(milk);
		const { code, out, err } = await run(["lun", "forget", milk], { socket: await other.listen() });
		expect(code).toBe(1);
		expect(out).toContain("n1: NOT verified after");
		expect(err).toMatch(/^It is NOT verified that the LUN is gone from every node/);
	});
});
