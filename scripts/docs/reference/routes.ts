import { furtherOf, type Route, routes, servedPath } from "@pathkeeper/model";

/** The page of all routes of the API, from the table that the server registers them by. */
export function routesPage(): string {
	const sorted = routes.toSorted((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
	const parts = Map.groupBy(sorted, partOf);
	const sections = [...parts].flatMap(([part, inPart]) => [
		`## ${part}`,
		"",
		"| route | needs | what it does |",
		"|---|---|---|",
		...inPart.map(row),
		"",
	]);
	return `# Routes of the API

The API is served over HTTPS and on the local socket, below \`/api2/json\`. It has the form of Proxmox VE's: parameters in
the path, then in the query (GET, DELETE) or the body (POST, PUT, as a form or JSON), and answers as
\`{"data": …}\`. Parameters in *italics* may be left out.

An error has another status and the form \`{"data": null, "message": "…", "errors": {…}, "code": "…", "values": {…}}\`:
\`message\` is for people, \`errors\` has a text for each parameter at fault, and \`code\` with \`values\` says the same
as data, as in \`"code": "LUN_IN_USE", "values": {"wwid": "…", "users": "…"}\`. What does not apply is left out.

Log in with \`POST /api2/json/access/ticket\`, or send a token with each request:
\`Authorization: PVEAPIToken=USER@REALM!NAME=SECRET\`.

All types and descriptions are in \`/api2/openapi.json\` of every server, an OpenAPI 3.1 document.

${sections.join("\n").trimEnd()}
`;
}

/** The same in every language of the machine. */
function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function partOf(route: Route): string {
	const [part = ""] = route.path.slice(1).split("/");
	return route.below === undefined ? `/${part}` : "Not below /api2/json";
}

function row(route: Route): string {
	const { method, privilege, summary } = route;
	const needs = privilege === "none" ? "nothing" : privilege === "login" ? "a login" : privilege;
	const path = route.below === undefined ? route.path : servedPath(route);
	const parameters = parametersOf(route);
	const takes = parameters === "" ? "" : `. Takes ${parameters}`;
	return `| \`${method} ${path}\` | ${needs} | ${cell(summary.replace(/\.$/, ""))}${takes}. |`;
}

/** Those that are not in the path. */
function parametersOf({ path, parameters }: Route): string {
	const required = new Set(stringsIn("required" in parameters ? parameters.required : []));
	const names = Object.keys("properties" in parameters ? (parameters.properties ?? {}) : {});
	const given = names.filter((name) => !path.split("/").includes(`:${name}`));
	const shown = given.map((name) => (required.has(name) ? `\`${name}\`` : `*\`${name}\`*`));
	return [...shown, ...(furtherOf(parameters) === null ? [] : ["settings"])].join(", ");
}

function stringsIn(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function cell(text: string): string {
	return text.replace(/[|*_<>[\]`]/g, (mark) => `\\${mark}`);
}
