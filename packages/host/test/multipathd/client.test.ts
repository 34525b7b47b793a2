import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { MultipathdClient, type MultipathdClientOptions } from "../../src/multipathd/client.ts";
import { connectSocket } from "../../src/multipathd/connect-socket.ts";
import { encodeFrame } from "../../src/multipathd/frame.ts";
import { recordedReply, releases } from "./recorded.ts";
import { alive, type Script, ScriptedDaemon } from "./scripted-daemon.ts";

const wwid = "35000c5001500aa00";

function clientOf(daemon: ScriptedDaemon, options: Partial<MultipathdClientOptions> = {}): MultipathdClient {
	return new MultipathdClient({
		runtime: realRuntime,
		connect: connectSocket,
		addresses: [daemon.address],
		liveness: alive,
		...options,
	});
}

/** Answers `show daemon`, and what the test is about by `script`. */
const running =
	(script: Script): Script =>
	(command, nth) =>
		command === "show daemon" ? "pid 489 idle\n" : script(command, nth);

describe.each(releases)("with what multipathd %s really answers", (release) => {
	test.each([false, true])("everything is read (abstract socket: %s)", async (abstract) => {
		const daemon = await ScriptedDaemon.start((command) => recordedReply(release, command), {
			abstract,
		});
		const client = clientOf(daemon);
		expect(await client.status()).toMatchObject({ phase: "idle", pendingReconfigure: false });
		expect(await client.busy()).toBe(false);
		const reading = await client.maps();
		expect(reading).toMatchObject({ daemon: "ok", problems: [] });
		expect(reading.maps.map((map) => [map.wwid, map.groups.flatMap((group) => group.paths).length])).toEqual([
			[wwid, 2],
		]);
		expect(await client.blacklist()).toMatch(/^device node rules:/);
		await client.reconfigure();
		expect(await client.command("show paths")).toBe(recordedReply(release, "show paths"));
		expect(await client.command("reconfigure all")).toBe("ok\n");
		expect(daemon.connections).toBe(1);
		await client.close();
	});

	test("the daemon's version is told from its help text", async () => {
		const help = recordedReply(release, "show bogus");
		const daemon = await ScriptedDaemon.start(() => help);
		expect(await clientOf(daemon).version()).toBe(release);
	});

	test("a missing map and another user's change are refused with the right error", async () => {
		const daemon = await ScriptedDaemon.start(
			running((command) =>
				command.startsWith("del map")
					? recordedReply(release, "del map nosuch")
					: recordedReply(release, command, "other"),
			),
		);
		const client = clientOf(daemon);
		await expect(client.removeMap("nosuch")).rejects.toMatchObject({ code: "MULTIPATHD_FAIL" });
		await expect(client.reconfigure()).rejects.toMatchObject({ code: "MULTIPATHD_DENIED" });
		expect(daemon.asked).toContain('del map "nosuch"');
	});
});

test("a waiting reconfigure is seen", async () => {
	const daemon = await ScriptedDaemon.start(() => "pid 489 configure (pending reconfigure)\n");
	expect(await clientOf(daemon).status()).toEqual({ pid: 489, phase: "configure", pendingReconfigure: true });
});

test("names are quoted on their way", async () => {
	const daemon = await ScriptedDaemon.start(running(() => "ok\n"));
	const client = clientOf(daemon);
	await client.removeMap('we"ird a');
	expect(daemon.asked).toEqual(["show daemon", 'del map "we""ird a"']);
});

test.each([
	["status", "ok\n", "MULTIPATHD_UNREADABLE"],
	["status", "pid zero idle\n", "MULTIPATHD_UNREADABLE"],
	["busy", "paths: 2\n", "MULTIPATHD_UNREADABLE"],
	["busy", "fail\npermission deny: need to be root\n", "MULTIPATHD_DENIED"],
	["configLocal", "fail\n", "MULTIPATHD_FAIL"],
	["config", recordedReply("0.15.1", "show bogus"), "MULTIPATHD_UNKNOWN_COMMAND"],
] as const)("%s of a daemon that says %j is no answer", async (method, answer, code) => {
	const daemon = await ScriptedDaemon.start(() => answer);
	await expect(clientOf(daemon)[method]()).rejects.toMatchObject({ code });
});

