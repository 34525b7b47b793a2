import { expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { connectSocket } from "../../src/multipathd/connect-socket.ts";
import { MultipathdConnection } from "../../src/multipathd/connection.ts";
import { encodeFrame } from "../../src/multipathd/frame.ts";
import { ScriptedDaemon, silence } from "./scripted-daemon.ts";

const long = { deadlineMs: 15_000 };

/** A connection that has answered one command, so that the time to open it is no part of the next deadline. */
async function openConnection(daemon: ScriptedDaemon): Promise<MultipathdConnection> {
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	await connection.exchange("show daemon", long);
	return connection;
}

test("commands are asked one at a time, in the order in which they were given", async () => {
	let open = 0;
	const daemon = await ScriptedDaemon.start((command) => (socket) => {
		expect(++open).toBe(1);
		setImmediate(() => {
			open--;
			socket.write(encodeFrame(`reply to ${command}`));
		});
	});
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	const commands = Array.from({ length: 50 }, (_, n) => `show map m${n}`);
	const replies = await Promise.all(commands.map((command) => connection.exchange(command, long)));
	expect(replies).toEqual(commands.map((command) => `reply to ${command}`));
	expect(daemon.asked).toEqual(commands);
	expect(daemon.connections).toBe(1);
	connection.close();
});

test("a reply that comes byte by byte is one reply", async () => {
	const daemon = await ScriptedDaemon.start(() => (socket) => {
		const bytes = encodeFrame("pid 489 idle\n");
		const next = (at: number): void => {
			if (at < bytes.length) socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
		};
		next(0);
	});
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	expect(await connection.exchange("show daemon", long)).toBe("pid 489 idle\n");
	connection.close();
});

test("a missing first address leads to the second", async () => {
	const daemon = await ScriptedDaemon.start(() => "ok\n", { abstract: true });
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: ["/nonexistent/multipathd.socket", daemon.address],
	});
	expect(await connection.exchange("show maps", long)).toBe("ok\n");
	connection.close();
});

test("an address that nobody listens on says so, with every address tried", async () => {
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: ["/nonexistent/socket", "\0nonexistent"],
	});
	await expect(connection.exchange("show maps", long)).rejects.toMatchObject({
		code: "MULTIPATHD_NOT_RUNNING",
		message: expect.stringContaining("/nonexistent/socket: ENOENT, @nonexistent: ECONNREFUSED"),
	});
});

test("a path that is too long for a socket is an error, not a crash", async () => {
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [`/tmp/${"x".repeat(200)}`],
	});
	await expect(connection.exchange("show maps", long)).rejects.toMatchObject({
		code: "MULTIPATHD_NOT_RUNNING",
	});
});

test.each([
	["a length of 0", Buffer.alloc(8), "MULTIPATHD_UNREADABLE"],
	["a length of 32 MiB", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]), "MULTIPATHD_UNREADABLE"],
	["text without a length", Buffer.from("Welcome to multipathd\n"), "MULTIPATHD_UNREADABLE"],
	[
		"two replies to one command",
		Buffer.concat([encodeFrame("a"), encodeFrame("b")]),
		"MULTIPATHD_UNREADABLE",
	],
])("%s closes the connection", async (_, bytes, code) => {
	const daemon = await ScriptedDaemon.start((_command, nth) =>
		nth === 1 ? (socket) => void socket.write(bytes) : "ok\n",
	);
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	await expect(connection.exchange("show maps", long)).rejects.toMatchObject({ code });
	expect(await connection.exchange("show maps", long)).toBe("ok\n");
	expect(daemon.connections).toBe(2);
	connection.close();
});

test.each([0, 1, 7, 8, 9, 11])("a reply that ends after %i bytes is a hang-up or cut", async (bytes) => {
	const daemon = await ScriptedDaemon.start(
		() => (socket) => void socket.end(encodeFrame("ok\n").subarray(0, bytes)),
	);
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	await expect(connection.exchange("show maps", long)).rejects.toMatchObject({
		code: bytes === 0 ? "MULTIPATHD_HUNG_UP" : "MULTIPATHD_CUT",
	});
});

test("a reply that comes after its deadline is never taken for the next one", async () => {
	const late: (() => void)[] = [];
	const daemon = await ScriptedDaemon.start((command, nth) =>
		nth === 2 ? (socket) => void late.push(() => socket.write(encodeFrame("late"))) : `reply to ${command}`,
	);
	const connection = await openConnection(daemon);
	await expect(connection.exchange("show maps", { deadlineMs: 50 })).rejects.toMatchObject({
		code: "MULTIPATHD_NO_ANSWER",
		message: `multipathd does not answer on ${daemon.address}: no reply to 'show maps' within 0.1 s`,
	});
	await expect.poll(() => late).toHaveLength(1);
	late[0]?.();
	expect(await connection.exchange("show paths", long)).toBe("reply to show paths");
	expect(daemon.connections).toBe(2);
	connection.close();
});

