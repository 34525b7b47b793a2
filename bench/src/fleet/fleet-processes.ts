import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { type Usage, usageOf } from "../process-usage.ts";
import type { News, Order, Share } from "./orders.ts";

/** The server of a fleet, in a process of its own. */
export interface ServerProcess extends Disposable {
	readonly port: number;
	usage(): Usage;
}

export async function startServer(etcd: string): Promise<ServerProcess> {
	// As README.md advises for a server.
	const execArgv = ["--max-semi-space-size=16"];
	const child = fork(join(import.meta.dirname, "fleet-server.ts"), [etcd], { execArgv });
	const [port]: number[] = await once(child, "message");
	return { port: port ?? 0, usage: () => usageOf(pidOf(child)), [Symbol.dispose]: () => void child.kill() };
}

/** The agents and hosts of a fleet, in as many processes as asked. */
export class AgentProcesses implements Disposable {
	readonly #folder: string;
	readonly #children: readonly ChildProcess[];
	readonly #listeners = new Set<(news: News) => void>();

	constructor(count: number, fleet: Omit<Share, "folder" | "from" | "to">) {
		this.#folder = mkdtempSync(join("/dev/shm", "bench-fleet-"));
		const each = Math.ceil(fleet.nodes / count);
		this.#children = Array.from({ length: count }, (_, at) => {
			const share: Share = { ...fleet, folder: this.#folder, from: at * each, to: (at + 1) * each };
			const child = fork(join(import.meta.dirname, "simulated-agents.ts"), [JSON.stringify(share)], {
				execArgv: ["--max-old-space-size=8192"],
			});
			// In life each has a host to itself, and takes nothing from etcd and the server.
			setPriority(pidOf(child), constants.priority.PRIORITY_BELOW_NORMAL);
			child.on("message", (news: News) => {
				for (const listener of this.#listeners) listener(news);
			});
			return child;
		});
	}

	get count(): number {
		return this.#children.length;
	}

	/** Tells all of them, or one. */
	order(order: Order, which?: number): void {
		for (const [at, child] of this.#children.entries()) {
			if (which === undefined || which === at) child.send(order);
		}
	}

	/** Gathers news of a kind until there are `count` of them that `counts`. */
	async gather<T extends News["told"]>(
		told: T,
		count: number,
		counts: (news: Extract<News, { told: T }>) => boolean = () => true,
	): Promise<Extract<News, { told: T }>[]> {
		const gathered: Extract<News, { told: T }>[] = [];
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const late = setTimeout(
			() => reject(new Error(`only ${gathered.length} of ${count}: ${told}`)),
			longestWaitMs,
		);
		const listener = (news: News) => {
			if (isOf(news, told) && counts(news)) gathered.push(news);
			if (gathered.length >= count) resolve();
		};
		this.#listeners.add(listener);
		try {
			await promise;
			return gathered;
		} finally {
			clearTimeout(late);
			this.#listeners.delete(listener);
		}
	}

	/** Milliseconds of processor time that they used so far. */
	cpuMs(): number {
		return this.#children.reduce((sum, child) => sum + usageOf(pidOf(child)).ownMs, 0);
	}

	[Symbol.dispose](): void {
		for (const child of this.#children) child.kill("SIGKILL");
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

const longestWaitMs = 600_000;

function isOf<T extends News["told"]>(news: News, told: T): news is Extract<News, { told: T }> {
	return news.told === told;
}

function pidOf({ pid }: ChildProcess): number {
	if (pid === undefined) throw new Error("a process was not started");
	return pid;
}
