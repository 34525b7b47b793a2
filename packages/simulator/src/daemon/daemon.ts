import type { Clock } from "../clock.ts";
import type { Disk } from "../san/fabric.ts";
import type { SimulatedNode } from "../san/node.ts";
import { changingCommands } from "./changing-commands.ts";
import { pathFailed, tick } from "./check.ts";
import { helpText, understand } from "./command.ts";
import { type DaemonFaults, noFaults } from "./faults.ts";
import { Gate } from "./gate.ts";
import { type Answer, listingCommands } from "./listing-commands.ts";
import { MapJson } from "./map-json.ts";
import { RootedNameFiles } from "./name-files.ts";
import { PidFile } from "./pid-file.ts";
import { readConf } from "./read-conf.ts";
import { reconfigure } from "./reconfigure.ts";
import type { Release } from "./release.ts";
import { replyText } from "./replies.ts";
import { SocketServer } from "./socket-server.ts";
import { diskAdded, diskRemoved } from "./uevents.ts";
import { newWorld, type World } from "./world.ts";

export interface SimulatedMultipathdOptions {
	readonly node: SimulatedNode;
	readonly release: Release;
	/** Folder that stands for `/`: configuration, wwids and pid file are there. */
	readonly root: string;
	/** Where it listens: paths, or abstract names that begin with NUL. */
	readonly addresses: readonly string[];
	readonly clock: Clock;
	/** Milliseconds that a second of the daemon lasts: 1000, or less for a test that would not wait. */
	readonly secondMs: number;
	/** Milliseconds from `reconfigure` to its end, while commands that need the lock wait. */
	readonly reconfigureMs: number;
	readonly pid: number;
}

type Phase = "startup" | "configure" | "idle";

/** Commands that are answered while somebody holds the lock (multipathd/callbacks.c, `set_unlocked_handler_callback`). */
const unlocked = new Set(["list daemon", "reconfigure", "reconfigure all", "quit", "shutdown"]);

/**
 * A multipathd that looks after one node of a simulated SAN. It speaks the real protocol on a real socket, follows
 * the files in its root, and words everything as its release does.
 */
export class SimulatedMultipathd {
	readonly #options: SimulatedMultipathdOptions;
	readonly #names: RootedNameFiles;
	readonly #world: World;
	readonly #json = new MapJson();
	readonly #listings = listingCommands(this.#json, () => this.#faults.busy || this.#phase !== "idle");
	readonly #server: SocketServer;
	#faults: DaemonFaults = noFaults;
	#phase: Phase = "idle";
	#running = false;
	#startedAt = 0;
	#pending: "some" | "all" | null = null;
	/** Opened when a stopped daemon goes on, when the lock is free, and at the end. */
	readonly #gate = new Gate();
	readonly #pidFile: PidFile;
	#stopListening: (() => void) | null = null;
	#stopTicking: (() => void) | null = null;
	#stopReconfigure: (() => void) | null = null;

