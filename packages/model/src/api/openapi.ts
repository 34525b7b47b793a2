/** The API described for others: OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0), written from the routes and nothing else. */
import { type TObject, type TSchema, Type } from "typebox";
import { checkedOn } from "../access/requirement.ts";
import { furtherOf, pathParameters, type Route, servedPath } from "./route.ts";

/** JSON data. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

const failures: Readonly<Record<string, string>> = {
	"400": "A parameter is not valid; `errors` gives the reason for each field",
	"401": "The caller is not authenticated, or a change lacks its CSRF token",
	"403": "The caller lacks the privilege",
	"500": "The request could not be carried out; `message` says why",
	"503": "The server or a node is busy, and nothing was done; `Retry-After` says when to retry",
};

/** `version` is that of the program. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
	const paths = new Map<string, Record<string, unknown>>();
	for (const route of routes) {
		const path = servedPath(route).replace(/:([a-z]+)/g, "{$1}");
		paths.set(path, { ...paths.get(path), [route.method.toLowerCase()]: operationOf(route) });
	}
	return {
		openapi: "3.1.0",
		info: {
			title: "Pathkeeper",
			version,
			description:
				"Answers are in Proxmox VE's wire form: `data` holds the result. Answers about simulated hosts say `simulated: 1` beside it.",
			license: { name: "Apache-2.0", identifier: "Apache-2.0" },
		},
		servers: [{ url: "/" }],
		paths: Object.fromEntries(paths),
		components: {
			securitySchemes: {
				ticket: { type: "apiKey", in: "cookie", name: "PVEAuthCookie" },
				csrf: { type: "apiKey", in: "header", name: "CSRFPreventionToken" },
				token: {
					type: "apiKey",
					in: "header",
					name: "Authorization",
					description: "PVEAPIToken=USER@REALM!NAME=SECRET",
				},
			},
			schemas: { Failure: plain(failure) },
			responses: Object.fromEntries(
				Object.entries(failures).map(([status, description]) => [
					`Failure${status}`,
					{ description, ...json({ $ref: "#/components/schemas/Failure" }) },
				]),
			),
		},
	};
}

const failure = Type.Object({
	data: Type.Null(),
	message: Type.String(),
	errors: Type.Optional(Type.Record(Type.String(), Type.String())),
});

function operationOf(route: Route): Record<string, unknown> {
	const { method, path, privilege, summary, self } = route;
	const open = privilege === "none";
	const needsRight = !open && privilege !== "login";
	const changes = method !== "GET";
	const refused = Object.keys(failures).filter((status) => needsRight || status !== "403");
	return {
		operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(.?)/g, (_, next: string) => next.toUpperCase())}`,
		summary,
		tags: [path.split("/")[1] ?? ""],
		...(open
			? { security: [] }
			: { security: [{ ticket: [], ...(changes ? { csrf: [] } : {}) }, { token: [] }] }),
		"x-privilege": {
			privilege,
			...(needsRight ? { on: checkedOn(route) } : {}),
			...(self === undefined ? {} : { self }),
		},
		...inputsOf(route),
		responses: {
			"200": { description: "Done", ...contentOf(route) },
			...Object.fromEntries(
				refused.map((status) => [status, { $ref: `#/components/responses/Failure${status}` }]),
			),
		},
	};
}

function inputsOf(route: Route): Record<string, unknown> {
	const inPath = pathParameters(route);
	const schema = objectOf(route.parameters);
	const all = Object.entries(schema.properties);
	const required = new Set(schema.required);
	const parameter =
		(place: "path" | "query") =>
		([name, of]: [string, TSchema]) => ({
			name,
			in: place,
			required: place === "path" || required.has(name),
			schema: plain(of),
		});
	const path = all.filter(([name]) => inPath.includes(name)).map(parameter("path"));
	const rest = all.filter(([name]) => !inPath.includes(name));
	if (route.method === "GET" || route.method === "DELETE")
		return { parameters: [...path, ...rest.map(parameter("query"))] };
	const body = {
		type: "object",
		properties: Object.fromEntries(rest.map(([name, of]) => [name, plain(of)])),
		required: rest.map(([name]) => name).filter((name) => required.has(name)),
		additionalProperties: schema.more === null ? false : plain(schema.more),
	};
	return {
		parameters: path,
		requestBody: {
			required: body.required.length > 0,
			content: {
				"application/json": { schema: body },
				"application/x-www-form-urlencoded": { schema: body },
			},
		},
	};
}

function contentOf({ media, result }: Route): Record<string, unknown> {
	if (media !== undefined) return { content: { [media]: { schema: plain(result) } } };
	const simulated = { const: 1, description: "present when the hosts are simulated" };
	const properties = { data: plain(result), simulated };
	return json({ type: "object", properties, required: ["data"] });
}

function json(schema: object): Record<string, unknown> {
	return { content: { "application/json": { schema } } };
}

/** Routes take named parameters, and nothing else. */
function objectOf(schema: TSchema): Pick<TObject, "properties"> & {
	readonly required: readonly string[];
	/** Of parameters whose names are not known beforehand. */
	readonly more: TSchema | null;
} {
	const properties: unknown = "properties" in schema ? schema.properties : {};
	const required: unknown = "required" in schema ? schema.required : [];
	const entries = properties instanceof Object ? Object.entries(properties) : [];
	return {
		properties: Object.fromEntries(entries),
		required: Array.isArray(required) ? required.map(String) : [],
		more: furtherOf(schema),
	};
}

/** What typebox keeps for itself is not part of the document. */
function plain(schema: TSchema): unknown {
	return JSON.parse(JSON.stringify(schema));
}
