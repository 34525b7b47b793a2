/**
 * A fleet in the middle of an upgrade: an array and three hosts, one of each release, as guests; etcd and Pathkeeper's
 * server on this machine. Guests are woken one after another, because the machine that runs them may have two cores.
 */
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, removeFolder } from "../cache.ts";
import { bootGuest, connectGuest, type GuestOptions } from "../guest/boot-guest.ts";
import { identityFrom, isAlive, type ProcessIdentity } from "../guest/process-identity.ts";
import { LabError } from "../lab-error.ts";
import { timed } from "../say.ts";
import { type Suite, suites } from "../suites.ts";
import { member, parseJson } from "../unknown-json.ts";
import { BackgroundProgram } from "./background-program.ts";
import { certificatesIn, makeCertificates } from "./certificates.ts";
import { Etcd, type EtcdPorts } from "./etcd.ts";
import { FleetNode, type NodeSurroundings } from "./fleet-node.ts";
import { FleetServer, type ServerAccess } from "./fleet-server.ts";
import { San } from "./san.ts";
import { openWires } from "./wires.ts";

/** The release whose kernel plays the array: the one that costs least under emulation. */
const sanSuite: Suite = "bookworm";

/** What a later process needs to reach a fleet, or to clean up after it. */
interface FleetRecord {
	/** The process that it ends with; null: it waits for `lab down`. */
	readonly owner: ProcessIdentity | null;
	readonly sockets: string;
	/** Null while it is being brought up. */
	readonly up: { readonly access: ServerAccess; readonly etcdPorts: EtcdPorts } | null;
}

export class Fleet implements AsyncDisposable {
	readonly san: San;
	readonly etcd: Etcd;
	readonly server: FleetServer;
	readonly nodes: readonly FleetNode[];
	readonly #name: string;
	readonly #surroundings: NodeSurroundings;

	private constructor(
		name: string,
		parts: Pick<Fleet, "san" | "etcd" | "server" | "nodes">,
		surroundings: NodeSurroundings,
	) {
		this.#name = name;
		this.#surroundings = surroundings;
		this.san = parts.san;
		this.etcd = parts.etcd;
		this.server = parts.server;
		this.nodes = parts.nodes;
	}

	/** Brings one up whose agents run; that they have reported is not waited for. One fleet has a name at a time. */
	static async start(name: string, life: NonNullable<GuestOptions["life"]>): Promise<Fleet> {
		await reapFleets();
		if (readFleet(name) !== undefined) throw new LabError(`fleet '${name}' is already up`);
		const folder = folderOf(name);
		const owner = life === "background" ? null : life;
		mkdirSync(folder, { recursive: true });
		// Paths of sockets must be short.
		const sockets = mkdtempSync(join(tmpdir(), "pathkeeper-fleet-"));
		writeRecord(name, { owner, sockets, up: null });
		try {
			const san = new San(
				await timed("waking san", () =>
					bootGuest({ suite: sanSuite, name: `${name}-san`, hostName: "san", life }),
				),
			);
			for (const node of suites) await openWires(san.guest, node);
			await timed("making it an array", () => san.setUp(suites));
			const certificates = await makeCertificates(folder);
			const etcd = await timed("starting etcd", () => Etcd.start(join(folder, "etcd"), certificates, owner));
			const etcdPort = etcd.ports.client;
			const server = await timed("starting the server", () =>
				FleetServer.start(folder, { sockets, etcdPort, certificates, owner }),
			);
			const surroundings = { san, certificates, etcdPort, life };
			const nodes = suites.map((suite) => new FleetNode(suite, `${name}-${suite}`));
			for (const node of nodes)
				await timed(`waking ${node.name} and logging it in`, () => node.wake(surroundings));
			writeRecord(name, { owner, sockets, up: { access: server.access, etcdPorts: etcd.ports } });
			return new Fleet(name, { san, etcd, server, nodes }, surroundings);
		} catch (error) {
			await endFleet(name);
			throw error;
		}
	}