describe("the map listing", () => {
	const rows = `${wwid}|dm-0|active|2|-|0|0|rw|manual|create|QEMU|QEMU HARDDISK|2.5+|we"ird\n`;
	const pathRows =
		`${wwid}|0:0:0:0|sda|8:0|active|ready|running|tur|1|normal|[undef]|[undef]|[undef]|[undef]|we"ird\n` +
		`${wwid}|1:0:0:0|sdc|8:32|active|ready|running|tur|1|normal|[undef]|[undef]|[undef]|[undef]|we"ird\n`;
	const broken = recordedReply("0.15.1", "show maps json").replace(
		`"name" : "${wwid}"`,
		'"name" : "we"ird", { [',
	);

	test("falls back to rows where the daemon's own JSON is broken", async () => {
		const daemon = await ScriptedDaemon.start((command) =>
			command === "show maps json" ? broken : command.startsWith("show maps raw") ? rows : pathRows,
		);
		const reading = await clientOf(daemon).maps();
		expect(reading.daemon).toBe("ok");
		expect(reading.problems.length).toBeGreaterThan(0);
		expect(reading.maps).toMatchObject([{ wwid: wwid, name: 'we"ird', whole: true }]);
		expect(reading.maps[0]?.groups.flatMap((group) => group.paths)).toHaveLength(2);
	});

	test("is asked for again when a map vanished under it", async () => {
		const daemon = await ScriptedDaemon.start((command, nth) =>
			nth < 3 ? "fail\n" : recordedReply("0.9.4", command),
		);
		expect((await clientOf(daemon).maps()).maps).toHaveLength(1);
		expect(daemon.asked).toHaveLength(3);
	});

	test("that goes on failing is an error in the end", async () => {
		const daemon = await ScriptedDaemon.start(() => "fail\n");
		await expect(clientOf(daemon).maps()).rejects.toMatchObject({ code: "MULTIPATHD_FAIL" });
	});

	test("without any map is empty, as JSON and as ok", async () => {
		const empty = '{\n   "major_version": 0,\n   "minor_version": 1,\n   "maps": []\n}\n';
		for (const answer of [empty, "ok\n"]) {
			const daemon = await ScriptedDaemon.start(() => answer);
			expect(await clientOf(daemon).maps()).toMatchObject({ daemon: "ok", maps: [] });
		}
	});

	test("that is no listing in any form is an error, never an empty one", async () => {
		const daemon = await ScriptedDaemon.start(() => "<html>hello</html>\n");
		await expect(clientOf(daemon).maps()).rejects.toMatchObject({ code: "MULTIPATHD_UNREADABLE" });
	});

	test("of 30 MB arrives whole", async () => {
		const text = "x".repeat(30_000_000);
		const daemon = await ScriptedDaemon.start(() => text);
		expect((await clientOf(daemon).command("show maps json")) === text).toBe(true);
	});
});

test("a daemon that is not there is not connected to", async () => {
	const daemon = await ScriptedDaemon.start(() => "pid 1 idle\n");
	for (const [state, code] of [
		["not-running", "MULTIPATHD_NOT_RUNNING"],
		["not-installed", "MULTIPATHD_NOT_INSTALLED"],
	] as const) {
		const client = clientOf(daemon, {
			liveness: () => Promise.resolve({ state, problem: "it was stopped" }),
		});
		expect(await client.isRunning()).toBe(false);
		await expect(client.maps()).rejects.toMatchObject({
			code,
			message: expect.stringContaining("it was stopped"),
		});
		await expect(client.reconfigure()).rejects.toMatchObject({ code });
	}
	expect(daemon.connections).toBe(0);
});

