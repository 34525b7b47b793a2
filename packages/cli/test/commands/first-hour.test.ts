/** The first hour at a terminal: from nothing to a path that fails, and at each place the next step. */
import { emptyPlaces, stepOfKind } from "@pathkeeper/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { milk, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { run } from "../console.ts";

let fleet: SimulatedFleet;
let socket: string;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"], agents: false });
	socket = await fleet.listen();
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

/** What is printed, on one line: where it breaks depends on the terminal. */
async function prints(...args: readonly string[]): Promise<string> {
	const { out, err } = await run(args, { socket, columns: 80, env: { NO_COLOR: "1" } });
	return `${out}${err}`.replace(/\s+/g, " ").trim();
}

/** The place in its words, with the command on a line of its own. */
function wordsOf(name: keyof typeof emptyPlaces): string {
	const { title, step, command } = emptyPlaces[name];
	return `${title} ${step}${command === null ? "." : `: ${command}`}`;
}

test("without a node, each list says how one joins", async () => {
	for (const words of ["status", "node list", "lun list --candidates"])
		expect(await prints(...words.split(" "))).toBe(wordsOf("noNode"));
	expect((await run(["status"], { socket })).code).toBe(3);
	expect(await prints("lun", "list")).toBe(wordsOf("nothingAllowed"));
	expect(await prints("log")).toBe(wordsOf("emptyLog"));
	expect(await prints("log", "--node", "n1")).toBe(wordsOf("nothingInLog"));
	expect(await prints("task", "list")).toBe(wordsOf("noTask"));
	expect(await prints("map", "list")).toBe(wordsOf("noMap"));
	expect(await prints("finding", "list")).toBe(wordsOf("noFinding"));
	expect(await prints("user", "list")).toBe(wordsOf("noUser"));
	expect(await prints("acl", "list")).toBe(wordsOf("noGrant"));
	expect(await prints("audit")).toBe(wordsOf("noAudit"));
	expect(await prints("storage", "status")).toContain(
		"no node has joined yet; to see how one joins: pathkeeper node list",
	);
});

test("a command that is named can be copied as a line", async () => {
	const { out } = await run(["status"], { socket, columns: 40, env: { NO_COLOR: "1" } });
	expect(out.split("\n")).toContain(`  ${emptyPlaces.noNode.command}`);
});

test("programs get no words for what is not there", async () => {
	for (const words of [
		"node list",
		"lun list --candidates",
		"lun list",
		"log",
		"task list",
		"map list",
		"audit",
	])
		expect(await run(["-o", "json", ...words.split(" ")], { socket })).toMatchObject({
			out: "[]\n",
			err: "",
		});
});

test("with the first node, the LUNs that it finds are next, and how another node joins", async () => {
	fleet.startAgent("n1");
	await fleet.until("it reports", async () => (await prints("node", "list")).includes("n1"));
	expect(await prints("status")).toContain(wordsOf("nothingAllowed"));
	expect(await prints("node", "list")).toContain(wordsOf("anotherNode"));
	await fleet.until("it sees disks", async () =>
		(await prints("lun", "list", "--candidates")).includes(milk),
	);
	expect(await prints("storage", "status")).toContain(wordsOf("noStorage"));
	expect(await prints("map", "list")).toBe(wordsOf("noMap"));
	await fleet.call("POST", "/access/users", { userid: "jane@local" });
	expect(await prints("token", "list", "jane@local")).toBe(`jane@local: ${wordsOf("noToken")}`);
});

test("with a LUN and a second node, all is well and nobody says how to go on", async () => {
	await run(["lun", "allow", milk, "alias=milk-run"], { socket });
	fleet.startAgent("n2");
	await fleet.until("all is optimal", async () => {
		const out = await prints("status");
		return out.includes("The one LUN is optimal on 2 nodes.");
	});
	expect(await prints("node", "list")).not.toContain(emptyPlaces.anotherNode.title);
	expect(await prints("lun", "show", "milk-run")).not.toContain("What to do");
});

test("when a path fails, the LUN says what to check", async () => {
	fleet.san.failSession("n2", "vega-a1");
	await fleet.until("it is seen", async () => (await prints("status")).includes("milk-run is degraded"));
	expect(await prints("lun", "show", "milk-run")).toContain(`What to do: - ${stepOfKind["failed-path"]}`);
	fleet.san.restoreSession("n2", "vega-a1");
	await fleet.until("it is mended", async () => (await run(["status"], { socket })).code === 0);
	expect(await prints("lun", "show", "milk-run")).not.toContain("What to do");
});

test("when multipathd or an agent is silent, node and LUN say where to look", async () => {
	await fleet.host("n1").daemon.kill();
	await fleet.until("it is seen", async () =>
		(await prints("node", "show", "n1")).includes(emptyPlaces.silentDaemon.title),
	);
	expect(await prints("node", "show", "n1")).toContain(wordsOf("silentDaemon"));
	expect(await prints("lun", "show", "milk-run")).toContain(stepOfKind["daemon-silent"]);
	await fleet.stopAgent("n2");
	await fleet.until("it is seen", async () =>
		(await prints("node", "show", "n2")).includes("no sign of life"),
	);
	expect(await prints("node", "show", "n2")).toContain(wordsOf("silentAgent"));
	expect(await prints("lun", "show", "milk-run")).toContain(stepOfKind["agent-silent"]);
	expect(await prints("lun", "list", "--candidates")).not.toContain("No node sees any other LUN");
});

test("where nodes answer and see nothing else, the array and the way to it are next", async () => {
	await fleet.host("n1").daemon.start();
	for (const { plan } of fleet.san.luns) if (plan.wwid !== milk) fleet.san.unmapLun(plan.wwid);
	for (const { lun, dev } of fleet.host("n1").kernel.disks)
		if (lun.plan.wwid !== milk) fleet.san.deletePath("n1", dev);
	await fleet.until("it is seen", async () =>
		(await prints("lun", "list", "--candidates")).includes(wordsOf("noCandidate")),
	);
});