test("a reply that never gets whole ends at the deadline, however much of it comes", async () => {
	const daemon = await ScriptedDaemon.start(() => (socket) => {
		const drip = setInterval(() => socket.write("x"), 10);
		socket.on("close", () => clearInterval(drip));
		socket.write(encodeFrame("x".repeat(100_000)).subarray(0, 9));
	});
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	await expect(connection.exchange("show maps json", { deadlineMs: 150 })).rejects.toMatchObject({
		code: "MULTIPATHD_NO_ANSWER",
	});
});

test("everybody who waits behind a command without an answer learns of it with the first", async () => {
	const daemon = await ScriptedDaemon.start((_, nth) => (nth === 1 ? "ok\n" : silence));
	const connection = await openConnection(daemon);
	const first = connection.exchange("show maps", { deadlineMs: 100 });
	const others = [1, 2, 3].map((n) => connection.exchange(`show map m${n}`, long));
	const outcomes = await Promise.allSettled([first, ...others]);
	const messages = outcomes.map((outcome) =>
		outcome.status === "rejected" ? String(outcome.reason) : "answered",
	);
	expect(new Set(messages).size).toBe(1);
	expect(messages[0]).toContain("no reply to 'show maps'");
	await expect.poll(() => daemon.asked).toEqual(["show daemon", "show maps"]);
	connection.close();
});

test("a caller whose own deadline passes in the queue leaves the others alone", async () => {
	let answer = (): void => {};
	const daemon = await ScriptedDaemon.start((command, nth) =>
		nth === 1
			? (socket) => {
					answer = () => socket.write(encodeFrame("first"));
				}
			: `reply to ${command}`,
	);
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	const first = connection.exchange("show maps", long);
	const impatient = connection.exchange("show paths", { deadlineMs: 30 });
	const third = connection.exchange("show status", long);
	await expect(impatient).rejects.toMatchObject({ code: "MULTIPATHD_NO_ANSWER" });
	answer();
	expect(await first).toBe("first");
	expect(await third).toBe("reply to show status");
	expect(daemon.asked).toEqual(["show maps", "show status"]);
	connection.close();
});

test("the queue is bounded", async () => {
	const daemon = await ScriptedDaemon.start(() => silence);
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
		queueLimit: 3,
	});
	const waiting = [0, 1, 2, 3].map(() => connection.exchange("show maps", long));
	await expect(connection.exchange("show paths", long)).rejects.toMatchObject({
		code: "MULTIPATHD_OVERLOADED",
	});
	connection.close();
	const outcomes = await Promise.allSettled(waiting);
	expect(
		outcomes.every((outcome) => outcome.status === "rejected" && outcome.reason.name === "AbortError"),
	).toBe(true);
	await expect(connection.exchange("show paths", long)).rejects.toMatchObject({ name: "AbortError" });
});

test("an aborted command frees the connection for the next", async () => {
	const stop = new AbortController();
	const daemon = await ScriptedDaemon.start((_, nth) => {
		if (nth > 1) return "ok\n";
		return () => stop.abort(new Error("no longer wanted"));
	});
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	const first = connection.exchange("show maps", { ...long, signal: stop.signal });
	const second = connection.exchange("show maps", long);
	await expect(first).rejects.toThrow("no longer wanted");
	expect(await second).toBe("ok\n");
	await expect(connection.exchange("show maps", { ...long, signal: stop.signal })).rejects.toThrow(
		"no longer wanted",
	);
	connection.close();
});

test("bytes that nobody asked for end the connection before they can answer a question", async () => {
	const ended = Promise.withResolvers<void>();
	let push = (): void => {};
	const daemon = await ScriptedDaemon.start((command, nth) =>
		nth === 1
			? (socket) => {
					socket.write(encodeFrame("ok\n"));
					push = () => socket.write(encodeFrame("stray"));
					socket.on("close", () => ended.resolve());
				}
			: `reply to ${command}`,
	);
	const connection = new MultipathdConnection({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
	});
	await connection.exchange("show maps", long);
	push();
	await ended.promise;
	expect(await connection.exchange("show paths", long)).toBe("reply to show paths");
	connection.close();
});
