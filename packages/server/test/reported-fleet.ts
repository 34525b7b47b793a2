/** A fleet that is only said to be: members and reports in a real store, written by nobody's agent. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MultipathMap, Path, Report } from "@pathkeeper/model";
import {
	digestOf,
	joinFleet,
	type Membership,
	openEmbeddedStore,
	ReportWriter,
	type Store,
	writeConfig,
} from "@pathkeeper/store";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";

export interface ReportedSize {
	readonly nodes: number;
	readonly luns: number;
	readonly paths: number;
}

/** True where a path has failed; `path` counts from 0. */
export type Failing = (place: {
	readonly node: string;
	readonly lun: number;
	readonly path: number;
}) => boolean;

export function wwidOf(lun: number): string {
	return `36001405${lun.toString(16).padStart(25, "0")}`;
}

export function portalOf(path: number): string {
	return `192.168.${70 + path}.1:3260`;
}

const nothingFails: Failing = () => false;

export class ReportedFleet implements AsyncDisposable {
	readonly store: Store;
	readonly size: ReportedSize;
	readonly names: readonly string[];
	readonly #folder: string;
	readonly #members = new Map<string, { readonly membership: Membership; readonly writer: ReportWriter }>();
	#digest = "";

	private constructor(store: Store, folder: string, size: ReportedSize) {
		this.store = store;
		this.size = size;
		this.#folder = folder;
		this.names = Array.from({ length: size.nodes }, (_, at) => `n${at + 1}`);
	}

	static async start(size: ReportedSize): Promise<ReportedFleet> {
		const folder = await mkdtemp(join(tmpdir(), "pk-reported-"));
		const store = await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") });
		const fleet = new ReportedFleet(store, folder, size);
		const text = Array.from(
			{ length: size.luns },
			(_, lun) => `wwid: ${wwidOf(lun)}\n\talias lun-${lun}\n\texpected-paths ${size.paths}\n`,
		).join("\n");
		await fleet.configure(text);
		for (const node of fleet.names) await fleet.report(node);
		return fleet;
	}

	async configure(text: string): Promise<void> {
		this.#digest = digestOf(text);
		await writeConfig(this.store, "multipath.cfg", text, {
			by: "jane@local",
			from: "10.0.0.3",
			at: Date.now(),
		});
	}

	/** A node reports; it joins with its first report. */
	async report(node: string, failing: Failing = nothingFails, changes: Partial<Report> = {}): Promise<void> {
		const member = this.#members.get(node) ?? (await this.join(node));
		await member.writer.write({ ...this.reportOf(node, failing), ...changes }, member.membership);
	}

	reportOf(node: string, failing: Failing = nothingFails): Report {
		return reportOf(node, this.size, this.#digest, failing);
	}

	async leave(node: string): Promise<void> {
		await this.#members.get(node)?.membership.lease.revoke();
		this.#members.delete(node);
	}

	/** A new run of its agent is there, and has not reported yet. */
	async join(node: string) {
		const joined = { node, run: node, agentVersion: "1.2.3", intervalMs: 600_000, joinedAt: Date.now() };
		const membership = await joinFleet(this.store, joined);
		const member = { membership, writer: new ReportWriter(this.store, node, realRuntime) };
		this.#members.set(node, member);
		return member;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.store.close();
		await rm(this.#folder, { recursive: true, force: true });
	}
}

/** Looks again and again, for at most a minute, until it gives something. */
export async function eventually<T>(
	what: string,
	look: () => T | null | false | Promise<T | null | false>,
): Promise<T> {
	for (const end = Date.now() + 60_000; ; await delay(10)) {
		const seen = await look();
		if (seen !== null && seen !== false) return seen;
		if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
	}
}

export function reportOf(node: string, size: ReportedSize, digest: string, failing: Failing): Report {
	const maps = Array.from({ length: size.luns }, (_, lun) => mapOf(node, lun, size.paths, failing));
	return {
		node,
		at: 1_763_800_000_000,
		intervalMs: 5000,
		simulated: true,
		agentVersion: "1.2.3",
		multipathd: { state: "running", problem: null, version: "0.11.1", pollingIntervalS: 5 },
		settling: false,
		maps,
		kernelMaps: maps.map(({ name, wwid, dm, groups }) => ({
			dm: dm ?? "",
			name,
			wwid,
			sizeBytes: 1024 ** 4,
			suspended: false,
			slaves: groups.flatMap(({ paths }) => paths.map(({ dev }) => dev)),
			openCount: 1,
			users: ["LV vg0/data (dm-7) active"],
		})),
		candidates: [],
		foreignDmNames: [],
		highestPaths: Object.fromEntries(maps.map(({ wwid }) => [wwid, size.paths])),
		applied: {
			state: "applied",
			configDigest: digest,
			overridesDigest: "",
			at: 1_763_800_000_000,
			error: null,
		},
		findings: [],
	};
}

function mapOf(node: string, lun: number, paths: number, failing: Failing): MultipathMap {
	const all = Array.from({ length: paths }, (_, path) =>
		pathOf(node, lun, path, failing({ node, lun, path })),
	);
	return {
		name: `lun-${lun}`,
		wwid: wwidOf(lun),
		dm: `dm-${lun}`,
		vendor: "LIO-ORG",
		product: "deneb",
		revision: "4.0",
		sizeBytes: 1024 ** 4,
		suspended: false,
		readOnly: false,
		queueing: { seconds: 60 },
		features: "1 queue_if_no_path",
		hardwareHandler: "1 alua",
		failback: "immediate",
		action: "create",
		whole: true,
		groups: [
			{
				number: 1,
				dmState: "active",
				priority: 50,
				selector: "service-time 0",
				marginal: false,
				paths: all.slice(0, Math.ceil(paths / 2)),
			},
			{
				number: 2,
				dmState: "enabled",
				priority: 10,
				selector: "service-time 0",
				marginal: false,
				paths: all.slice(Math.ceil(paths / 2)),
			},
		].filter((group) => group.paths.length > 0),
	};
}

function pathOf(node: string, lun: number, path: number, failed: boolean): Path {
	const device = lun * 8 + path;
	return {
		dev: `sd${device.toString(26).replace(/[0-9a-p]/g, (digit) => "abcdefghijklmnopqrstuvwxyz"[Number.parseInt(digit, 26)] ?? "a")}`,
		devT: `${8 + (device >> 4)}:${(device % 16) * 16}`,
		hctl: `${path}:0:0:${lun}`,
		dmState: failed ? "failed" : "active",
		deviceState: "running",
		checkerState: failed ? "faulty" : "ready",
		checker: "tur",
		priority: path < 2 ? 50 : 10,
		marginal: false,
		anaState: null,
		transport: {
			protocol: "iscsi",
			initiator: `192.168.${70 + path}.${100 + Number.parseInt(node.slice(1), 10)}`,
			target: "iqn.2026-11.test:deneb",
			portal: portalOf(path),
		},
	};
}
