import { createConnection } from "node:net";
import { applyDelta, draft, readPicture, unpackCell } from "@pathkeeper/model";
import { logId, logPrefix, logWrite, type Store } from "@pathkeeper/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { usualStreamLimits } from "../../src/events/stream-shares.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { eventually, ReportedFleet } from "../reported-fleet.ts";
import { EventReader, LiveServer } from "./event-reader.ts";

let fleet: ReportedFleet;
let live: LiveFleet;
const faults: unknown[] = [];

beforeEach(async () => {
	fleet = await ReportedFleet.start({ nodes: 2, luns: 3, paths: 4 });
	live = new LiveFleet({
		runtime: realRuntime,
		store: fleet.store,
		gatherMs: 5,
		onFault: (error) => faults.push(error),
	});
});
afterEach(async () => {
	await live.close();
	await fleet[Symbol.asyncDispose]();
	expect(faults.splice(0)).toEqual([]);
});

/** The store, which also notes the prefixes that are watched. */
function noted(store: Store) {
	const watched: string[] = [];
	const proxy: Store = {
		get: (key) => store.get(key),
		list: (prefix, limit) => store.list(prefix, limit),
		txn: (txn) => store.txn(txn),
		lease: (ttlMs) => store.lease(ttlMs),
		compact: (revision) => store.compact(revision),
		space: () => store.space(),
		close: () => store.close(),
		watch: (prefix, fromRevision, signal) => {
			watched.push(prefix);
			return store.watch(prefix, fromRevision, signal);
		},
	};
	// The watch starts at a revision that was listed before, so it includes whatever is written from then on.
	const isLogFollowed = () => watched.includes(logPrefix);
	return { store: proxy, isLogFollowed };
}

