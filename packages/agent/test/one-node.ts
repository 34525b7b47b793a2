/** A node to try the agent on: a real store, a simulated host with real files and a real socket, and fast time. */
import { randomUUID } from "node:crypto";
import {
	appendFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Host, wwidsIn } from "@pathkeeper/host";
import { allowLun, type Finding, type Report, type Runtime } from "@pathkeeper/model";
import {
	demoSanPlan,
	type Release,
	San,
	type SanPlan,
	type SimulatedHost,
	type SimulateHostOptions,
	simulateHost,
} from "@pathkeeper/simulator";
import {
	type ConfigDocumentName,
	type EmbeddedStore,
	editConfig,
	openEmbeddedStore,
	readNodes,
	reportPrefix,
	type Store,
	storedReports,
	writeConfig,
} from "@pathkeeper/store";
import { onTestFinished } from "vitest";
import { PacedTime } from "../../model/test/paced-time.ts";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { Agent, type Clock, type Log } from "../src/index.ts";
import { CountedRounds, type LoopName } from "./counted-rounds.ts";

/** LUNs of the demo's SAN, four paths each. */
export const milk = "36001405d000000000000000000000001";
export const oil = "36001405d000000000000000000000002";
export const tea = "36000a17000000000000000000000c4fe";

export const configFile = "/etc/multipath/conf.d/pathkeeper.conf";
export const overridesFile = "/etc/multipath/conf.d/pathkeeper-overrides.conf";
export const wwidsFile = "/etc/multipath/wwids";
export const ledgerFile = "/var/lib/pathkeeper/agent/owned.json";

const somebody = { by: "root@pam", from: null };

/** A minute of the agent takes a second. */
const fastTime = new PacedTime(60);

export const fastClock: Clock = {
	now: () => realRuntime.now(),
	monotonic: () => fastTime.monotonic(),
	sleep: (ms, signal) => fastTime.sleep(ms, signal),
};