test("MULTIPATH_SOCKET_NAME leads to the daemon, abstract and as a path", async () => {
	for (const abstract of [true, false]) {
		const daemon = await ScriptedDaemon.start(() => "pid 7 idle\n", { abstract });
		const env = { MULTIPATH_SOCKET_NAME: daemon.address.replace("\0", "@") };
		const client = new MultipathdClient({
			runtime: realRuntime,
			connect: connectSocket,
			env,
			liveness: alive,
		});
		expect(await client.status()).toMatchObject({ pid: 7 });
		await client.close();
	}
});

test("commands that must not be sent never leave", async () => {
	const daemon = await ScriptedDaemon.start(() => "ok\n");
	const client = clientOf(daemon);
	for (const command of ['show maps raw format "%n%"', "", "x".repeat(600), "show\0maps"]) {
		await expect(client.command(command)).rejects.toMatchObject({ code: "COMMAND_INVALID" });
	}
	await expect(client.removeMap("a\nb")).rejects.toMatchObject({ code: "COMMAND_INVALID" });
	expect(daemon.asked).toEqual([]);
});

describe("a command that changes something", () => {
	test("is sent once, and a lost answer is called unconfirmed", async () => {
		const daemon = await ScriptedDaemon.start(running(() => (socket) => void socket.destroy()));
		await expect(clientOf(daemon).removeMap("db")).rejects.toMatchObject({
			code: "MULTIPATHD_UNCONFIRMED",
			cause: { code: "MULTIPATHD_HUNG_UP" },
		});
		expect(daemon.asked).toEqual(["show daemon", 'del map "db"']);
	});

	test("is not repeated when the daemon's lock was held", async () => {
		const daemon = await ScriptedDaemon.start(running(() => "fail\ntimeout\n"));
		await expect(clientOf(daemon).removeMap("db")).rejects.toMatchObject({ code: "MULTIPATHD_TIMEOUT" });
		expect(daemon.asked).toHaveLength(2);
	});

	test("never reaches a daemon that does not answer", async () => {
		const daemon = await ScriptedDaemon.start(() => () => {});
		const client = clientOf(daemon, { deadlineMs: 100 });
		await expect(client.removeMap("db")).rejects.toMatchObject({ code: "MULTIPATHD_NO_ANSWER" });
		expect(daemon.asked).toEqual(["show daemon"]);
	});
});

describe("a reading", () => {
	test("is asked again after a hang-up, as when too many clients are served", async () => {
		const daemon = await ScriptedDaemon.start((_, nth) =>
			nth < 3 ? (socket) => void socket.end() : "pid 7 idle\n",
		);
		expect(await clientOf(daemon).status()).toMatchObject({ pid: 7 });
		expect(daemon.connections).toBe(3);
	});

	test("is asked again when the daemon gave up on its own lock", async () => {
		const daemon = await ScriptedDaemon.start((_, nth) => (nth === 1 ? "timeout\n" : "pid 7 idle\n"));
		expect(await clientOf(daemon).status()).toMatchObject({ pid: 7 });
		expect(daemon.connections).toBe(1);
	});

	test("is asked again after a restart of the daemon", async () => {
		const daemon = await ScriptedDaemon.start(() => "pid 7 idle\n");
		const client = clientOf(daemon);
		await client.status();
		await daemon.stop();
		const asked = client.status();
		await daemon.listen();
		expect(await asked).toMatchObject({ pid: 7 });
	});

	test("that is always cut says how far it came", async () => {
		const daemon = await ScriptedDaemon.start(
			() => (socket) => void socket.end(encodeFrame("pid 489 idle\n").subarray(0, 12)),
		);
		await expect(clientOf(daemon).status()).rejects.toMatchObject({
			code: "MULTIPATHD_CUT",
			message: "multipathd's reply to 'show daemon' was cut off after 4 of 14 bytes",
		});
		expect(daemon.asked).toHaveLength(4);
	});
});