describe("the stream of events", () => {
	test("begins with the whole matrix and goes on with what changes", async () => {
		await using server = await LiveServer.start(live, { store: fleet.store });
		using reader = await EventReader.open(server);
		expect(reader.response.statusCode).toBe(200);
		expect(reader.response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
		const first = readPicture(await reader.next("snapshot"));
		await fleet.report("n2", ({ lun, path }) => lun === 1 && path === 0);
		const delta = await reader.next("delta");
		expect(delta.cells.map(([row, column, byte]) => [row, column, unpackCell(byte).state])).toEqual([
			[1, 1, "degraded"],
		]);
		expect(delta.luns.map(([row, { state }]) => [row, state])).toEqual([[1, "degraded"]]);
		const shown = first && applyDelta(first, delta);
		expect(shown?.luns.map(({ state }) => state)).toEqual(["optimal", "degraded", "optimal"]);
	});

	test("sends the whole matrix again when its shape changes", async () => {
		await using server = await LiveServer.start(live, { store: fleet.store });
		using reader = await EventReader.open(server);
		await reader.next("snapshot");
		await fleet.report("n3");
		expect((await reader.next("snapshot")).nodes.map(({ node }) => node)).toEqual(["n1", "n2", "n3"]);
	});

	test("goes on after the last event that a client got", async () => {
		await using server = await LiveServer.start(live, { store: fleet.store });
		using _other = await EventReader.open(server);
		const reader = await EventReader.open(server);
		const first = await reader.next("snapshot");
		const { lastId } = reader;
		reader[Symbol.dispose]();
		await fleet.report("n1", ({ path }) => path === 0);
		await eventually("the others know", () => _other.arrived.delta.length > 0);
		using back = await EventReader.open(server, { "last-event-id": lastId ?? "" });
		expect((await back.next("delta")).from).toBe(first.rev);
		expect(back.left).toBe(0);
	});

	test("begins anew where the last event is of another run or too long ago", async () => {
		await using server = await LiveServer.start(live, { store: fleet.store });
		using _other = await EventReader.open(server);
		for (const id of ["other-run.5", "nonsense", ""]) {
			using reader = await EventReader.open(server, { "last-event-id": id });
			await reader.next("snapshot");
		}
		const { epoch } = await _other.next("snapshot");
		using reader = await EventReader.open(server, { "last-event-id": `${epoch}.-7` });
		await reader.next("snapshot");
	});

	test("tells what is written to the log", async () => {
		const { store, isLogFollowed } = noted(fleet.store);
		await using server = await LiveServer.start(live, { store });
		using reader = await EventReader.open(server);
		await reader.next("snapshot");
		const said = { kind: "lun", event: "failed", severity: "error", text: "it failed" } as const;
		const entry = { id: logId(1_763_800_000_000, 1), ...draft(1_763_800_000_000, said) };
		// The log is followed from a moment after the first client on.
		await eventually("the log is followed", isLogFollowed);
		await fleet.store.txn({ writes: [logWrite(entry)] });
		expect(await reader.next("log")).toEqual({ entries: [entry], missed: false });
	});

	test("keeps itself alive", async () => {
		await using server = await LiveServer.start(live, { store: fleet.store, pingMs: 10 });
		using reader = await EventReader.open(server);
		await eventually("it was pinged", () => reader.pings > 2);
	});

	test("ends for who may not see it any more, before the next event", async () => {
		let allowed = true;
		await using server = await LiveServer.start(
			live,
			{ store: fleet.store, mayForMs: 0 },
			{ may: async () => allowed },
		);
		using reader = await EventReader.open(server);
		await reader.next("snapshot");
		allowed = false;
		await fleet.report("n1", ({ path }) => path === 0);
		await reader.over();
		expect(reader.left).toBe(0);
		expect(server.hub.size).toBe(0);
	});

	test("sends nothing to somebody of whom it cannot be found out", async () => {
		const may = async () => Promise.reject(new Error("the store does not answer"));
		await using server = await LiveServer.start(live, { store: fleet.store }, { may });
		using reader = await EventReader.open(server);
		await reader.over();
		expect(reader.left).toBe(0);
		expect(server.faults).toHaveLength(1);
	});

	test("drops a client that does not read, and no other", async () => {
		const { store, isLogFollowed } = noted(fleet.store);
		await using server = await LiveServer.start(live, { store, mostBehind: 10_000 });
		using reader = await EventReader.open(server);
		const deaf = createConnection(server.port, "127.0.0.1");
		deaf.on("error", () => undefined);
		deaf.pause();
		deaf.write("GET /api2/json/cluster/events HTTP/1.1\r\nHost: x\r\n\r\n");
		await eventually("both are there", () => server.hub.size === 2);
		const long = "x".repeat(400);
		const details = Array.from({ length: 20 }, () => long);
		const said = { kind: "lun", event: "failed", severity: "error", text: "it failed", details } as const;
		await reader.next("snapshot");
		await eventually("the log is followed", isLogFollowed);
		// The kernel's buffers take the first megabytes.
		for (let number = 0; server.hub.size === 2 && number < 5000; number++) {
			const entry = { id: logId(1_763_800_000_000 + number, 1), ...draft(1_763_800_000_000, said) };
			await fleet.store.txn({ writes: [logWrite(entry)] });
		}
		expect(server.hub.size).toBe(1);
		await fleet.report("n1", ({ path }) => path === 0);
		await reader.next("delta");
		deaf.destroy();
	});

	test("takes so many clients, and tells the next when to ask again", async () => {
		const limits = { ...usualStreamLimits, inAll: 0 };
		await using server = await LiveServer.start(live, { store: fleet.store, limits });
		const { statusCode, headers, body } = await server.app.inject({ url: "/api2/json/cluster/events" });
		expect(statusCode).toBe(503);
		expect(headers["retry-after"]).toBe("30");
		expect(body).toContain("0 clients in all already follow the events of this server");
	});

	test("ends the oldest of a user who opens too many, who is asked to stay away for a while", async () => {
		const limits = { ...usualStreamLimits, perName: 2 };
		await using server = await LiveServer.start(live, { store: fleet.store, limits });
		using first = await EventReader.open(server);
		await first.next("snapshot");
		using second = await EventReader.open(server);
		await second.next("snapshot");
		using third = await EventReader.open(server);
		await third.next("snapshot");
		await first.over();
		expect(first.retryMs).toBe(30_000);
		expect(second.isOver).toBe(false);
		expect(second.retryMs).toBe(2000);
		expect(server.hub.size).toBe(2);
	});

	test("closes the connection of a client that makes way, and keeps it for no further request", async () => {
		const limits = { ...usualStreamLimits, perName: 1 };
		await using server = await LiveServer.start(live, { store: fleet.store, limits });
		const deaf = createConnection(server.port, "127.0.0.1");
		const closed = new Promise<void>((resolve) => deaf.once("close", () => resolve()));
		deaf.on("error", () => undefined);
		deaf.write("GET /api2/json/cluster/events HTTP/1.1\r\nHost: x\r\n\r\n");
		await eventually("it is there", () => server.hub.size === 1);
		using reader = await EventReader.open(server);
		await reader.next("snapshot");
		deaf.resume();
		await closed;
		expect(server.hub.size).toBe(1);
	});

	test("ends when the server does", async () => {
		const server = await LiveServer.start(live, { store: fleet.store });
		using reader = await EventReader.open(server);
		await reader.next("snapshot");
		await server.app.close();
		await reader.over();
	});

	test("serves hundreds with the same bytes", async () => {
		const limits = { perName: 200, perOwner: 200, perAddress: 200, inAll: 200 };
		await using server = await LiveServer.start(live, { store: fleet.store, limits });
		const readers = await Promise.all(Array.from({ length: 200 }, () => EventReader.open(server)));
		await Promise.all(readers.map((reader) => reader.next("snapshot")));
		await fleet.report("n1", ({ path }) => path === 0);
		const deltas = await Promise.all(readers.map((reader) => reader.next("delta")));
		expect(new Set(deltas.map((delta) => JSON.stringify(delta))).size).toBe(1);
		for (const reader of readers) reader[Symbol.dispose]();
		await eventually("all are gone", () => server.hub.size === 0);
	});
});

describe("the matrix", () => {
	test("comes packed, with numbers where they are asked for", async () => {
		await using server = await LiveServer.start(live, { store: fleet.store });
		const plain = (await server.app.inject({ url: "/api2/json/cluster/multipath/matrix" })).json().data;
		expect(plain).toMatchObject({ nodes: [{ node: "n1" }, { node: "n2" }], problem: null });
		expect(readPicture(plain)?.counts).toBeNull();
		const full = (await server.app.inject({ url: "/api2/json/cluster/multipath/matrix?counts=1" })).json()
			.data;
		expect([...(readPicture(full)?.counts?.usable ?? [])]).toEqual([4, 4, 4, 4, 4, 4]);
	});

	test("is not sent to who has it", async () => {
		await using server = await LiveServer.start(live, { store: fleet.store });
		using _keepsItWarm = await live.look();
		const url = "/api2/json/cluster/multipath/matrix";
		const { headers } = await server.app.inject({ url });
		const again = await server.app.inject({ url, headers: { "if-none-match": headers.etag } });
		expect([again.statusCode, again.body]).toEqual([304, ""]);
		await fleet.report("n1", ({ path }) => path === 0);
		await eventually("it changed", async () => {
			const next = await server.app.inject({ url, headers: { "if-none-match": headers.etag } });
			return next.statusCode === 200;
		});
	});

	test("refuses what it does not know", async () => {
		await using server = await LiveServer.start(live, { store: fleet.store });
		const { statusCode, body } = await server.app.inject({
			url: "/api2/json/cluster/multipath/matrix?count=1",
		});
		expect(statusCode).toBe(400);
		expect(body).toContain("not defined in schema");
	});
});
