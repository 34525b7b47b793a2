import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { MultipathdClient } from "../../src/multipathd/client.ts";
import { connectSocket } from "../../src/multipathd/connect-socket.ts";
import { alive } from "./scripted-daemon.ts";

let folder: string;
let address: string;
let daemon: ChildProcess;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "multipathd-"));
	address = join(folder, "socket");
	const program = new URL("./stoppable-daemon.ts", import.meta.url).pathname;
	daemon = spawn(process.execPath, [program, address], { stdio: ["ignore", "pipe", "inherit"] });
	if (daemon.stdout !== null) await once(daemon.stdout, "data");
});

afterEach(async () => {
	daemon.kill("SIGKILL");
	await once(daemon, "exit");
	await rm(folder, { recursive: true });
});

test("a stopped daemon holds nobody, gets no change, and is talked to again when it goes on", async () => {
	const client = new MultipathdClient({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [address],
		liveness: alive,
		deadlineMs: 300,
	});
	expect(await client.status()).toMatchObject({ phase: "idle" });

	daemon.kill("SIGSTOP");
	const readings = await Promise.allSettled([
		client.maps(),
		client.busy(),
		client.config(),
		client.blacklist(),
	]);
	expect(readings.map((reading) => reading.status === "rejected" && reading.reason.code)).toEqual(
		Array(4).fill("MULTIPATHD_NO_ANSWER"),
	);
	await expect(client.removeMap("db-log")).rejects.toMatchObject({ code: "MULTIPATHD_NO_ANSWER" });
	await expect(client.reconfigure()).rejects.toMatchObject({ code: "MULTIPATHD_NO_ANSWER" });

	daemon.kill("SIGCONT");
	const seen = await client.command("show seen", { deadlineMs: 15_000 });
	expect(seen.split("\n")).toContain("show maps json");
	expect(seen).not.toMatch(/del map|reconfigure/);
	await client.close();
});

test("a full backlog is waited for", async () => {
	daemon.kill("SIGSTOP");
	const sockets: Socket[] = [];
	for (let full = false; !full; ) {
		const socket = connect(address);
		sockets.push(socket);
		full = await Promise.race([
			once(socket, "connect").then(() => false),
			once(socket, "error").then(([error]) => error.code === "EAGAIN"),
		]).catch((error: NodeJS.ErrnoException) => error.code === "EAGAIN");
	}
	const client = new MultipathdClient({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [address],
		liveness: alive,
		deadlineMs: 15_000,
	});
	await expect(client.status({ deadlineMs: 400 })).rejects.toMatchObject({ code: "MULTIPATHD_NO_ANSWER" });
	const asked = client.status();
	daemon.kill("SIGCONT");
	expect(await asked).toMatchObject({ phase: "idle" });
	for (const socket of sockets) socket.destroy();
	await client.close();
});
