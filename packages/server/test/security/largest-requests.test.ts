/**
 * Every route, asked with the largest that it takes of each kind of body, in the form that costs most: the CPU stays in
 * proportion to what was sent. A stranger's requests are counted against a plain pass over what they send, too.
 */
import { furtherOf, type Route, routes, servedPath } from "@pathkeeper/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SimulatedFleet } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ agents: false, serverSpeed: 1000 });
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

const mebibyte = 1024 * 1024;
const largestOf = (route: Route) => (route.privilege === "none" ? 16 * 1024 : 4 * mebibyte) - 1024;

/** As often as it fits. */
const filled = (piece: string, size: number) => piece.repeat(Math.floor(size / piece.length));
const numbered = (piece: (n: number) => string, size: number) => {
	const pieces: string[] = [];
	for (let n = 0, length = 0; length < size; n++) {
		pieces.push(piece(n));
		length += pieces[n]?.length ?? 0;
	}
	return pieces.join("");
};

interface Body {
	readonly type: string;
	readonly make: (size: number) => string;
}

const form = "application/x-www-form-urlencoded";
const json = "application/json";
const bodies: Readonly<Record<string, Body>> = {
	"one key again and again": { type: form, make: (size) => filled("a=&", size) },
	separators: { type: form, make: (size) => filled("&", size) },
	"ever new keys": { type: form, make: (size) => numbered((n) => `k${n}=1&`, size - 20) },
	escapes: { type: form, make: (size) => `a=${filled("%2541", size - 10)}` },
	"broken escapes": { type: form, make: (size) => `a=${filled("%", size - 10)}` },
	"plus signs": { type: form, make: (size) => filled("+", size) },
	"lists in lists": { type: json, make: (size) => filled("[", size) },
	"objects in objects": { type: json, make: (size) => filled('{"a":', size) },
	"a list of objects": { type: json, make: (size) => `[${filled("{},", size - 10)}{}]` },
	"ever new members": { type: json, make: (size) => `{${numbered((n) => `"k${n}":1,`, size - 40)}"a":1}` },
	"a long text": { type: json, make: (size) => `{"a":"${filled("a", size - 20)}"}` },
	"a text of escapes": { type: json, make: (size) => `{"a":"${filled("\\u0061", size - 20)}"}` },
	"a prototype far behind": { type: json, make: (size) => `{"a":"${filled("a", size - 50)}","__proto__":1}` },
	blanks: { type: json, make: (size) => filled(" ", size) },
	"plain text": { type: "text/plain", make: (size) => filled("a=&", size) },
	"a type that nobody knows": { type: "application/xml", make: (size) => filled("<a>", size) },
};

const values: Readonly<Record<string, string>> = {
	node: "n1",
	wwid: "3e",
	storage: "san",
	userid: "a@local",
};
const urlOf = (route: Route) =>
	servedPath(route).replace(/:([a-z]+)/g, (_, name: string) => values[name] ?? "x");

/** The least CPU of some calls, in microseconds. */
async function cpuOf(call: () => Promise<unknown>, rounds = 3): Promise<number> {
	let least = Number.POSITIVE_INFINITY;
	for (let round = 0; round < rounds; round++) {
		const before = process.cpuUsage();
		await call();
		const { user, system } = process.cpuUsage(before);
		least = Math.min(least, user + system);
	}
	return least;
}

const passes = new Map<number, number>();
const emptyRequests = new Map<Route, number>();

/** CPU of reading a text as plainly as can be, and of what any request of the route costs. */
async function plainCpu(route: Route, text: string): Promise<number> {
	const pass =
		passes.get(text.length) ??
		(await cpuOf(async () => {
			let sum = 0;
			for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at);
			return sum;
		}));
	passes.set(text.length, pass);
	const empty =
		emptyRequests.get(route) ??
		(await cpuOf(() => fleet.app.inject({ method: route.method, url: urlOf(route) })));
	emptyRequests.set(route, empty);
	return Math.max(pass, 500) + empty;
}

/**
 * What was sent may cost so many times as much as to look at each of its bytes: some ten times is usual, and a busy
 * machine makes more of it. What looks at its bytes anew for each of them costs some ten thousand times as much.
 */
const most = 150;

async function expectCheap(route: Route, text: string, request: object): Promise<void> {
	const plain = await plainCpu(route, text);
	const call = async () => {
		const { statusCode } = await fleet.app.inject({ method: route.method, url: urlOf(route), ...request });
		expect(statusCode).not.toBe(200);
	};
	let ratio = Number.POSITIVE_INFINITY;
	for (let round = 0; round < 4 && ratio >= most; round++)
		ratio = Math.min(ratio, (await cpuOf(call, 1)) / plain);
	expect(ratio).toBeLessThan(most);
}

const taking = routes.filter(({ method }) => method === "POST" || method === "PUT");
const named = (all: readonly Route[]) =>
	all.map((route) => [`${route.method} ${route.path}`, route] as const);

describe.each(named(taking))("%s", (_, route) => {
	test.each(Object.entries(bodies))("with a body of the largest size: %s", async (__, { type, make }) => {
		const body = make(largestOf(route));
		await expectCheap(route, body, { payload: body, headers: { "content-type": type } });
	});
});

describe.each(named(routes.filter(({ media }) => media === undefined)))("%s", (_, route) => {
	test("with the longest query, and the longest cookie", async () => {
		const query = filled("a=&", 15_000);
		await expectCheap(route, query, { url: `${urlOf(route)}?${query}` });
	});
});

/** What is read as a document costs much a character, and a preview reads two documents several times. */
const mostOfDocuments = 8000;

/** The largest that the schema of a route lets through; what its texts mean is up to its handler. */
function largestLegal(route: Route, piece: string): Record<string, unknown> {
	const properties: unknown = "properties" in route.parameters ? route.parameters.properties : {};
	const entries = Object.entries(properties instanceof Object ? properties : {}).flatMap(([key, schema]) => {
		const fields = new Map<string, unknown>(Object.entries(schema instanceof Object ? schema : {}));
		const longest = fields.get("maxLength");
		if (values[key] !== undefined || fields.get("type") !== "string" || key === "digest") return [];
		return [[key, filled(piece, typeof longest === "number" ? longest : 1000)] as const];
	});
	const further =
		furtherOf(route.parameters) === null ? [] : Array.from({ length: 900 }, (_, n) => [`k${n}`, piece]);
	return Object.fromEntries([...entries, ...further]);
}

describe.each(named(taking))("%s takes no more than its largest parameters are worth", (_, route) => {
	test.each(["a", "a,", "a\n", "wwid: w\n\n", "#\n", "}", '"'])("filled with %j", async (piece) => {
		const given = largestLegal(route, piece);
		const text = JSON.stringify(given);
		const plain = await plainCpu(route, text);
		const call = () => fleet.app.inject({ method: route.method, url: urlOf(route), payload: given });
		let ratio = Number.POSITIVE_INFINITY;
		for (let round = 0; round < 4 && ratio >= mostOfDocuments; round++)
			ratio = Math.min(ratio, (await cpuOf(call, 1)) / plain);
		expect(ratio).toBeLessThan(mostOfDocuments);
	});
});