	constructor(options: SimulatedMultipathdOptions) {
		this.#options = options;
		this.#names = new RootedNameFiles(options.root);
		this.#pidFile = new PidFile(options.root, options.pid);
		this.#world = newWorld({
			node: options.node,
			release: options.release,
			wwids: this.#names,
			second: () => Math.floor((options.clock.now() - this.#startedAt) / options.secondMs),
		});
		this.#server = new SocketServer({
			clock: options.clock,
			requestMs: () => this.#socketTimeoutMs(),
			faults: () => this.#faults,
			awake: async () => {
				await this.#gate.pass(() => this.#running && this.#faults.hang, null);
				return this.#running;
			},
			answer: (command) => this.answer(command),
			tooLate: () => replyText("timeout", this.#world.traits),
		});
	}

	get running(): boolean {
		return this.#running;
	}
	get release(): Release {
		return this.#options.release;
	}
	/** Where it listens while it runs. */
	get addresses(): readonly string[] {
		return this.#options.addresses;
	}
	get faults(): DaemonFaults {
		return this.#faults;
	}

	/** Starts it as systemd would; false when the configuration does not let it live. */
	async start(): Promise<boolean> {
		if (this.#running) return true;
		const { conf, hazard } = readConf(this.#options.root, this.release);
		if (conf.fatal !== null || hazard !== null) return false;
		const { node, clock } = this.#options;
		this.#running = true;
		this.#startedAt = clock.now();
		this.#pidFile.write();
		this.#names.refresh();
		reconfigure(this.#world, conf, false);
		this.#stopListening = node.listen({
			diskAdded: (disk) => {
				diskAdded(this.#world, disk);
			},
			diskRemoved: (disk) => {
				diskRemoved(this.#world, disk);
			},
			diskChanged: (disk) => {
				this.#diskChanged(disk);
			},
			pathFailed: (_, disk) => {
				const path = this.#world.paths.get(disk.dev);
				if (path !== undefined) pathFailed(this.#world, path);
			},
		});
		this.#tickLater();
		if (!this.#faults.refuse) await this.#server.listen(this.#options.addresses);
		return true;
	}

	/** Another condition shows at the next check; another identity is another disk. */
	#diskChanged(disk: Disk): void {
		const path = this.#world.paths.get(disk.dev);
		if (path === undefined) return;
		if (path.wwid === disk.wwid) {
			this.#world.dirty.add(path);
			return;
		}
		diskRemoved(this.#world, disk);
		diskAdded(this.#world, disk);
	}

	/** Ends it cleanly: no pid file, nothing listens. Maps and I/O stay as they are. */
	async stop(): Promise<void> {
		this.#pidFile.remove("clean");
		await this.#end();
	}

	/** Ends it as `kill -9` or a crash does: the pid file stays and names a process that is gone. */
	async kill(): Promise<void> {
		this.#pidFile.remove("killed");
		await this.#end();
	}

	/** Switches faults on or off; what is not named stays. */
	async setFaults(faults: Partial<DaemonFaults>): Promise<void> {
		const before = this.#faults;
		this.#faults = { ...before, ...faults };
		this.#gate.open();
		if (!this.#running || before.refuse === this.#faults.refuse) return;
		if (this.#faults.refuse) await this.#server.close();
		else await this.#server.listen(this.#options.addresses);
	}

	/** The answer to one command as the socket gives it, without length and NUL. */
	async answer(command: string): Promise<string> {
		const understood = understand(command, this.release);
		const { traits } = this.#world;
		if ("problem" in understood) {
			if (understood.problem === "unknown word") return replyText("fail", traits);
			return this.#help(command, understood.problem);
		}
		const { name, words } = understood.command;
		if (this.#faults.knowsNoJson && name.endsWith(" json")) return this.#help(command, "not found");
		if (this.#faults.denies && !name.startsWith("list ")) return replyText("denied", traits);
		if (!unlocked.has(name) && !(await this.#lock())) return replyText("timeout", traits);
		const answer = this.#run(name, words);
		if ("outcome" in answer) return replyText(answer.outcome, traits);
		const noise = name.endsWith(" json") ? this.#faults.noiseBeforeJson : null;
		return noise === null ? answer.text : `${noise}${answer.text}`;
	}

	#run(name: string, words: ReadonlyMap<string, string>): Answer {
		switch (name) {
			case "list daemon":
				return { text: `pid ${this.#options.pid} ${this.#phaseText()}\n` };
			case "reconfigure":
			case "reconfigure all":
				this.#reconfigureLater(name === "reconfigure all");
				return { outcome: "ok" };
			case "quit":
				return { outcome: "ok" };
			case "shutdown":
				this.#options.clock.schedule(0, () => void this.stop());
				return { outcome: "ok" };
			default: {
				const handler = this.#listings[name] ?? changingCommands[name];
				if (!name.startsWith("list ")) this.#names.refresh();
				return handler?.(this.#world, words) ?? { outcome: "fail" };
			}
		}
	}

	#help(command: string, problem: string): string {
		const start = this.#world.traits.saysWhy ? "fail\n" : "";
		return `${start}${command.trim()}: ${problem}\n${helpText(this.release)}`;
	}

	#phaseText(): string {
		const waiting = this.#pending !== null && this.#phase === "idle" && this.#world.traits.tellsPending;
		return waiting ? `${this.#phase} (pending reconfigure)` : this.#phase;
	}

	#reconfigureLater(all: boolean): void {
		this.#pending = all || this.#pending === "all" ? "all" : "some";
		if (this.#phase === "configure") return;
		this.#phase = "configure";
		this.#stopReconfigure = this.#options.clock.schedule(this.#options.reconfigureMs, () => {
			this.#reconfigureNow();
		});
	}

	/** A parse failure of the main file ends the daemon with exit code 0; some values crash it. */
	#reconfigureNow(): void {
		const all = this.#pending === "all";
		this.#pending = null;
		const { conf, hazard } = readConf(this.#options.root, this.release);
		if (hazard === "SIGFPE" || hazard === "SIGSEGV") {
			void this.kill();
			return;
		}
		if (hazard === "endless loop") {
			this.#faults = { ...this.#faults, locked: true };
			return;
		}
		if (conf.fatal !== null) {
			void this.stop();
			return;
		}
		this.#names.refresh();
		reconfigure(this.#world, conf, all);
		this.#phase = "idle";
		this.#gate.open();
	}

	/** Waits for the lock as long as the daemon's clients may; false when it did not come. */
	#lock(): Promise<boolean> {
		const held = () => this.#running && (this.#faults.locked || this.#phase === "configure");
		return this.#gate.pass(held, { clock: this.#options.clock, ms: this.#socketTimeoutMs() });
	}

	/** `uxsock_timeout` counts in milliseconds, but in a hurried daemon they are shorter, as its seconds are. */
	#socketTimeoutMs(): number {
		const set = Number(this.#world.conf.defaults.get("uxsock_timeout") ?? "4000");
		return (Math.max(4000, set) / 1000) * this.#options.secondMs;
	}

	#tickLater(): void {
		this.#stopTicking = this.#options.clock.schedule(this.#options.secondMs, () => {
			if (this.#phase === "idle" && !this.#faults.hang) tick(this.#world);
			this.#tickLater();
		});
	}

	async #end(): Promise<void> {
		this.#running = false;
		this.#phase = "idle";
		this.#pending = null;
		this.#stopListening?.();
		this.#stopTicking?.();
		this.#stopReconfigure?.();
		this.#gate.open();
		await this.#server.close();
	}
}