export interface LogLine {
	readonly level: "debug" | "info" | "warn" | "error";
	readonly message: string;
	readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps what is written to it. */
export function keptLog(lines: LogLine[] = []): Log & { readonly lines: readonly LogLine[] } {
	const keep = (level: LogLine["level"]) => (fields: LogLine["fields"], message: string) => {
		lines.push({ level, message, fields });
	};
	return { lines, debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") };
}

export interface OneNodeOptions {
	readonly release?: Release;
	readonly plan?: SanPlan;
	readonly installed?: boolean;
	readonly started?: boolean;
	/** Milliseconds for a call to the daemon. */
	readonly deadlineMs?: number;
	readonly reconfigureMs?: number;
	/** Time of the simulated host. */
	readonly clock?: NonNullable<SimulateHostOptions["clock"]>;
	/** True: leases end as fast as the agent's time runs; otherwise a busy machine could lose one by accident. */
	readonly hurriedLeases?: boolean;
}

/** An agent that runs, and how to end it. */
export interface RunningAgent {
	/** Resolves or rejects when it has ended, told to or not. */
	readonly ended: Promise<void>;
	/** Ends it as SIGTERM would. */
	stop(): Promise<void>;
}

export class OneNode {
	readonly folder: string;
	readonly host: SimulatedHost;
	readonly store: EmbeddedStore;
	readonly log = keptLog();
	readonly #rounds = new CountedRounds();
	#running: RunningAgent[] = [];

	constructor(folder: string, host: SimulatedHost, store: EmbeddedStore) {
		this.folder = folder;
		this.host = host;
		this.store = store;
	}

	/** Starts an agent; `host` stands in for the node's own where a test wraps it. */
	startAgent(
		options: {
			readonly host?: Host;
			readonly store?: Store;
			readonly intervalMs?: number;
			readonly clock?: Clock;
			/** Milliseconds of the machine for an answer of multipathd; short where a test lets it hang. */
			readonly answerMs?: number;
		} = {},
	) {
		const { host = this.host, store = this.store, intervalMs = 6_000 } = options;
		const { clock = fastClock, answerMs = 20_000 } = options;
		const agent = new Agent({
			host,
			store,
			runtime: { ...realRuntime, ...clock },
			log: this.log,
			version: "0.1.0",
			intervalMs,
			answerMs,
			pulses: this.#rounds,
		});
		const stop = new AbortController();
		const run = agent.run(stop.signal);
		// Looked at when it is stopped; until then nobody else does.
		run.catch(() => undefined);
		const running: RunningAgent = {
			ended: run,
			stop: async () => {
				stop.abort();
				await run.catch(() => undefined);
			},
		};
		this.#running.push(running);
		return running;
	}

	/** The same node, seen through another store. */
	on(store: EmbeddedStore): OneNode {
		return new OneNode(this.folder, this.host, store);
	}

	/** Waits until a loop of the agent that was started here has completed this many further rounds. */
	async rounds(loop: LoopName, count: number): Promise<void> {
		await this.#rounds.pass(loop, count);
	}

	async stopAgents(): Promise<void> {
		await Promise.all(this.#running.map((agent) => agent.stop()));
	}

	async end(): Promise<void> {
		await this.stopAgents();
		await this.host.close();
		await this.store.close();
		await rm(this.folder, { recursive: true, force: true });
	}

	path(path: string): string {
		return join(this.host.root, path);
	}
	read(path: string): string | null {
		return existsSync(this.path(path)) ? readFileSync(this.path(path), "utf8") : null;
	}
	write(path: string, text: string): void {
		mkdirSync(dirname(this.path(path)), { recursive: true });
		writeFileSync(this.path(path), text);
	}
	remove(path: string): void {
		rmSync(this.path(path), { force: true });
	}

	/** Puts a program of multipath-tools where the package has it. */
	install(program: string): void {
		this.write(`/usr/sbin/${program}`, "#!/bin/false\n");
		chmodSync(this.path(`/usr/sbin/${program}`), 0o755);
	}

	listedWwids(): readonly string[] {
		return wwidsIn(this.read(wwidsFile) ?? "");
	}
	/** Puts an entry into the wwids file as an administrator would with `multipath -a`. */
	listByHand(wwid: string): void {
		if (this.read(wwidsFile) === null) this.write(wwidsFile, "# Valid WWIDs:\n");
		appendFileSync(this.path(wwidsFile), `/${wwid}/\n`);
	}
	unlistByHand(wwid: string): void {
		this.write(wwidsFile, (this.read(wwidsFile) ?? "").replace(`/${wwid}/\n`, `#${wwid}/\n`));
	}
	/** WWIDs that the ledger counts as ours. */
	ownedWwids(): readonly string[] {
		const ledger: unknown = JSON.parse(this.read(ledgerFile) ?? "{}");
		const owned = ledger instanceof Object && "wwids" in ledger ? ledger.wwids : {};
		return Object.keys(owned instanceof Object ? owned : {});
	}

	/** Allows a LUN in the fleet's config. */
	async allow(wwid: string, properties: Readonly<Record<string, string>> = {}): Promise<void> {
		const edit = { ...somebody, at: Date.now() };
		await editConfig(this.store, "multipath.cfg", (text) => allowLun(text, wwid, properties), edit);
	}
	/** Replaces a document as it is, without the checks of the API. */
	async put(name: ConfigDocumentName, text: string): Promise<void> {
		await writeConfig(this.store, name, text, { ...somebody, at: Date.now() });
	}
	config(text: string): Promise<void> {
		return this.put("multipath.cfg", text);
	}
	overrides(text: string): Promise<void> {
		return this.put("multipath-overrides.conf", text);
	}

	/** The report of the agent that runs now; null while there is none, or it did not report yet. */
	async report(): Promise<Report | null> {
		const { entries } = await this.store.list(reportPrefix);
		const found = storedReports(entries).find(({ node }) => node === this.host.node);
		const [known] = await readNodes(this.store);
		const joined = known?.joinedRevision ?? null;
		if (found === undefined || joined === null || found.revision < joined) return null;
		const { report, problem } = found.read();
		if (problem !== null) throw new Error(problem);
		return report;
	}

	/** Waits for a report that is as wanted. */
	async reported(
		wanted: (report: Report) => boolean,
		what = "the report that was waited for",
	): Promise<Report> {
		let last: Report | null = null;
		await until(
			async () => {
				last = await this.report();
				return last !== null && wanted(last);
			},
			() => `${what}; the last one: ${JSON.stringify(last, null, 1)}\n${this.#tail()}`,
		);
		const report = await this.report();
		if (report === null) throw new Error("the report is gone again");
		return report;
	}

	/** Waits until the documents as they are now are applied. */
	async applied(): Promise<Report> {
		const digest = async (name: ConfigDocumentName) =>
			(await editConfig(this.store, name, (text) => text, { ...somebody, at: 0 })).digest;
		const config = await digest("multipath.cfg");
		const overrides = await digest("multipath-overrides.conf");
		return await this.reported(
			({ applied }) =>
				applied.state === "applied" &&
				applied.configDigest === config &&
				applied.overridesDigest === overrides,
			"an applied configuration",
		);
	}

	/** Waits until a finding of this code is reported, and gives it. */
	async finding(code: string): Promise<Finding> {
		const { findings } = await this.reported((report) => codesOf(report).includes(code), `finding ${code}`);
		const found = findings.find((finding) => finding.code === code);
		if (found === undefined) throw new Error(`finding ${code} is gone again`);
		return found;
	}

	/** Waits until the configuration could not be applied, and gives the words. */
	async failure(): Promise<string> {
		const { applied } = await this.reported((report) => report.applied.state === "failed", "a failure");
		return applied.error ?? "";
	}

	#tail(): string {
		return this.log.lines
			.slice(-12)
			.map(({ level, message, fields }) => `${level} ${message} ${JSON.stringify(fields)}`)
			.join("\n");
	}
}

/** No test here cuts the power, so none has to wait for a disk. */
const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Leases of nine seconds last one. */
const leaseTime = new PacedTime(9);
const hurriedRuntime: Runtime = {
	...realRuntime,
	monotonic: () => leaseTime.monotonic(),
	schedule: (ms, run) => leaseTime.schedule(ms, run),
};

/** A node for this test; gone when the test is finished. */
export async function oneNode(options: OneNodeOptions = {}): Promise<OneNode> {
	const { plan = demoSanPlan(["n1"]), hurriedLeases = false, ...rest } = options;
	const folder = await mkdtemp(join(memory, "pk-agent-"));
	const san = new San(plan, realRuntime);
	const host = await simulateHost({
		runtime: realRuntime,
		node: "n1",
		san,
		root: join(folder, "n1"),
		secondMs: 50,
		reconfigureMs: 10,
		...rest,
	});
	const runtime = hurriedLeases ? hurriedRuntime : realRuntime;
	const store = await openEmbeddedStore({ runtime, path: join(folder, `${randomUUID()}.db`) });
	const node = new OneNode(folder, host, store);
	onTestFinished(() => node.end());
	return node;
}

export function codesOf({ findings }: Pick<Report, "findings">): readonly string[] {
	return findings.map(({ code }) => code);
}

/** Only ends a test that hangs; milliseconds. */
const patienceMs = 60_000;

/** Looks again and again until something is so; throws with what there is instead when it does not become so. */
export async function until(isSo: () => boolean | Promise<boolean>, instead: () => string): Promise<void> {
	for (const begun = performance.now(); ; await delay(20)) {
		if (await isSo()) return;
		if (performance.now() - begun > patienceMs) throw new Error(`waited in vain: ${instead()}`);
	}
}
