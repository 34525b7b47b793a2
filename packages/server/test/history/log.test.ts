import { draft, type LogKind, liveRoutes } from "@pathkeeper/model";
import { logId, logWrite } from "@pathkeeper/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { logHandlers } from "../../src/history/log-handlers.ts";
import type { BoundRoute } from "../../src/http/bind.ts";
import { localRoot } from "../../src/http/caller.ts";
import { ReportedFleet } from "../reported-fleet.ts";

let fleet: ReportedFleet;
let handlers: readonly BoundRoute[];
const noon = Date.UTC(2026, 10, 22, 12);

beforeEach(async () => {
	fleet = await ReportedFleet.start({ nodes: 2, luns: 2, paths: 4 });
	handlers = logHandlers({ store: fleet.store, runtime: { now: () => noon } });
});
afterEach(async () => {
	await fleet[Symbol.asyncDispose]();
});

async function ask(
	route: BoundRoute["route"],
	query: Record<string, string>,
	path: Record<string, string> = {},
) {
	const handler = handlers.find((one) => one.route === route);
	return await handler?.answer({ path, query, body: undefined }, localRoot);
}

async function write(
	number: number,
	kind: LogKind,
	more: { luns?: string[]; nodes?: string[]; at?: number } = {},
) {
	const { at = noon, ...lists } = more;
	const said = { kind, event: "failed", severity: "error", text: `entry ${number}`, ...lists } as const;
	await fleet.store.txn({ writes: [logWrite({ id: logId(at, number), ...draft(at, said) })] });
}

describe("the log", () => {
	test("is asked by LUN, node, kind and time", async () => {
		await write(1, "lun", { luns: ["a"], nodes: ["n1"] });
		await write(2, "path", { luns: ["b"], nodes: ["n1"] });
		await write(3, "node", { nodes: ["n2"], at: noon - 1000 });
		const texts = async (query: Record<string, string>) =>
			JSON.stringify(await ask(liveRoutes.getLog, query)).match(/entry \d/g);
		expect(await texts({})).toEqual(["entry 2", "entry 1", "entry 3"]);
		expect(await texts({ lun: "a" })).toEqual(["entry 1"]);
		expect(await texts({ node: "n1" })).toEqual(["entry 2", "entry 1"]);
		expect(await texts({ kind: "node" })).toEqual(["entry 3"]);
		expect(await texts({ until: String(noon - 1) })).toEqual(["entry 3"]);
		expect(await texts({ since: String(noon), limit: "1" })).toEqual(["entry 2"]);
	});

	test("is asked page by page", async () => {
		for (let number = 1; number <= 3; number++) await write(number, "lun");
		const first = await ask(liveRoutes.getLog, { limit: "2" });
		expect(first).toMatchObject({
			entries: [{ text: "entry 3" }, { text: "entry 2" }],
			next: logId(noon, 2),
		});
		const second = await ask(liveRoutes.getLog, { limit: "2", before: logId(noon, 2) });
		expect(second).toMatchObject({ entries: [{ text: "entry 1" }], next: null });
	});

	test.each([
		{ before: "../../config/x" },
		{ kind: "nonsense" },
		{ limit: "0" },
		{ since: "-5" },
		{ until: "9e99" },
	])("refuses %j", async (query) => {
		await expect(ask(liveRoutes.getLog, query)).rejects.toMatchObject({ code: "PARAMETER_INVALID" });
	});
});
