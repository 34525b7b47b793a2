import { describe, expect, test } from "vitest";
import {
	createClient,
	multipathRoutes,
	nodeRoutes,
	PathkeeperError,
	routes,
	type Send,
} from "../../src/index.ts";

interface Sent {
	readonly method: string;
	readonly target: string;
	readonly body: string | null;
}

/** A client whose server answers the same to everything, and what it was asked. */
function clientOf(body: unknown, status = 200, reason = "OK") {
	const sent: Sent[] = [];
	let simulated = 0;
	const send: Send = (request) => {
		sent.push(request);
		return Promise.resolve({ status, reason, body: typeof body === "string" ? body : JSON.stringify(body) });
	};
	const client = createClient(send, { onSimulated: () => simulated++ });
	return { client, sent, simulated: () => simulated };
}

async function errorOf(promise: Promise<unknown>): Promise<PathkeeperError> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof PathkeeperError) return error;
		throw error;
	}
	throw new Error("it did not fail");
}

const forgotten = { data: { digest: "d", log: [], verified: 1 } };

describe("a call", () => {
	test("puts parameters into the path, the query or the body, as the route and its method have them", async () => {
		const { client, sent } = clientOf(forgotten);
		await client.call(multipathRoutes.forgetLun, { wwid: "3a#+:b", force: 1, digest: "a b&c" });
		const { client: changing, sent: changed } = clientOf({ data: { digest: "d" } });
		await changing.call(multipathRoutes.putLun, { wwid: "3a", comment: "x=1&y" });
		expect([...sent, ...changed]).toEqual([
			{
				method: "DELETE",
				target: "/api2/json/cluster/multipath/wwids/3a%23%2B%3Ab?force=1&digest=a%20b%26c",
				body: null,
			},
			{ method: "PUT", target: "/api2/json/cluster/multipath/wwids/3a", body: '{"comment":"x=1&y"}' },
		]);
	});

	test.each(["", ".", "..", "a\ud800"])("with %j as a name in the path is never sent", async (node) => {
		const { client, sent } = clientOf({ data: {} });
		const error = await errorOf(client.call(nodeRoutes.nodeStatus, { node }));
		expect([error.code, Object.keys(error.fields), sent]).toEqual(["PARAMETER_INVALID", ["node"], []]);
	});

	test("says when what it got is about simulated hosts", async () => {
		const real = clientOf(forgotten);
		await real.client.call(multipathRoutes.forgetLun, { wwid: "3a" });
		const played = clientOf({ ...forgotten, simulated: 1 });
		await played.client.call(multipathRoutes.forgetLun, { wwid: "3a" });
		expect([real.simulated(), played.simulated()]).toEqual([0, 1]);
	});
});

describe("an answer that is an error", () => {
	test("of refused parameters is the caller's fault, field by field", async () => {
		const { client } = clientOf(
			{ data: null, message: "Parameter verification failed.\n", errors: { alias: "no" } },
			400,
		);
		const error = await errorOf(client.call(multipathRoutes.listLuns, {}));
		expect(error).toMatchObject({
			code: "REMOTE_REFUSED",
			fault: "input",
			message: "Parameter verification failed.",
			fields: { alias: "no" },
		});
	});

	test("has the server's message, or where that is missing the reason phrase", async () => {
		const told = clientOf(
			{ data: null, message: "LUN 3a is in use and was not changed: n1: x\n" },
			500,
			"short",
		);
		expect((await errorOf(told.client.call(multipathRoutes.listLuns, {}))).message).toBe(
			"LUN 3a is in use and was not changed: n1: x",
		);
		const bare = clientOf("<html>", 502, "Bad Gateway");
		expect(await errorOf(bare.client.call(multipathRoutes.listLuns, {}))).toMatchObject({
			code: "REMOTE",
			message: "Bad Gateway",
		});
	});

	test("keeps the server's code and values, whatever its version calls them", async () => {
		const remoteOf = async (body: object, status = 500) =>
			(await errorOf(clientOf(body, status).client.call(multipathRoutes.listLuns, {}))).remote;
		const values = { wwid: "3a", users: "n1: x", count: 2 };
		expect(await remoteOf({ data: null, message: "in use", code: "LUN_IN_USE", values })).toEqual({
			status: 500,
			code: "LUN_IN_USE",
			values,
		});
		expect(await remoteOf({ code: "OF_LATER", values: { a: [1], b: "x" } }, 400)).toEqual({
			status: 400,
			code: "OF_LATER",
			values: { b: "x" },
		});
		// Version 0.1.0 sent none.
		expect(await remoteOf({ data: null, message: "in use" })).toEqual({
			status: 500,
			code: null,
			values: {},
		});
		expect(await remoteOf({ code: 7, values: "x" })).toEqual({ status: 500, code: null, values: {} });
	});

	test.each([
		[400, "REMOTE_REFUSED", "input"],
		[401, "REMOTE_DENIED", "denied"],
		[403, "REMOTE_DENIED", "denied"],
		[413, "REMOTE_DENIED", "denied"],
		[501, "REMOTE_DENIED", "denied"],
		[429, "REMOTE", "unavailable"],
		[500, "REMOTE", "unavailable"],
		[503, "REMOTE", "unavailable"],
		[507, "REMOTE", "unavailable"],
	])("of status %i is %s, of class %s", async (status, code, fault) => {
		const { client } = clientOf({ data: null, message: "no\n" }, status);
		expect(await errorOf(client.call(multipathRoutes.listLuns, {}))).toMatchObject({ code, fault });
	});

	test.each([
		["no JSON", "{cut"],
		["another form", { data: [{ alias: 1 }] }],
		["nothing", {}],
	])("is a fault when it holds %s", async (_, body) => {
		const { client } = clientOf(body);
		expect((await errorOf(client.call(multipathRoutes.listLuns, {}))).code).toBe("BUG");
	});
});

test("no two routes answer to one method and path", () => {
	const places = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:[a-z]+/g, ":x")}`);
	expect(new Set(places).size).toBe(places.length);
});
