import { Validator } from "@seriousme/openapi-schema-validator";
import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "../../src/api/openapi.ts";
import { defineRoute, pathParameters, type Route, servedPath } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";

/** As a client gets it. */
const document: Record<string, unknown> = JSON.parse(JSON.stringify(openApiDocument(routes, "1.2.3")));

function operationOf(route: Route): Record<string, unknown> {
	const paths = new Map(Object.entries(fieldOf(document, "paths")));
	const path = paths.get(servedPath(route).replace(/:([a-z]+)/g, "{$1}"));
	return fieldOf(path, route.method.toLowerCase());
}

function fieldOf(value: unknown, name: string): Record<string, unknown> {
	const field = value instanceof Object ? new Map(Object.entries(value)).get(name) : undefined;
	if (field instanceof Object) return { ...field };
	throw new Error(`there is no ${name} in ${JSON.stringify(value)}`);
}

describe("the description of the API", () => {
	test("is OpenAPI 3.1, by a validator of somebody else's", async () => {
		const validator = new Validator();
		const result = await validator.validate(structuredClone(document));
		expect(result).toMatchObject({ valid: true });
		expect(validator.version).toBe("3.1");
	});

	test("that is damaged would not pass", async () => {
		const { paths: _, info: __, ...rest } = { ...document, paths: 1, info: 1 };
		expect((await new Validator().validate(rest)).valid).toBe(false);
	});

	test.each(routes.map((route) => [`${route.method} ${servedPath(route)}`, route] as const))(
		"tells all of %s",
		(_, route) => {
			const operation = operationOf(route);
			expect(operation["summary"]).toBe(route.summary);
			expect(operation["x-privilege"]).toMatchObject({ privilege: route.privilege });
			const security = operation["security"];
			if (route.privilege === "none") expect(security).toEqual([]);
			else expect(security).toEqual([expect.objectContaining({ ticket: [] }), { token: [] }]);
			const text = JSON.stringify(operation);
			for (const name of Object.keys(fieldOf(route.parameters, "properties")))
				expect(text).toMatch(new RegExp(`"(name":)?"?${name}"`));
			for (const name of pathParameters(route))
				expect(text).toContain(`{"name":"${name}","in":"path","required":true`);
		},
	);

	test("has a change ask for the token against cross-site requests, and a look not", () => {
		for (const route of routes.filter(({ privilege }) => privilege !== "none"))
			expect(JSON.stringify(operationOf(route)["security"]).includes("csrf")).toBe(route.method !== "GET");
	});

	test("gives each operation a name of its own", () => {
		const names = routes.map((route) => operationOf(route)["operationId"]);
		expect(new Set(names).size).toBe(routes.length);
	});
});

describe("a route", () => {
	test("without a privilege does not compile", () => {
		const privileged = {
			method: "GET",
			path: "/x",
			summary: "",
			parameters: Type.Object({}),
			result: Type.Null(),
		} as const;
		// @ts-expect-error: it says nothing about who may.
		expect(defineRoute(privileged)).not.toHaveProperty("privilege");
		// @ts-expect-error: there is no such privilege.
		expect(defineRoute({ ...privileged, privilege: "Sys.Audi" })).toHaveProperty("privilege");
		expect(defineRoute({ ...privileged, privilege: "Sys.Audit" })).toHaveProperty("privilege");
	});

	test("stands once in the table, and asks nothing only where that is known", () => {
		const names = routes.map((route) => `${route.method} ${servedPath(route)}`);
		expect(new Set(names).size).toBe(names.length);
		expect(names.filter((_, at) => routes[at]?.privilege === "none").sort()).toEqual([
			"GET /api2/json/access/domains",
			"POST /api2/json/access/ticket",
		]);
	});
});
