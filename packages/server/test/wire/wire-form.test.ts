import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, SimulatedFleet } from "../simulated-fleet.ts";
import { rawRequest } from "./raw-request.ts";

let fleet: SimulatedFleet;
let socket: string;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ agents: false });
	socket = await fleet.listen();
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

const wwids = "/cluster/multipath/wwids";

async function raw(line: string, body = "", type = "application/json"): Promise<string> {
	const head = [`${line} HTTP/1.1`, "Host: x", "Connection: close"];
	const ofBody = body === "" ? [] : [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`];
	return await rawRequest(socket, `${[...head, ...ofBody].join("\r\n")}\r\n\r\n${body}`);
}

describe("an answer on the wire", () => {
	test("is HTTP/1.1 with data and the content type to the letter", async () => {
		const answer = await raw("GET /api2/json/version");
		expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
		expect(answer).toMatch(/\r\ncontent-type: application\/json;charset=UTF-8\r\n/);
		expect(answer).toMatch(/\r\n\r\n\{"data":\{"version":"1\.2\.3","release":"1\.2","repoid":""\}\}$/);
	});

	test("has the first line of an error as its reason phrase", async () => {
		const refused = await raw(`POST /api2/json${wwids}`, "{}");
		expect(refused).toMatch(/^HTTP\/1\.1 400 Parameter verification failed\.\r\n/);
		expect(refused).toMatch(/\r\ncontent-type: application\/json;charset=UTF-8\r\n/);
		expect(JSON.parse(refused.split("\r\n\r\n")[1] ?? "")).toEqual({
			data: null,
			message: "Parameter verification failed.\n",
			errors: { wwid: "property is missing and it is not optional" },
		});
		const absent = await raw(`GET /api2/json/nodes/${encodeURIComponent("é\nx")}/status`);
		expect(absent).toMatch(/^HTTP\/1\.1 500 node '\?\r\n/);
	});

	test.each([
		["GET", "/nothing/here"],
		["PUT", "/version"],
		["DELETE", "/cluster/multipath"],
	])("says 501 to %s %s, which nobody made", async (method, path) => {
		const answer = await raw(`${method} /api2/json${path}`);
		expect(answer.startsWith(`HTTP/1.1 501 Method '${method} ${path}' not implemented\r\n`)).toBe(true);
		expect(answer).toContain("application/json;charset=UTF-8");
	});

	test("says of simulated hosts beside the data that they are", async () => {
		await using simulated = await SimulatedFleet.start({ agents: false, simulated: true });
		const { body } = await simulated.call("GET", "/version");
		expect(JSON.parse(body)).toMatchObject({ simulated: 1, data: { version: "1.2.3" } });
	});

	test("lists what there is below the path of multipath", async () => {
		const { data } = await fleet.call("GET", "/cluster/multipath");
		expect(data).toContainEqual({ name: "wwids" });
	});
});

describe("a body", () => {
	test.each([
		["JSON", { wwid: "3a", "expected-paths": 4, "no-path-retry": 12 }],
		["JSON with every number as text", { wwid: "3b", "expected-paths": "4", "no-path-retry": "12" }],
		["urlencoded", "wwid=3c&expected-paths=4&no-path-retry=12"],
	])("is read as %s", async (_, body) => {
		expect(await fleet.call("POST", wwids, body)).toMatchObject({ status: 200 });
		const wwid = typeof body === "string" ? "3c" : body.wwid;
		const { data } = await fleet.call("GET", `${wwids}/${wwid}`);
		expect(data).toMatchObject({ wwid, "expected-paths": 4, "no-path-retry": "12" });
	});

	test("may be empty although its type is named, and may carry _dc against caches", async () => {
		expect(await raw("DELETE /api2/json/cluster/multipath/wwids/3none", "", "x")).toMatch(/ 500 LUN 3none /);
		const named = await raw(
			"GET /api2/json/cluster/multipath/defaults?_dc=1700000000000",
			"",
			"application/json",
		);
		expect(named).toMatch(/^HTTP\/1\.1 200/);
		const empty = [
			"DELETE /api2/json/cluster/multipath/wwids/3none HTTP/1.1",
			"Host: x",
			"Connection: close",
		];
		const typed = [...empty, "Content-Type: application/json", "Content-Length: 0"].join("\r\n");
		expect(await rawRequest(socket, `${typed}\r\n\r\n`)).toMatch(/ 500 LUN 3none /);
	});

	test.each([
		["cut JSON", '{"wwid": "3d"', "application/json"],
		["a list", '["3d"]', "application/json"],
		["a word", '"3d"', "application/json"],
		["a prototype", '{"__proto__": {"wwid": "3d"}}', "application/json"],
		["a type that is not read", "<wwid>3d</wwid>", "text/xml"],
	])("that is %s is refused with 400", async (_, body, type) => {
		const answer = await raw(`POST /api2/json${wwids}`, body, type);
		expect(answer).toMatch(/^HTTP\/1\.1 400 Parameter verification failed\.\r\n/);
		expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "").errors).toHaveProperty("body");
	});

	test("longer than the server takes is refused with 413", async () => {
		const answer = await fleet.call("PUT", "/cluster/multipath/overrides", { text: "x".repeat(5_000_000) });
		expect(answer).toMatchObject({ status: 413, errors: { body: "the body is longer than 4 MiB" } });
	});
});

describe("parameters", () => {
	test.each([
		[
			"an unknown key",
			"POST",
			wwids,
			{ wwid: "3e", colour: "red" },
			{
				colour: "property is not defined in schema and the schema does not allow additional properties",
			},
		],
		[
			"a word for a number",
			"POST",
			wwids,
			{ wwid: "3e", "expected-paths": "many" },
			{
				"expected-paths": "type check ('integer') failed - got 'many'",
			},
		],
		[
			"half a path",
			"POST",
			wwids,
			{ wwid: "3e", "expected-paths": 1.5 },
			{
				"expected-paths": "type check ('integer') failed - got '1.5'",
			},
		],
		[
			"no path",
			"POST",
			wwids,
			{ wwid: "3e", "expected-paths": 0 },
			{
				"expected-paths": "value must have a minimum value of 1",
			},
		],
		[
			"too many paths",
			"POST",
			wwids,
			{ wwid: "3e", "expected-paths": 9999 },
			{
				"expected-paths": "value must have a maximum value of 1024",
			},
		],
		[
			"an object for a text",
			"POST",
			wwids,
			{ wwid: "3e", alias: { a: 1 } },
			{
				alias: "type check ('string') failed - got 'object'",
			},
		],
		[
			"nothing for a text",
			"POST",
			wwids,
			{ wwid: "3e", alias: null },
			{
				alias: "type check ('string') failed - got 'null'",
			},
		],
		[
			"a long alias",
			"POST",
			wwids,
			{ wwid: "3e", alias: "a".repeat(64) },
			{
				alias: "value may only be 63 characters long",
			},
		],
		[
			"a word for a flag",
			"DELETE",
			`${wwids}/3e?force=maybe`,
			undefined,
			{
				force: "type check ('boolean') failed - got 'maybe'",
			},
		],
		[
			"one key twice in a body",
			"POST",
			wwids,
			"wwid=3e&alias=a&alias=b",
			{
				alias: "given twice, with different values",
			},
		],
		[
			"one key twice in an address",
			"DELETE",
			`${wwids}/3e?force=1&force=0`,
			undefined,
			{
				force: "given twice, with different values",
			},
		],
		[
			"one key in path and body with different values",
			"PUT",
			`${wwids}/3e`,
			{ wwid: "3f" },
			{
				wwid: "given twice, with different values",
			},
		],
		[
			"one key in path and query with different values",
			"GET",
			`${wwids}/3e?wwid=3f`,
			undefined,
			{
				wwid: "given twice, with different values",
			},
		],
	] as const)("refuse %s", async (_, method, path, body, errors) => {
		expect(await fleet.call(method, path, body)).toMatchObject({ status: 400, errors });
	});

	test("tell everything that is wrong at once", async () => {
		const { errors } = await fleet.call("POST", wwids, { alias: 1, colour: "red", "expected-paths": "x" });
		expect(Object.keys(errors ?? {}).sort()).toEqual(["colour", "expected-paths", "wwid"]);
	});

	test("given twice with one value are given", async () => {
		expect(await fleet.call("GET", `${wwids}/3e?wwid=3e`)).toMatchObject({
			status: 500,
			reason: "LUN 3e in the allow-list does not exist",
		});
	});

	test("called like what every object has are unknown like any other", async () => {
		for (const key of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
			const { status, errors } = await fleet.call("POST", wwids, `wwid=3e&${key}=x`);
			expect(status).toBe(400);
			expect(Object.keys(errors ?? {})).toEqual([key]);
		}
	});

	test("of a hundred thousand unknown keys are not all repeated", async () => {
		const keys = Array.from({ length: 100_000 }, (_, n) => `k${n}=1`).join("&");
		const { status, body, errors } = await fleet.call("POST", wwids, keys);
		expect([status, errors?.["body"]]).toEqual([400, "more than 1000 keys"]);
		expect(body.length).toBeLessThan(200_000);
	});
});

describe("a name in an address", () => {
	test.each([
		["..%2f..%2fetc%2fpasswd", "PUT"],
		["%2e%2e", "PUT"],
		["-w", "POST"],
		["a%00b", "PUT"],
		["a%0ab", "PUT"],
		["defaults", "POST"],
		["a%22%7d", "PUT"],
		["%F0%9F%92%A9", "PUT"],
	])("that is no WWID (%s) never gets into the configuration", async (name, method) => {
		const body = method === "POST" ? { wwid: decodeURIComponent(name) } : {};
		const path = method === "POST" ? wwids : `${wwids}/${name}`;
		const { status } = await fleet.call(method === "POST" ? "POST" : "PUT", path, body);
		expect([400, 500, 501]).toContain(status);
		const { data } = await fleet.call("GET", "/cluster/multipath/config");
		expect(JSON.stringify(data)).not.toMatch(/etc|passwd|defaults: \\"/);
		expect(fleet.faults).toEqual([]);
	});

	test("that is not encoded as addresses are is refused", async () => {
		expect(await raw(`GET /api2/json${wwids}/%zz`)).toMatch(/^HTTP\/1\.1 400 /);
		expect(await raw(`GET /api2/json/nodes/${"n".repeat(600)}/status`)).toMatch(/^HTTP\/1\.1 400 /);
	});

	test("of a node that is none is told as such", async () => {
		for (const node of ["..%2fx", "n9", "%0a"]) {
			const { status, message } = await fleet.call("GET", `/nodes/${node}/disks/multipath`);
			expect(status).toBe(500);
			expect(message).toContain("does not exist");
		}
	});
});

describe("a fault of ours", () => {
	test("is told as such without its insides, and handed to whoever runs the server", async () => {
		await using broken = await SimulatedFleet.start({ agents: false });
		broken.store.list = () => Promise.reject(new TypeError("secret: /var/lib/pathkeeper/store.db"));
		const { status, body, reason } = await broken.call("GET", "/nodes");
		expect([status, reason]).toEqual([500, "this is a fault of Pathkeeper: see the log of the server"]);
		expect(body).not.toContain("secret");
		expect(broken.faults).toEqual([expect.objectContaining({ message: expect.stringContaining("secret") })]);
	});

	test("is not what the store's silence is", async () => {
		await using closed = await SimulatedFleet.start({ agents: false });
		await closed.store.close();
		const { status, message } = await closed.call("GET", `${wwids}/${milk}`);
		expect(status).toBe(500);
		expect(message).toContain("the store does not answer");
		expect(closed.faults).toEqual([]);
	});
});
