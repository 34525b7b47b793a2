import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { run } from "../console.ts";

let fleet: SimulatedFleet;
let socket: string;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	socket = await fleet.listen();
	await fleet.call("POST", "/cluster/multipath/wwids", { wwid: milk, alias: "milk-run" });
	await fleet.allow(oil);
	await fleet.stopAgent("n2");
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

describe("maps", () => {
	test("are listed of all nodes that report, and those that do not are told", async () => {
		const { code, out, err } = await run(["map", "list"], { socket });
		expect(code).toBe(0);
		expect(out).toMatch(new RegExp(`^n1 +milk-run +● optimal +4/4 +512 GiB +dm-\\d +${milk}$`, "m"));
		expect(out).not.toContain("n2");
		expect(err).toMatch(/^not shown: node 'n2' is not reachable/);
	});

	test("are shown with their paths by name, WWID or dm-N; a node that is named must answer", async () => {
		const byName = await run(["map", "show", "milk-run"], { socket });
		expect(byName.out).toMatch(/^n1: map milk-run \(dm-\d\), ● optimal\n {2}WWID {6}36001405d/);
		expect(byName.out).toMatch(
			/^ {2}1 +sda +0:0:0:1 +● usable +50 +192\.168\.71\.101 +192\.168\.71\.1:3260$/m,
		);
		const byWwid = await run(["map", "show", milk, "--node", "n1"], { socket });
		expect(byWwid.out).toBe(byName.out);
		expect((await run(["map", "show", "nothing"], { socket })).code).toBe(1);
		expect(await run(["map", "list", "--node", "n2"], { socket })).toMatchObject({
			code: 1,
			out: "",
			err: expect.stringMatching(/^node 'n2' is not reachable/),
		});
		expect(await run(["map", "list", "--node", "n7"], { socket })).toMatchObject({
			code: 1,
			err: "node 'n7' does not exist\n",
		});
	});
});

describe("nodes", () => {
	test("are listed with what they applied; of one that is away nothing is claimed", async () => {
		const { out } = await run(["node", "list"], { socket, columns: 80, env: { NO_COLOR: "1" } });
		expect(out).toMatch(/^n1 +online +running +0\.11\.1 +applied/m);
		expect(out).toMatch(/^n2 +offline +unknown +- +not known/m);
	});

	test("are shown with every finding", async () => {
		const { code, out } = await run(["node", "show", "n1"], { socket });
		expect(code).toBe(0);
		expect(out).toMatch(
			/^node n1, agent 1\.2\.3, online\n {2}multipathd {5}running, multipath-tools 0\.11\.1\n {2}configuration {2}applied\n/,
		);
		expect(await run(["node", "show", "../x"], { socket })).toMatchObject({ code: 1, out: "" });
		expect(await run(["node", "show", ".."], { socket })).toMatchObject({
			code: 2,
			err: expect.stringContaining("'..' is not a valid name"),
		});
	});

	test("are removed when they are gone: what they used is shown, and their name is given again", async () => {
		await using own = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
		const at = { socket: await own.listen() };
		await own.allow(milk);
		own.host("n2").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		await own.until("n2 says that it uses it", async () =>
			JSON.stringify((await own.call("GET", "/cluster/pathkeeper/nodes/n2")).data).includes("mounted"),
		);
		const remove = ["node", "remove", "n2"];
		expect(await run(remove, at)).toMatchObject({
			code: 1,
			out: "",
			err: expect.stringMatching(/^node 'n2' was not removed, because its agent is running/),
		});
		await own.stopAgent("n2");
		const asked = await run(remove, { ...at, answers: [false] });
		expect(asked).toMatchObject({ code: 1, out: "" });
		expect(asked.err).toContain(`  - LUN ${milk}: mounted on /srv\n`);
		expect(asked.err).toMatch(/Nothing was changed\.\n$/);
		expect(asked.questions[0]).toMatch(/^Remove node n2 from the fleet\? Is its host off for good\?/);
		expect(await run(remove, at)).toMatchObject({
			code: 1,
			err: expect.stringContaining(`still use LUNs: LUN ${milk}: mounted on /srv`),
		});
		expect((await own.status()).nodes).toHaveLength(2);
		expect(await run([...remove, "--confirm", "n2"], at)).toMatchObject({
			code: 0,
			out: "Node n2 is removed from the fleet. If its agent starts again, it joins as new.\n",
		});
		expect((await run(["status"], at)).code).toBe(0);
	});
});

describe("finding", () => {
	const holes = "multipath-tools-known-holes";

	test("list shows codes, acknowledge takes a reason, reopen takes it back", async () => {
		await fleet.until("the finding is reported", async () =>
			(await run(["finding", "list"], { socket })).out.includes(`[${holes}]`),
		);
		const done = await run(["finding", "acknowledge", holes, "--reason", "Debian mended it"], { socket });
		expect([done.code, done.out]).toEqual([
			0,
			expect.stringMatching(/^multipath-tools-known-holes is acknowledged\./),
		]);
		const listed = (await run(["finding", "list"], { socket })).out;
		expect(listed).toMatch(
			/^n1: acknowledged: multipath-tools .*\[multipath-tools-known-holes\] \(root@local, .*: Debian mended it\)$/m,
		);
		expect((await run(["node", "list"], { socket })).out).toMatch(/^n1 .*1 acknowledged$/m);
		expect((await run(["status"], { socket })).out).not.toContain("warning: n1: multipath-tools");
		expect((await run(["finding", "reopen", holes], { socket })).code).toBe(0);
		expect((await run(["finding", "reopen", holes], { socket })).code).toBe(1);
		expect((await run(["finding", "list"], { socket })).out).not.toContain("acknowledged");
	});
});
