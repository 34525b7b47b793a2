/** What somebody learns who has no login, or may not look at the fleet. */
import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { localRoot, stranger } from "../../src/http/caller.ts";
import { shownTo } from "../../src/http/reply.ts";
import { browser, password, serverPerTest } from "../access/access-server.ts";

const server = serverPerTest({ whole: true });
const problem = "http://192.0.2.77:2379: connect ECONNREFUSED";
const down = () => new PathkeeperError("STORE_UNAVAILABLE", { problem });
const words = "the store does not answer; the server's log says why";

describe("somebody who may not look at the fleet", () => {
	test("is not told where its store is, and the log is", async () => {
		await server().user("jane@local");
		const { ticket, csrf } = await server().session("jane@local");
		server().store.get = () => Promise.reject(down());
		server().store.list = () => Promise.reject(down());
		const answers = [
			await server().call("POST", "/access/ticket", { body: { username: "root@local", password } }),
			await server().call("GET", "/nodes", { headers: browser({ ticket, csrf }) }),
			await server().call("GET", "/metrics"),
			await server().call("GET", "/nodes", {
				headers: { authorization: "PVEAPIToken=jane@local!tool=secret" },
			}),
		];
		expect(answers.splice(2, 1)).toMatchObject([{ status: 401, message: "No ticket" }]);
		for (const { status, text, message } of answers) {
			expect([status, message]).toEqual([500, words]);
			expect(text).not.toContain("2379");
		}
		const told = server().faults.splice(0).map(String);
		expect(told.length).toBe(3);
		for (const text of told) expect(text).toContain(problem);
	});

	test("is not told so by any error about the store, and the others are", () => {
		const noRight = stranger("192.0.2.1");
		const secret = "/var/lib/pathkeeper/store.db";
		const errors = [
			down(),
			new PathkeeperError("STORE_DENIED", { problem: secret }),
			new PathkeeperError("STORE_DAMAGED", { path: secret, problem: secret }),
			new PathkeeperError("STORE_IN_USE", { path: secret }),
			new PathkeeperError("DOCUMENT_UNREADABLE", { key: secret, problem: secret }),
		];
		for (const error of errors) {
			for (const caller of [null, noRight]) expect(shownTo(caller, error).message).toBe(words);
			expect(shownTo(localRoot, error)).toBe(error);
		}
		const other = new PathkeeperError("NOT_FOUND", { what: "node 'n1'" });
		expect(shownTo(null, other)).toBe(other);
	});
});
