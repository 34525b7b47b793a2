import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SimulatedFleet } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ agents: false });
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

const wwids = "/cluster/multipath/wwids";

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
