import { defineRoute } from "@pathkeeper/model";
import { Type } from "typebox";
import { expect, test } from "vitest";
import { type AccessGate, socketGate } from "../../src/access/access-gate.ts";
import { createServer } from "../../src/app.ts";
import { bind } from "../../src/http/bind.ts";
import { localRoot } from "../../src/http/caller.ts";

const whoami = defineRoute({
	method: "GET",
	path: "/whoami",
	privilege: "Sys.Audit",
	summary: "",
	parameters: Type.Object({}),
	result: Type.String(),
});

function serverWith(gate: AccessGate) {
	const faults: unknown[] = [];
	const api = [bind(whoami, async (_, caller) => caller.user)];
	const onFault = (error: unknown) => faults.push(error);
	return { app: createServer({ api, gate, tls: null, simulated: false, onFault }), faults };
}

test("a handler is called for the caller whom the gate let through", async () => {
	const { app, faults } = serverWith(socketGate);
	const { statusCode, body } = await app.inject({ url: "/api2/json/whoami" });
	expect([statusCode, JSON.parse(body)]).toEqual([200, { data: "root@local" }]);
	expect(faults).toEqual([]);
	await app.close();
});

test("a gate that names no caller is a fault, also after a request that had one", async () => {
	const gate: AccessGate = {
		...socketGate,
		admit: () => async (request) => {
			if (request.headers.authorization === "known") request.caller = localRoot;
		},
	};
	const { app, faults } = serverWith(gate);
	const known = await app.inject({ url: "/api2/json/whoami", headers: { authorization: "known" } });
	const unknown = await app.inject({ url: "/api2/json/whoami" });
	expect([known.statusCode, unknown.statusCode]).toEqual([200, 500]);
	expect(unknown.body).not.toContain("root@local");
	expect(faults).toMatchObject([{ code: "BUG" }]);
	await app.close();
});
