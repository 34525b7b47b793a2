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
			code: "PARAMETER_INVALID",
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
		expect([status, reason]).toEqual([500, "this is a bug in Pathkeeper: see the log of the server"]);
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
