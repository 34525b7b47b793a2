/** HTTP statuses of errors, by class and by code. */
import { PathkeeperError } from "@pathkeeper/model";
import { fastify } from "fastify";
import { expect, test } from "vitest";
import { sendError } from "../../src/http/reply.ts";

const problem = "something";

test.each([
	[400, new PathkeeperError("PARAMETER_INVALID")],
	[400, new PathkeeperError("HEAVY_WORK_TOO_MUCH", { problem })],
	[401, new PathkeeperError("TICKET_INVALID")],
	[403, new PathkeeperError("PERMISSION_DENIED", { lacked: "/, Sys.Audit" })],
	[429, new PathkeeperError("LOGIN_LIMITED", { seconds: 3 })],
	[500, new PathkeeperError("DIGEST_CONFLICT")],
	[500, new PathkeeperError("NOT_FOUND", { what: "it" })],
	[500, new PathkeeperError("STORE_UNAVAILABLE", { problem })],
	[500, new PathkeeperError("DOCUMENT_UNREADABLE", { key: "config", problem })],
	[500, new PathkeeperError("BUG", { problem })],
	[503, new PathkeeperError("HEAVY_WORK_BUSY")],
	[507, new PathkeeperError("STORE_FULL", { problem })],
])("%i: %s", async (status, error) => {
	const app = fastify();
	app.get("/", (_, reply) => sendError(reply, error));
	const { statusCode, body } = await app.inject("/");
	expect({ statusCode, message: JSON.parse(body).message }).toEqual({
		statusCode: status,
		message: `${error.message}\n`,
	});
	await app.close();
});