	/** The fleet of this name that is up, undefined when there is none. */
	static connect(name: string): Fleet | undefined {
		const record = readFleet(name);
		const guest = connectGuest(`${name}-san`);
		if (record === undefined || record.up === null || guest === undefined) return undefined;
		const { owner, up } = record;
		const certificates = certificatesIn(folderOf(name));
		const san = new San(guest);
		const etcd = new Etcd(join(folderOf(name), "etcd"), certificates, up.etcdPorts, owner);
		const server = new FleetServer(up.access);
		const nodes = suites.map((suite) => new FleetNode(suite, `${name}-${suite}`));
		const surroundings = {
			san,
			certificates,
			etcdPort: up.etcdPorts.client,
			life: owner ?? "background",
		} as const;
		return new Fleet(name, { san, etcd, server, nodes }, surroundings);
	}

	node(name: Suite): FleetNode {
		const node = this.nodes.find((one) => one.name === name);
		if (node === undefined) throw new LabError(`the fleet has no node '${name}'`);
		return node;
	}

	/** Brings a node that was killed back, as a host that was installed anew. */
	async wakeAgain(node: FleetNode): Promise<void> {
		await node.wake(this.#surroundings);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await endFleet(this.#name);
	}
}

/** How to reach the server of a fleet that is up, undefined when there is none. */
export function fleetAccess(name: string): ServerAccess | undefined {
	return readFleet(name)?.up?.access;
}

/** Ends a fleet with all that belongs to it, whoever brought it up and however far that came. */
export async function endFleet(name: string): Promise<void> {
	const folder = folderOf(name);
	await new BackgroundProgram(folder, "server").stop();
	for (const guest of [...suites, "san"]) await connectGuest(`${name}-${guest}`)?.kill();
	await new BackgroundProgram(join(folder, "etcd"), "etcd").stop("SIGKILL");
	const record = readFleet(name);
	if (record !== undefined) rmSync(record.sockets, { recursive: true, force: true });
	await removeFolder(folder);
}

/** Fleets whose owner is gone: their programs ended with it. */
async function reapFleets(): Promise<void> {
	if (!existsSync(fleetsFolder)) return;
	for (const name of readdirSync(fleetsFolder)) {
		const record = readFleet(name);
		if (record !== undefined && record.owner !== null && !isAlive(record.owner)) await endFleet(name);
	}
}

const fleetsFolder = join(cacheFolder, "fleets");

function folderOf(name: string): string {
	return join(fleetsFolder, name);
}

function recordFile(name: string): string {
	return join(folderOf(name), "fleet.json");
}

function writeRecord(name: string, record: FleetRecord): void {
	writeFileSync(recordFile(name), `${JSON.stringify(record, undefined, "\t")}\n`, { mode: 0o600 });
}

function readFleet(name: string): FleetRecord | undefined {
	if (!existsSync(recordFile(name))) return undefined;
	const record = parseJson(readFileSync(recordFile(name), "utf8"));
	const sockets = member(record, "sockets");
	if (typeof sockets !== "string") return undefined;
	return {
		owner: identityFrom(member(record, "owner")) ?? null,
		sockets,
		up: upFrom(member(record, "up")),
	};
}

function upFrom(value: unknown): FleetRecord["up"] {
	const access = member(value, "access");
	const ports = member(value, "etcdPorts");
	const [url, token, ca] = ["url", "token", "ca"].map((name) => member(access, name));
	const [client, peer, health] = ["client", "peer", "health"].map((name) => member(ports, name));
	if (typeof url !== "string" || typeof token !== "string" || typeof ca !== "string") return null;
	if (typeof client !== "number" || typeof peer !== "number" || typeof health !== "number") return null;
	return { access: { url, token, ca }, etcdPorts: { client, peer, health } };
}
