import { spawn, spawnSync } from "node:child_process";
import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cli, main, until } from "../daemon-process.ts";
import { DemoProcess, startDemo, TemporaryFolder } from "./demo-process.ts";

vi.setConfig({ testTimeout: 300_000 });

const small = ["--size", "1x1x2", "--listen", "off"];

let temporary: TemporaryFolder;
beforeEach(() => {
	temporary = new TemporaryFolder();
});
afterEach(() => temporary[Symbol.dispose]());

describe("a demo by somebody who is not root", () => {
	test("shows a fleet with something degraded and why, something to allow, and a log", async () => {
		const before = hostFiles();
		const { demo, ready } = await startDemo(temporary.path, ["--listen", "127.0.0.1:0"]);
		await using _ = demo;
		expect(ready).toMatchObject({ simulated: 1, pid: demo.child.pid, problem: null, port: "vega-a1" });
		expect(statSync(ready.folder).mode & 0o777).toBe(0o700);
		const run = (...args: string[]) => cli(["--socket", ready.socket, ...args]);

		let status = await run("status");
		// An agent that gets no time from a busy machine is silent for a moment, and its node unknown.
		await until("every node is seen", async () => {
			status = await run("status");
			return status.code === 1;
		});
		expect(status.out).toContain("SIMULATED");
		expect(status.out).toContain("5 LUNs on 3 nodes: 2 degraded, 3 optimal.");
		expect(status.out).toMatch(/n2: path sd\w+ \(\S+\) failed/);
		expect((await run("lun", "list", "--candidates")).out).toContain(ready.candidate);
		// What is one entry on a quiet machine may be several where an agent missed its turn.
		await until("the log tells the story", async () => {
			const { out } = await run("log");
			return /degraded on n2/.test(out) && /failed on n2/.test(out) && /came back on n3/.test(out);
		});
		expect((await run("storage", "list", "vmdata")).out).toContain("vm-100-disk-0");

		// The page is served by the certificate whose fingerprint is told, and the password is right.
		const { status: entered, fingerprint } = await logIn(`${ready.url}`, ready.user, ready.password);
		expect({ entered, fingerprint }).toEqual({ entered: 200, fingerprint: ready.fingerprint });

		expect(await demo.end("SIGINT")).toBe(0);
		expect(temporary.names).toEqual([]);
		expect(demo.err).toBe("");
		expect(hostFiles()).toEqual(before);
	});

	test("tells a person everything, and each command that it names does what it says", async () => {
		const demo = new DemoProcess({ temporary: temporary.path, args: ["demo", "--listen", "127.0.0.1:0"] });
		await using _ = demo;
		await demo.prints("Ctrl-C ends the demo.");
		expect(demo.out).toContain("ALL OF THIS IS SIMULATED");
		expect(demo.out).toMatch(/^Web page: {4}https:\/\/127\.0\.0\.1:\d+/m);
		expect(demo.out).toMatch(/^User: {8}root@local$/m);
		expect(demo.out).toMatch(/^Password: {4}[a-z2-9-]{23}$/m);
		expect(demo.out).toMatch(/^Certificate: (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/m);
		const [, socket = ""] = /^ {2}export PATHKEEPER_SOCKET=(\S+)$/m.exec(demo.out) ?? [];
		const commands = [...demo.out.matchAll(/^ {2}\.\/dev pathkeeper (.*?) +# /gm)].map(
			([, words]) => words ?? "",
		);
		expect(commands).toEqual([
			"status",
			"lun list --candidates",
			"lun allow 36000a17000000000000000000000beef",
			"log",
			"sim fail port vega-a1",
			"sim restore port vega-a1",
			"sim show",
		]);
		for (const words of commands) {
			const { code, err } = await cli(words.split(" "), { PATHKEEPER_SOCKET: socket });
			expect({ words, code, err }).toEqual({ words, code: words === "status" ? 1 : 0, err: "" });
		}
		expect(await demo.end("SIGINT")).toBe(0);
		expect(temporary.names).toEqual([]);
	});

	test("takes nothing from the environment of a real fleet", async () => {
		const fleet = {
			PATHKEEPER_ROLE: "agent",
			PATHKEEPER_STORE: "etcd",
			PATHKEEPER_ETCD: "https://192.0.2.1:2379",
			PATHKEEPER_SOCKET: "/run/pathkeeper/api.sock",
			PATHKEEPER_SERVER: "https://192.0.2.1:8010",
			PATHKEEPER_LISTEN: "192.0.2.1:8010",
			PATHKEEPER_STATE: "/var/lib/pathkeeper",
			PATHKEEPER_NODE: "n9",
		};
		const { demo, ready } = await startDemo(temporary.path, small, { env: fleet });
		await using _ = demo;
		expect(ready.socket).toBe(join(ready.folder, "api.sock"));
		expect(readdirSync(temporary.path)).toHaveLength(1);
		expect((await cli(["--socket", ready.socket, "-o", "json", "node", "list"])).out).toContain('"n1"');

		// A server that is named in the environment would win over the socket.
		const person = new DemoProcess({ temporary: temporary.path, args: ["demo", ...small], env: fleet });
		await using __ = person;
		await person.prints("Ctrl-C ends the demo.");
		expect(person.out).toMatch(/export PATHKEEPER_SOCKET=\S+; unset PATHKEEPER_SERVER$/m);
	});

	test.runIf(canHidePrograms())(
		"runs without a page where no certificate can be made, and says why",
		async () => {
			const hidden = "mount --bind /bin/false /usr/bin/openssl";
			const demo = new DemoProcess({
				temporary: temporary.path,
				args: ["-o", "json", "demo", "--size", "1x1x2"],
				through: [
					"unshare",
					"--mount",
					"sh",
					"-c",
					`${hidden} && exec setpriv --reuid 65534 --clear-groups "$@"`,
					"sh",
				],
			});
			await using _ = demo;
			const ready = await demo.ready();
			expect(ready).toMatchObject({ url: null, fingerprint: null });
			expect(ready.problem).toMatch(/it could not be made with openssl/);
			expect((await cli(["--socket", ready.socket, "status"])).code).toBe(1);
			expect(await demo.end()).toBe(0);
			expect(temporary.names).toEqual([]);
		},
	);

	test("says what is wrong with what it is asked for, and leaves nothing", async () => {
		for (const [args, code, message] of [
			[["demo", "--size", "many"], 2, "--size: use NODESxLUNSxPATHS"],
			[["demo", "--listen", "here"], 2, "--listen: 'here' is not ADDRESS:PORT"],
			[["--socket", "/tmp/x.sock", "demo"], 2, "a demo has a socket of its own"],
			[["demo", "--etcd", "https://192.0.2.1:2379"], 2, "unknown option '--etcd'"],
		] as const) {
			const demo = new DemoProcess({ temporary: temporary.path, args });
			expect({ code: await demo.ended(), err: demo.err }).toEqual({
				code,
				err: expect.stringContaining(message),
			});
			expect(temporary.names).toEqual([]);
		}
		const gone = new DemoProcess({ temporary: join(temporary.path, "absent"), args: ["demo"] });
		expect(await gone.ended()).toBe(2);
		expect(gone.err).toMatch(/the demo cannot create a folder in \S+absent: .*TMPDIR/);
	});
});

describe("a demo ends", () => {
	test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
		"by %s, also when it comes twice, with nothing left",
		async (signal) => {
			const { demo } = await startDemo(temporary.path, small);
			await using _ = demo;
			demo.child.kill(signal);
			expect(await demo.end(signal)).toBe(0);
			expect(temporary.names).toEqual([]);
		},
	);

	test("by a signal while it still starts", async () => {
		const demo = new DemoProcess({ temporary: temporary.path, args: ["demo"] });
		await using _ = demo;
		await until("its folder is made", () => temporary.names.length > 0);
		expect(await demo.end("SIGTERM")).toBe(0);
		expect(temporary.names).toEqual([]);
		expect(demo.out).toBe("");
	});

	test("when its terminal goes", async () => {
		const places = mkdtempSync(join(tmpdir(), "pk-demo-tty-"));
		const [typed, code] = [join(places, "typed"), join(places, "code")];
		// As a login shell does, the outer one dies with the terminal; the inner one notes how the demo ended.
		const demo = `TMPDIR=${temporary.path} ${process.execPath} ${main} demo ${small.join(" ")}`;
		const command = `sh -c 'trap : HUP; ${demo}; echo $? >${code}'; :`;
		const terminal = spawn("script", ["-qfec", command, typed], { stdio: "ignore" });
		try {
			await until(
				"it is ready",
				() => existsSync(typed) && readFileSync(typed, "utf8").includes("Ctrl-C ends the demo."),
			);
			expect(temporary.names).toHaveLength(1);
			terminal.kill("SIGKILL");
			await once(terminal, "exit");
			await until("it has ended", () => existsSync(code) && readFileSync(code, "utf8") !== "");
			expect(readFileSync(code, "utf8")).toBe("0\n");
			expect(temporary.names).toEqual([]);
		} finally {
			terminal.kill("SIGKILL");
			rmSync(places, { recursive: true, force: true });
		}
	});
});

describe("beside others", () => {
	test("takes another port than the usual one when that is taken, and says so", async () => {
		const other = createServer();
		other.on("error", () => undefined);
		// Somebody else may have it already, which is as good.
		await new Promise<void>((resolve) => {
			other.once("error", () => resolve());
			other.listen(8010, "127.0.0.1", () => resolve());
		});
		try {
			const demo = new DemoProcess({ temporary: temporary.path, args: ["demo", "--size", "1x1x2"] });
			await using _ = demo;
			await demo.prints("Ctrl-C ends the demo.");
			expect(demo.out).toMatch(/^Web page: .*:(?!8010)\d+ +\(something else listens on port 8010\)$/m);
			const named = new DemoProcess({
				temporary: temporary.path,
				args: ["demo", "--listen", "127.0.0.1:8010"],
			});
			expect(await named.ended()).toBe(1);
			expect(named.err).toMatch(/127\.0\.0\.1:8010.*something else listens there/);
			expect(temporary.names).toHaveLength(1);
		} finally {
			other.close();
		}
	});

	test("a second one runs, and the end of one is none of the other's", async () => {
		const both = await Promise.all([
			startDemo(temporary.path, ["--size", "1x1x2"]),
			startDemo(temporary.path, ["--size", "1x1x2"]),
		]);
		const [first, second] = both;
		await using _ = first.demo;
		await using __ = second.demo;
		expect(first.ready.url).not.toBe(second.ready.url);
		expect(temporary.names).toHaveLength(2);
		expect(await first.demo.end()).toBe(0);
		expect((await cli(["--socket", second.ready.socket, "status"])).code).toBe(1);
		expect(await second.demo.end()).toBe(0);
		expect(temporary.names).toEqual([]);
	});

	test("the next one removes what a killed one left, and nothing of one that runs", async () => {
		const killed = await startDemo(temporary.path, small);
		const running = await startDemo(temporary.path, small);
		await using _ = running.demo;
		await killed.demo.end("SIGKILL");
		expect(temporary.names).toHaveLength(2);
		const next = await startDemo(temporary.path, small);
		await using __ = next.demo;
		expect(next.demo.err).toContain(
			`${killed.ready.folder} was removed: a demo that was killed had left it behind`,
		);
		expect(existsSync(killed.ready.folder)).toBe(false);
		expect(temporary.names).toHaveLength(2);
		expect((await cli(["--socket", running.ready.socket, "status"])).code).toBe(1);
	});
});

/** Only root can, and not in every container. */
function canHidePrograms(): boolean {
	return spawnSync("unshare", ["--mount", "mount", "--bind", "/bin/false", "/usr/bin/openssl"]).status === 0;
}

/** Names, kinds, sizes and times of what Pathkeeper would have on this machine. */
function hostFiles(): readonly string[] {
	const places = [
		"/etc/multipath",
		"/etc/multipath.conf",
		"/etc/pathkeeper",
		"/var/lib/pathkeeper",
		"/run/pathkeeper",
	];
	return places.flatMap((place) => {
		if (!existsSync(place)) return [];
		const below = statSync(place).isDirectory()
			? readdirSync(place, { recursive: true, encoding: "utf8" })
			: [];
		return [place, ...below.map((name) => join(place, name))].map((path) => {
			const found = statSync(path, { throwIfNoEntry: false });
			return `${path} ${found?.mode} ${found?.size} ${found?.mtimeMs}`;
		});
	});
}

function logIn(
	url: string,
	username: string,
	password: string,
): Promise<{ readonly status: number | undefined; readonly fingerprint: string | undefined }> {
	return new Promise((resolve, reject) => {
		let shown: X509Certificate | undefined;
		const sent = request(
			`${url}/api2/json/access/ticket`,
			{
				method: "POST",
				headers: { "content-type": "application/json" },
				rejectUnauthorized: false,
				agent: false,
			},
			(response) => {
				response.resume();
				response.on("end", () =>
					resolve({ status: response.statusCode, fingerprint: shown?.fingerprint256 }),
				);
			},
		);
		sent.on("socket", (socket) => {
			socket.once("secureConnect", () => {
				shown = certificateOf(socket);
			});
		});
		sent.on("error", reject);
		sent.end(JSON.stringify({ username, password }));
	});
}

function certificateOf(socket: object): X509Certificate | undefined {
	const isTls = (given: object): given is TLSSocket => "getPeerX509Certificate" in given;
	return isTls(socket) ? socket.getPeerX509Certificate() : undefined;
}
