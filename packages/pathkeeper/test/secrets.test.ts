/** What must stay secret, looked for in everything that a daemon leaves behind: its log, its files, its store. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, DaemonProcess } from "./daemon-process.ts";

let daemon: DaemonProcess;
beforeAll(async () => {
	daemon = await DaemonProcess.start(["--simulate", "1x1x2", "--listen", "127.0.0.1:0"], {
		env: { PATHKEEPER_LOG: "debug" },
	});
});
afterAll(async () => await daemon[Symbol.asyncDispose]());

/** Files of the state folder. */
function filesLeft(): readonly string[] {
	return readdirSync(daemon.stateFolder, { recursive: true, encoding: "utf8" })
		.map((name) => join(daemon.stateFolder, name))
		.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

test("no password, token, ticket or key is in the log, a file, the store, the audit or an answer", async () => {
	const first = await daemon.password();
	const fresh = "a new and long password";
	const mistyped = "hunter2hunter2hunter2";
	const headers = await daemon.session(first);
	const made = await daemon.cli("-o", "json", "token", "add", "root@local!tool", "--no-privsep");
	const { value: secret }: { value: string } = JSON.parse(made.out);
	const { url, ca } = await daemon.https();
	const asked = async (token: string) =>
		await cli(["--server", url, "--ca", ca, "--token", `root@local!${token}`, "node", "list"]);
	const said: { text: string }[] = [];
	const keep = (...answers: readonly object[]) =>
		said.push(...answers.map((answer) => ({ text: JSON.stringify(answer) })));
	keep(
		await asked(`tool=${secret}`),
		await asked(`tool=${secret.slice(0, -1)}f`),
		await asked(`${secret}=x`),
	);
	// Typed into the wrong field, forged, cut: what people and attackers send.
	const login = async (body: object) => keep(await daemon.call("POST", "/access/ticket", { body }));
	await login({ username: mistyped, password: first });
	await login({ username: "root@local", password: mistyped });
	await login({ username: "root@local", password: { nested: first } });
	await login({ username: "root@local", password: first, nonsense: first });
	const bearer = (authorization: string) => daemon.call("GET", "/nodes", { headers: { authorization } });
	keep(
		await bearer(`PVEAPIToken=root@local!tool=${secret} `),
		await bearer(`PVEAPIToken=root@local!other=${secret}`),
	);
	keep(
		await daemon.call("PUT", "/cluster/multipath/overrides", { headers, body: { text: "devices {\n}\n" } }),
	);
	const body = { userid: "root@local", password: fresh, "confirmation-password": first };
	expect(await daemon.call("PUT", "/access/password", { headers, body })).toMatchObject({ status: 200 });
	keep(await daemon.call("GET", "/nodes", { headers }));
	const again = await daemon.session(fresh);
	for (const path of ["/access/audit", "/access/users?full=1", "/cluster/multipath/log", "/nodes/n1/tasks"]) {
		const answer = await daemon.call("GET", path, { headers: again });
		expect(answer.status).toBe(200);
		keep(answer);
	}
	await daemon.stop();

	const { cookie = "", csrfpreventiontoken = "" } = headers;
	const ticket = decodeURIComponent(cookie.replace("PVEAuthCookie=", ""));
	const key = readFileSync(join(daemon.stateFolder, "simulated/tls/server.key"), "utf8").split("\n")[1] ?? "";
	const secrets = { first, fresh, secret, ticket, csrfpreventiontoken, key };
	const files = filesLeft();
	expect(files.some((path) => path.endsWith("store.db"))).toBe(true);
	const left = files
		.filter((path) => !path.endsWith("/server.key"))
		.map((path) => ({ path, text: readFileSync(path, "latin1") }));
	const everything = [
		{ path: "log", text: daemon.printed },
		...left,
		...said.map(({ text }) => ({ path: "answer", text })),
	];
	expect(daemon.printed).toContain("access: login failed");
	for (const [name, value] of Object.entries(secrets)) {
		expect(value.length, name).toBeGreaterThan(15);
		for (const { path, text } of everything) expect(text.includes(value), `${name} in ${path}`).toBe(false);
	}
	// A name that no user has may be a password in the wrong field: it is in no log and no file.
	for (const { path, text } of everything) expect(text.includes(mistyped), path).toBe(false);
	expect(statSync(join(daemon.stateFolder, "simulated/tls/server.key")).mode & 0o077).toBe(0);
	expect(statSync(daemon.stateFolder).mode & 0o077).toBe(0);
}, 240_000);
