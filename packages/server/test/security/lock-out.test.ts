/** Strangers who fail to log in as somebody, from many addresses: the user still gets in. */
import { describe, expect, test } from "vitest";
import { password, serverPerTest } from "../access/access-server.ts";

const server = serverPerTest();

async function logIn(remoteAddress: string, secret: string): Promise<number> {
	return (await tryToLogIn(remoteAddress, secret)).statusCode;
}

async function tryToLogIn(remoteAddress: string, secret: string) {
	const payload = { username: "admin2@local", password: secret };
	const url = "/api2/json/access/ticket";
	return await server().app.inject({ method: "POST", url, remoteAddress, payload });
}

/** Five wrong passwords from each of thirteen addresses, and then one each ten seconds. */
async function attack(): Promise<void> {
	const all = Array.from({ length: 65 }, (_, n) => logIn(`127.0.1.${(n % 13) + 1}`, "wrong"));
	const statuses = await Promise.all(all);
	expect(statuses.filter((status) => status === 401).length).toBeGreaterThan(60);
}

describe("a user whose name strangers try from thirteen addresses", () => {
	test("gets in from a new address, after a while", async () => {
		await server().user("admin2@local");
		await attack();
		server().delays.length = 0;
		expect(await logIn("198.51.100.1", password)).toBe(200);
		expect(Math.max(0, ...server().delays)).toBeLessThanOrEqual(2000 * 14);
	});

	test("gets in at once from where they logged in before", async () => {
		await server().user("admin2@local");
		expect(await logIn("203.0.113.5", password)).toBe(200);
		await attack();
		server().delays.length = 0;
		for (let count = 0; count < 20; count++) expect(await logIn("203.0.113.5", password)).toBe(200);
		expect(server().delays).toEqual([]);
	});

	test("is no easier to guess where they logged in before", async () => {
		await server().user("admin2@local");
		expect(await logIn("203.0.113.5", password)).toBe(200);
		const guesses = [];
		for (let count = 0; count < 10; count++) guesses.push(await logIn("203.0.113.5", "wrong"));
		expect(guesses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
		const { headers } = await tryToLogIn("203.0.113.5", password);
		expect(headers["retry-after"]).toBe("30");
	});
});
