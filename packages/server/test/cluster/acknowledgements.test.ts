import { acknowledgementRoutes, multipathRoutes, nodeRoutes } from "@pathkeeper/model";
import { joinFleet, ReportWriter, readAudit } from "@pathkeeper/store";
import Value from "typebox/value";
import { afterEach, beforeEach, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { sampleReport } from "../../../store/test/documents/sample-report.ts";
import { SimulatedFleet } from "../simulated-fleet.ts";

const path = "/cluster/pathkeeper/acknowledgements";
const code = "multipath-tools-known-holes";

let fleet: SimulatedFleet;
beforeEach(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	await fleet.until("both nodes report the finding", async () => {
		const findings = await Promise.all(["n1", "n2"].map(findingsOf));
		return findings.every((each) => each.some((finding) => finding.code === code));
	});
});
afterEach(async () => await fleet[Symbol.asyncDispose]());

interface Found {
	readonly code: string;
	readonly acknowledged: { readonly by: string; readonly reason: string } | null;
}

async function findingsOf(node: string): Promise<readonly Found[]> {
	const { data } = await fleet.call("GET", `/nodes/${node}/status`);
	return Value.Parse(nodeRoutes.nodeStatus.result, data).findings;
}

async function acknowledged(node: string): Promise<Found["acknowledged"]> {
	return (await findingsOf(node)).find((finding) => finding.code === code)?.acknowledged ?? null;
}

test("a finding is acknowledged with a reason, on one node or on all, stays, and is open again", async () => {
	const body = { code, reason: "Debian's package has the fixes" };
	const one = await fleet.call("POST", path, { ...body, node: "n1" });
	expect(one).toMatchObject({ status: 200, data: [expect.stringMatching(/^[0-9a-f]{40}$/)] });
	expect(await acknowledged("n1")).toMatchObject({ by: "root@local", reason: body.reason });
	expect(await acknowledged("n2")).toBeNull();

	await fleet.call("POST", path, { ...body, reason: "everywhere" });
	expect(await acknowledged("n1")).toMatchObject({ reason: body.reason });
	expect(await acknowledged("n2")).toMatchObject({ reason: "everywhere" });
	const { data } = await fleet.call("GET", "/cluster/multipath/status");
	for (const { findings } of Value.Parse(multipathRoutes.getStatus.result, data).nodes)
		expect(findings.find((finding) => finding.code === code)?.acknowledged).not.toBeNull();

	const listed = await fleet.call("GET", path);
	const all = Value.Parse(acknowledgementRoutes.listAcknowledgements.result, listed.data);
	expect(all).toHaveLength(2);
	for (const { id } of all) expect((await fleet.call("DELETE", `${path}/${id}`)).status).toBe(200);
	expect(await acknowledged("n1")).toBeNull();
	expect((await findingsOf("n1")).some((finding) => finding.code === code)).toBe(true);
	const audited = (await readAudit(fleet.store, realRuntime, 10)).map(
		({ what, subject }) => `${what}: ${subject}`,
	);
	expect(audited.toSorted()).toEqual([
		`finding.acknowledge: ${code}`,
		`finding.acknowledge: ${code} on n1`,
		`finding.reopen: ${code}`,
		`finding.reopen: ${code} on n1`,
	]);
});

test("what is not there cannot be acknowledged or taken back", async () => {
	expect(await fleet.call("POST", path, { code: "no-such", reason: "x" })).toMatchObject({ status: 500 });
	expect(await fleet.call("POST", path, { code, node: "n9", reason: "x" })).toMatchObject({ status: 500 });
	expect(await fleet.call("POST", path, { code, reason: "" })).toMatchObject({ status: 400 });
	expect(await fleet.call("DELETE", `${path}/${"0".repeat(40)}`)).toMatchObject({ status: 500 });
	expect((await fleet.call("GET", path)).data).toEqual([]);
});

test("what is not a lasting condition cannot be acknowledged: the next time would be hidden", async () => {
	await using quiet = await SimulatedFleet.start({ agents: false });
	const run = { node: "n5", run: "a", agentVersion: "1.2.3", intervalMs: 5000, joinedAt: 0 };
	await new ReportWriter(quiet.store, "n5", realRuntime).write(
		sampleReport("n5"),
		await joinFleet(quiet.store, run),
	);
	const refused = await quiet.call("POST", path, { code: "drift-file", reason: "x" });
	expect(refused.status).toBe(400);
	expect(refused.body).toContain("not a lasting condition");
	expect((await quiet.call("GET", path)).data).toEqual([]);
});

test("the same reason given again writes nothing; another reason does", async () => {
	const body = { code, node: "n1", reason: "the package has the fixes" };
	const first = await fleet.call("POST", path, body);
	const written = async () =>
		(await fleet.store.list("acknowledgement/")).entries.map(({ revision }) => revision);
	const before = await written();
	for (let n = 0; n < 3; n++) expect((await fleet.call("POST", path, body)).data).toEqual(first.data);
	expect(await written()).toEqual(before);
	expect(await readAudit(fleet.store, realRuntime, 10, { kind: "finding" })).toHaveLength(1);
	await fleet.call("POST", path, { ...body, reason: "another" });
	expect(await readAudit(fleet.store, realRuntime, 10, { kind: "finding" })).toHaveLength(2);
	expect(await acknowledged("n1")).toMatchObject({ reason: "another" });
});

test("more than 50 texts at once are refused, and nothing is written", async () => {
	await using quiet = await SimulatedFleet.start({ agents: false });
	const run = { run: "a", agentVersion: "1.2.3", intervalMs: 5000, joinedAt: 0 };
	const join = async (node: string, count: number) => {
		const findings = Array.from({ length: count }, (_, n) => ({
			code,
			severity: "warning" as const,
			subject: `s${n}`,
			text: `${node} text ${n}`,
		}));
		const membership = await joinFleet(quiet.store, { ...run, node });
		await new ReportWriter(quiet.store, node, realRuntime).write(
			{ ...sampleReport(node), findings },
			membership,
		);
	};
	await join("n5", 30);
	await join("n6", 30);
	await join("n7", 51);
	const refused = await quiet.call("POST", path, { code, reason: "x" });
	expect(refused.status).toBe(400);
	expect(refused.body).toContain(
		"111 different texts are meant, and at most 50 are acknowledged at once; name a node",
	);
	expect((await quiet.call("POST", path, { code, node: "n7", reason: "x" })).body).toContain(
		"name a subject",
	);
	expect((await quiet.call("GET", path)).data).toEqual([]);
	expect((await quiet.call("POST", path, { code, node: "n5", reason: "x" })).data).toHaveLength(30);
});
