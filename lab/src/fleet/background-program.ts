/** A program of this machine that belongs to a fleet: etcd, the server. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
	identityFrom,
	identityOf,
	isAlive,
	killProcess,
	type ProcessIdentity,
} from "../guest/process-identity.ts";
import { LabError } from "../lab-error.ts";
import { spawnOwned } from "../owned-process.ts";
import { parseJson } from "../unknown-json.ts";
import { until } from "../until.ts";

export class BackgroundProgram {
	readonly name: string;
	/** All that it ever printed. */
	readonly log: string;
	readonly #identity: string;

	/** Its log and who it is are kept in `folder`, so that a later process can end it. */
	constructor(folder: string, name: string) {
		this.name = name;
		this.log = join(folder, `${name}.log`);
		this.#identity = join(folder, `${name}.json`);
	}

	/** Starts it and waits until it runs. */
	async start(
		argv: readonly string[],
		options: {
			/** The process that it ends with; null: it outlives this one. */
			readonly owner: ProcessIdentity | null;
			readonly env?: Readonly<Record<string, string | undefined>>;
		},
	): Promise<void> {
		const pidFile = `${this.#identity}.pid`;
		rmSync(pidFile, { force: true });
		spawnOwned(argv, { ...options, log: this.log, pidFile });
		await until(`the start of ${this.name}`, async () => existsSync(pidFile), { every: 50 });
		writeFileSync(this.#identity, JSON.stringify(identityOf(Number(readFileSync(pidFile, "utf8"))) ?? null));
	}

	/** The process, undefined when it does not run. */
	get process(): ProcessIdentity | undefined {
		if (!existsSync(this.#identity)) return undefined;
		const process = identityFrom(parseJson(readFileSync(this.#identity, "utf8")));
		return process !== undefined && isAlive(process) ? process : undefined;
	}

	/** Throws LabError with its last words when it does not run. */
	checkAlive(): void {
		if (this.process === undefined)
			throw new LabError(`${this.name} has ended: ${this.printed.slice(-2000)}`);
	}

	/** What it printed since it was started first. */
	get printed(): string {
		return existsSync(this.log) ? readFileSync(this.log, "utf8") : "";
	}

	/** Ends it and waits until it is gone; one that takes its time is killed. */
	async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
		const { process } = this;
		if (process === undefined) return;
		killProcess(process, signal);
		for (let waited = 0; isAlive(process); waited += 50) {
			if (waited > 20_000) killProcess(process);
			await sleep(50);
		}
	}
}
