import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PathkeeperError } from "@pathkeeper/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { overSocket } from "../src/connection.ts";
import { defaultSockets } from "../src/session.ts";

let folder = "";
const servers: Server[] = [];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "pk-sockets-"));
});
afterEach(async () => {
	for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
	rmSync(folder, { recursive: true });
});

async function served(name: string): Promise<string> {
	const path = join(folder, name);
	const server = createServer((_, response) => response.end(name));
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(path, resolve));
	return path;
}

const call = { method: "GET", target: "/", body: null } as const;

async function failure(...paths: readonly [string, ...string[]]): Promise<PathkeeperError> {
	const outcome = await overSocket(paths)(call).catch((error: unknown) => error);
	if (outcome instanceof PathkeeperError) return outcome;
	throw new Error(`it was answered: ${JSON.stringify(outcome)}`);
}

test("the first socket that somebody listens on is taken", async () => {
	const [one, other] = [await served("one"), await served("other")];
	const absent = join(folder, "absent");
	expect((await overSocket([one, other])(call)).body).toBe("one");
	expect((await overSocket([absent, other])(call)).body).toBe("other");
	expect((await overSocket([absent, one, other])(call)).body).toBe("one");
});

test("a socket that a killed daemon left behind is passed over", async () => {
	const other = await served("other");
	const left = join(folder, "left");
	// Connecting to it is refused, as with a socket that nobody listens on any more.
	writeFileSync(left, "");
	expect((await overSocket([left, other])(call)).body).toBe("other");
});

test("where nobody listens, all places are named", async () => {
	const [one, other] = [join(folder, "one"), join(folder, "other")];
	const { code, message } = await failure(one, other);
	expect(code).toBe("DAEMON_UNREACHABLE");
	expect(message).toContain(`${one} or ${other}: it is not running`);
});

test("a daemon that is there and does not answer is not passed over", async () => {
	const other = await served("other");
	const bad = join(folder, "bad");
	const server = createServer((request) => request.socket.destroy());
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(bad, resolve));
	const { message } = await failure(bad, other);
	expect(message).toContain(bad);
	expect(message).not.toContain(other);
});

test("an agent's daemon is looked for first, then a server's", () => {
	expect(defaultSockets).toEqual(["/run/pathkeeper/api.sock", "/run/pathkeeper-server/api.sock"]);
});
