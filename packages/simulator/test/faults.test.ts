import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectSocket, livenessOnHost, MultipathdClient } from "@pathkeeper/host/parts";
import { afterEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { releases } from "../src/index.ts";
import { allowAll, type OpenHost, openHost } from "./open-host.ts";
import { virtioPlan } from "./virtio-plan.ts";

let open: OpenHost;
afterEach(() => open.close());

const code = (of: string) => expect.objectContaining({ code: of });

/** For a call that has to succeed, however busy the machine is. */
const patient = { deadlineMs: 10_000 };

describe("a simulated daemon can be made to", () => {
	it("not run: no pid file, and the client does not even connect", async () => {
		open = await openHost(virtioPlan());
		await open.host.daemon.stop();
		expect(await open.host.multipathd.isRunning()).toBe(false);
		await expect(open.host.multipathd.maps()).rejects.toEqual(code("MULTIPATHD_NOT_RUNNING"));
		expect(await open.host.daemon.start()).toBe(true);
		expect((await open.host.multipathd.maps()).maps).toHaveLength(2);
	});

	it("be killed: its pid file names a process that is gone", async () => {
		open = await openHost(virtioPlan());
		await open.host.daemon.kill();
		expect(await open.host.files.read("/run/multipathd.pid")).toMatch(/^\d+\n$/);
		expect(await open.host.multipathd.isRunning()).toBe(false);
	});

	it("start again over the socket that a killed one left behind", async () => {
		open = await openHost(virtioPlan(), { started: false });
		await writeFile(join(open.root, "run/multipathd.socket"), "");
		expect(await open.host.daemon.start()).toBe(true);
		expect((await open.host.multipathd.maps(patient)).maps).toHaveLength(2);
	});

	it("not be installed", async () => {
		open = await openHost(virtioPlan(), { installed: false });
		await expect(open.host.multipathd.maps()).rejects.toEqual(code("MULTIPATHD_NOT_INSTALLED"));
	});

	it("be stopped: no answer, and what it found meanwhile is carried out when it goes on", async () => {
		open = await openHost(virtioPlan(), { deadlineMs: 100 });
		const { host } = open;
		await host.multipathd.status(patient);
		await host.daemon.setFaults({ hang: true });
		await expect(host.multipathd.maps()).rejects.toEqual(code("MULTIPATHD_NO_ANSWER"));
		await host.daemon.setFaults({ hang: false });
		expect((await host.multipathd.maps(patient)).maps).toHaveLength(2);
	});

	it("refuse connections", async () => {
		open = await openHost(virtioPlan(), { deadlineMs: 100 });
		await open.host.daemon.setFaults({ refuse: true });
		expect(await open.host.multipathd.isRunning()).toBe(true);
		await expect(open.host.multipathd.maps()).rejects.toThrow();
		await open.host.daemon.setFaults({ refuse: false });
		expect((await open.host.multipathd.maps(patient)).maps).toHaveLength(2);
	});

	it("cut its answers", async () => {
		open = await openHost(virtioPlan(), { deadlineMs: 5_000 });
		await open.host.daemon.setFaults({ cutAfterBytes: 100 });
		await expect(open.host.multipathd.command("show maps json")).rejects.toEqual(code("MULTIPATHD_CUT"));
	});

	it("listen on an abstract name, too", async () => {
		const name = `\0pathkeeper-test-${process.pid}`;
		open = await openHost(virtioPlan(), { alsoListenOn: [name] });
		const client = new MultipathdClient({
			runtime: realRuntime,
			connect: connectSocket,
			addresses: [name],
			liveness: livenessOnHost(open.root),
		});
		expect((await client.maps()).maps).toHaveLength(2);
		await client.close();
	});

	it("hang up at once", async () => {
		open = await openHost(virtioPlan(), { deadlineMs: 5_000 });
		await open.host.daemon.setFaults({ hangUp: true });
		await expect(open.host.multipathd.status()).rejects.toEqual(code("MULTIPATHD_HUNG_UP"));
	});

	it("say that it is busy", async () => {
		open = await openHost(virtioPlan());
		expect(await open.host.multipathd.busy()).toBe(false);
		await open.host.daemon.setFaults({ busy: true });
		expect(await open.host.multipathd.busy()).toBe(true);
	});

	it("be denied to others than root", async () => {
		open = await openHost(virtioPlan());
		await open.host.daemon.setFaults({ denies: true });
		expect((await open.host.multipathd.maps()).maps).toHaveLength(2);
		await expect(open.host.multipathd.reconfigure()).rejects.toEqual(code("MULTIPATHD_DENIED"));
	});

	it("answer slowly", async () => {
		open = await openHost(virtioPlan());
		await open.host.daemon.setFaults({ slowMs: 700 });
		let answered = false;
		const maps = open.host.multipathd.maps().then((reading) => {
			answered = true;
			return reading;
		});
		await expect.poll(() => open.waits).toContain(700);
		expect(answered).toBe(false);
		open.clock.advance(700);
		expect((await maps).maps).toHaveLength(2);
	});

	it("put lines before its JSON, or not know JSON: the client reads the rows instead", async () => {
		open = await openHost(virtioPlan());
		await open.host.daemon.setFaults({ noiseBeforeJson: "sda: something went wrong\n" });
		expect((await open.host.multipathd.maps()).maps).toHaveLength(2);
		await open.host.daemon.setFaults({ noiseBeforeJson: null, knowsNoJson: true });
		expect(await open.host.daemon.answer("show maps json")).toContain("CLI commands reference:");
	});
});

for (const release of releases)
	describe(`multipathd ${release} that somebody's lock holds`, () => {
		it("answers show daemon, and everything else with timeout after four seconds", async () => {
			open = await openHost(virtioPlan(), { release });
			const { daemon } = open.host;
			await daemon.setFaults({ locked: true });
			expect(await daemon.answer("show daemon")).toMatch(/idle/);
			const answer = daemon.answer("show maps");
			open.clock.advance(4000);
			expect(await answer).toBe(release === "0.9.4" ? "timeout\n" : "fail\ntimeout\n");
		});
	});

for (const release of releases)
	describe(`multipathd ${release} with a deadly configuration`, () => {
		it("ends cleanly over an expression that glibc refuses in the main file, and does not start again", async () => {
			open = await openHost(virtioPlan(), { release });
			await open.configure('blacklist {\nwwid "["\n}\n');
			expect(open.host.daemon.running).toBe(false);
			expect(await open.host.files.read("/run/multipathd.pid")).toBe(null);
			expect(await open.host.daemon.start()).toBe(false);
			await expect(open.host.tools.lint()).rejects.toEqual(code("PROCESS_FAILED"));
			expect(open.host.kernel.maps).toHaveLength(2);
		});

		it("drops the line when it stands in a drop-in", async () => {
			open = await openHost(virtioPlan(), { release });
			await open.host.files.replace("/etc/multipath/conf.d/x.conf", 'blacklist {\nwwid "["\n}\n');
			await open.configure(allowAll);
			expect(open.host.daemon.running).toBe(true);
			expect((await open.host.tools.lint()).complaints).toEqual([
				expect.stringMatching(/^\/etc\/multipath\/conf\.d\/x\.conf line 2, /),
			]);
		});

		it(`${release === "0.9.4" ? "survives" : "crashes over"} a polling_interval of 0`, async () => {
			open = await openHost(virtioPlan(), { release });
			await open.configure("defaults {\npolling_interval 0\n}\n");
			expect(open.host.daemon.running).toBe(release === "0.9.4");
			if (release === "0.9.4") return;
			await expect(open.host.tools.lint()).rejects.toThrow(/SIGFPE/);
			expect(await open.host.multipathd.isRunning()).toBe(false);
		});

		it("crashes the program over a slash in partition_delimiter", async () => {
			open = await openHost(virtioPlan(), { release });
			await open.configure('defaults {\npartition_delimiter "/"\n}\n');
			await expect(open.host.tools.lint()).rejects.toThrow(/SIGSEGV/);
		});
	});

describe("the simulated multipath program", () => {
	it("hangs over a polling_interval that is no number, until its deadline", async () => {
		open = await openHost(virtioPlan(), { conf: "defaults {\npolling_interval often\n}\n", started: false });
		const lint = open.host.tools.lint();
		lint.catch(() => {});
		await expect.poll(() => open.waits).toContain(5000);
		open.clock.advance(5000);
		await expect(lint).rejects.toEqual(code("PROCESS_DEADLINE"));
	});

	it("complains about what it does not take, naming file and line", async () => {
		open = await openHost(virtioPlan());
		await open.host.files.replace(
			"/etc/multipath/conf.d/y.conf",
			"defaults {\n\tmax_polling_interval 7\n\tno_such_thing 7\n\tuser_friendly_names maybe\n}\n",
		);
		const { complaints, effective } = await open.host.tools.lint();
		expect(complaints.map((line) => line.split(",")[0])).toEqual([
			"/etc/multipath/conf.d/y.conf line 3",
			"/etc/multipath/conf.d/y.conf line 4",
		]);
		expect(effective).toContain("\tmax_polling_interval 7\n");
	});

	it("crashes or hangs when told to", async () => {
		open = await openHost(virtioPlan());
		open.host.setProgramFaults({ crash: true });
		await expect(open.host.tools.lint()).rejects.toEqual(code("PROCESS_FAILED"));
		open.host.setProgramFaults({ crash: false });
		await expect(open.host.tools.lint()).resolves.toEqual(expect.objectContaining({ complaints: [] }));
	});
});
