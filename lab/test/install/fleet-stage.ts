/** A fleet that is being installed: its nodes, and what its server says of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
	builtPackages,
	type DocumentStep,
	type FleetStatus,
	LocalApi,
	PlainFleet,
	type PlainNode,
	plainNodeNames,
	restamped,
	runOwner,
	runStep,
	type Suite,
	statusThrough,
	suites,
	until,
} from "../../src/index.ts";
import { minute, patience } from "./host.ts";

const page = 8010;

export class FleetStage {
	/** What each block of the document printed, by its place, on all of its nodes. */
	readonly printed = new Map<string, string>();
	#fleet: PlainFleet | undefined;
	#api: LocalApi | undefined;
	#folder: string | undefined;

	async set(): Promise<void> {
		const folder = mkdtempSync(join(tmpdir(), "pathkeeper-install-"));
		this.#folder = folder;
		const packages = builtPackages();
		const others = new Map<Suite, readonly string[]>();
		for (const suite of suites)
			others.set(suite, await restamped(suite, ["open-iscsi"], join(folder, suite)));
		const shareFor = (suite: Suite) => [...packages, ...(others.get(suite) ?? [])];
		this.#fleet = await PlainFleet.start(`install-${process.pid}`, {
			life: runOwner(),
			shareFor,
			forwardedPorts: [page],
		});
		for (const { guest } of this.nodes)
			for (const file of packages)
				await guest.exec(`cp /mnt/lab/${basename(file)} /root`, { timeout: minute });
		this.#api = new LocalApi(this.node("n1").guest, "/run/pathkeeper-server/api.sock");
		await this.#api.open();
	}

	async clear(): Promise<void> {
		this.#api?.close();
		await this.#fleet?.[Symbol.asyncDispose]();
		if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
	}

	get nodes(): readonly PlainNode[] {
		if (this.#fleet === undefined) throw new Error("the fleet is not up");
		return this.#fleet.nodes;
	}

	node(name: string): PlainNode {
		const node = this.nodes.find((one) => one.name === name);
		if (node === undefined) throw new Error(`the fleet has no node '${name}'`);
		return node;
	}

	/** On the nodes that its block is for; on all of them at once, as what waits for the others has to be. */
	async run(step: DocumentStep, place: string): Promise<void> {
		const nodes = step.runner === "every-node" ? this.nodes : [this.node(step.runner)];
		const printed = await Promise.all(nodes.map(({ guest }) => runStep(guest, step)));
		this.printed.set(place, printed.join("\n"));
	}

	/** What the server on n1 says; undefined while it gives no answer. */
	async status(): Promise<FleetStatus | undefined> {
		if (this.#api === undefined) throw new Error("the fleet is not up");
		return await statusThrough(this.#api).catch(() => undefined);
	}

	/** Waits until these LUNs are allowed, optimal on all three nodes with both paths, and nothing settles any more. */
	async untilOptimal(wwids: readonly string[]): Promise<void> {
		let last: FleetStatus | undefined;
		const isWell = (status: FleetStatus) =>
			status.luns.length === wwids.length &&
			status.luns.every(
				({ wwid, state, nodes }) =>
					wwids.includes(wwid) &&
					state === "optimal" &&
					plainNodeNames.every((name) => {
						const here = nodes.get(name);
						return here?.state === "optimal" && here.paths === 2 && here.usable === 2;
					}),
			) &&
			plainNodeNames.every((name) => {
				const node = status.nodes.get(name);
				return node?.online === true && node.current && !node.settling;
			});
		try {
			await until(
				`${wwids.length} LUNs optimal on every node`,
				async () => {
					last = await this.status();
					return last !== undefined && isWell(last);
				},
				{ ...patience, timeout: 12 * minute },
			);
		} catch (error) {
			const told = JSON.stringify(last, (_, value) =>
				value instanceof Map ? Object.fromEntries(value) : value,
			);
			throw new Error(`${String(error)}; the fleet is ${told}`, { cause: error });
		}
	}

	/** Status and text of a page of the server on n1, over HTTPS, as a browser that was told to trust it gets it. */
	async page(path: string): Promise<{ readonly code: number; readonly text: string }> {
		const port = this.node("n1").guest.portOf(page);
		return await new Promise((resolve, reject) => {
			const sent = request(
				{ host: "127.0.0.1", port, path, rejectUnauthorized: false, agent: false, timeout: minute },
				(response) => {
					const chunks: Buffer[] = [];
					response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
					response.on("end", () =>
						resolve({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
					);
				},
			);
			sent.on("timeout", () => sent.destroy(new Error(`${path}: no answer in a minute`)));
			sent.on("error", reject).end();
		});
	}
}
