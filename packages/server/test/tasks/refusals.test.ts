/** A refusal of a node keeps its code and values on the way to the client. */
import { createClient, PathkeeperError, storageRoutes } from "@pathkeeper/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { statusOfError } from "../../src/http/error-status.ts";
import { accessContext, createApi, createServer, socketGate } from "../../src/index.ts";
import { errorOf } from "../../src/tasks/node-outcome.ts";
import { milk, SimulatedFleet, tea } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	await fleet.allow(milk, tea);
	await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
	const data = { storage: "data", type: "lvm", vgname: "vg0", base: `san:${tea}`, shared: 1 };
	expect(await fleet.call("POST", "/storage", data)).toMatchObject({ status: 200 });
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

async function failureOf(method: "GET" | "POST" | "PUT" | "DELETE", path: string, parameters?: object) {
	const { body } = await fleet.call(method, path, { ...parameters });
	const { code, values, message }: Record<string, unknown> = JSON.parse(body);
	return { code, values, message };
}

const content = "/nodes/n1/storage/data/content";

describe("a refusal of a node", () => {
	test.each([
		[
			"for a volume that is not there",
			"POST",
			`${content}/vm-9-disk-0/activate`,
			{ code: "VOLUME_ABSENT", values: { volume: "data:vm-9-disk-0" } },
		],
		[
			"for what its storage does not do",
			"POST",
			"/nodes/n1/storage/san/content",
			{ code: "VOLUME_REFUSED", values: { problem: "can't allocate space in multipath storage" } },
		],
		[
			"for a name that is none",
			"POST",
			`${content}/a%2Fb/activate`,
			{ code: "VOLUME_NAME_INVALID", values: { type: "lvm", volname: "a/b" } },
		],
		[
			"of a portal that does not answer",
			"GET",
			"/nodes/n1/scan/iscsi?portal=192.0.2.7",
			{ code: "ISCSI_FAILED", values: { portal: "192.0.2.7:3260" } },
		],
	] as const)("%s has its code and values", async (_, method, path, failure) => {
		const parameters = path.endsWith("/content") ? { vmid: 100, filename: "", size: "8M" } : {};
		expect(await failureOf(method, path, parameters)).toMatchObject(failure);
	});

	test("names the users of a LUN as data, all the way to the typed client", async () => {
		fleet.host("n2").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		expect(await failureOf("DELETE", `/cluster/multipath/wwids/${milk}`)).toEqual({
			code: "LUN_IN_USE",
			values: { wwid: milk, users: "n2: mounted on /srv" },
			message: `LUN ${milk} is in use and was not changed: n2: mounted on /srv\n`,
		});
		const client = createClient(
			async ({ target }) => await fleet.call("POST", target.replace("/api2/json", "")),
		);
		const place = { node: "n1", storage: "data", volume: "vm-9-disk-0" };
		const error: unknown = await client
			.call(storageRoutes.activateVolume, place)
			.catch((reason: unknown) => reason);
		expect(error instanceof PathkeeperError ? error.remote : null).toEqual({
			status: 500,
			code: "VOLUME_ABSENT",
			values: { volume: "data:vm-9-disk-0" },
		});
	});
});

describe("a call that leaves a task", () => {
	test("is found by the client's reference, and by no other", async () => {
		const alloc = (reference: string, vmid: number) =>
			fleet.call("POST", content, { vmid, filename: "", size: "8M", reference });
		const made = await Promise.all([alloc("tab 1", 101), alloc("tab 2", 102)]);
		expect(made.map(({ data }) => data)).toEqual(["data:vm-101-disk-0", "data:vm-102-disk-0"]);
		const tasksOf = async (reference: string) =>
			(await fleet.call("GET", `/nodes/n1/tasks?reference=${encodeURIComponent(reference)}`)).data;
		const [one, other] = [await tasksOf("tab 1"), await tasksOf("tab 2")];
		expect([one, other]).toMatchObject([
			[{ type: "imgalloc", status: "OK" }],
			[{ type: "imgalloc", status: "OK" }],
		]);
		expect(one).not.toEqual(other);
		expect(await tasksOf("tab 3")).toEqual([]);
	});
});

test("a change that a node refuses stays charged: a task and a record of it were left", async () => {
	let charged = 0;
	const onFault = (error: unknown) => {
		throw error;
	};
	const access = accessContext({ store: fleet.store, runtime: realRuntime, tell: () => undefined });
	const { live, store } = fleet;
	const charge = () => {
		charged++;
		return () => {
			charged--;
		};
	};
	await using app = createServer({
		api: createApi({ runtime: realRuntime, store, access, live, version: "1" }),
		gate: { ...socketGate, charge },
		tls: null,
		simulated: false,
		onFault,
	});
	const call = async (url: string, payload: object) =>
		(await app.inject({ method: "POST", url: `/api2/json${url}`, payload })).statusCode;
	const records = async () => (await store.list("audit/")).entries.length;
	const before = await records();
	for (let n = 0; n < 3; n++) expect(await call(`${content}/a%2Fb/activate`, {})).toBe(400);
	expect({ records: (await records()) - before, charged }).toEqual({ records: 3, charged: 3 });
	// What the server itself refuses left nothing.
	expect(await call(content, { vmid: 1 })).toBe(400);
	expect(charged).toBe(3);
});

test("what a node was denied is not denied to the caller", () => {
	const denied = { code: "MULTIPATHD_DENIED", values: { command: "show maps" }, text: "not root" } as const;
	const error = errorOf({ node: "n1", kind: "failed", ...denied });
	expect(error.code).toBe("MULTIPATHD_DENIED");
	expect(statusOfError(error)).toBe(500);
});
