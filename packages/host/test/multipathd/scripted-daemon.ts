import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { encodeFrame, FrameDecoder, maxCommandBytes, textOf } from "../../src/multipathd/frame.ts";
import type { AskLiveness } from "../../src/multipathd/liveness.ts";

/** What the script does with one command: a text is answered whole, a function has the socket to itself. */
export type Answer = string | ((socket: Socket) => void);

/** Every command in turn goes to the script with its place: the how manieth command, over all connections. */
export type Script = (command: string, nth: number) => Answer;

/** Listens on a real unix socket and answers by a script. What it was asked is kept. */
export class ScriptedDaemon {
	readonly address: string;
	readonly asked: string[] = [];
	connections = 0;
	readonly #script: Script;
	readonly #sockets = new Set<Socket>();
	#server: Server;

	constructor(address: string, script: Script) {
		this.address = address;
		this.#script = script;
		this.#server = this.#newServer();
	}

	/** Runs until the test that starts it has finished. */
	static async start(script: Script, options: { readonly abstract?: boolean } = {}): Promise<ScriptedDaemon> {
		const folder = await mkdtemp(join(tmpdir(), "multipathd-"));
		const address = options.abstract === true ? `\0${folder}` : join(folder, "socket");
		const daemon = new ScriptedDaemon(address, script);
		await daemon.listen();
		onTestFinished(async () => {
			await daemon.stop();
			await rm(folder, { recursive: true, force: true });
		});
		return daemon;
	}

	listen(): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#server.listen(this.address, resolve);
		return promise;
	}

	/** Hangs up on everybody and listens no more, as a daemon that ends. */
	async stop(): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#server.close(() => resolve());
		for (const socket of this.#sockets) socket.destroy();
		await promise;
		this.#server = this.#newServer();
	}

	#newServer(): Server {
		return createServer((socket) => this.#serve(socket));
	}

	#serve(socket: Socket): void {
		this.connections++;
		this.#sockets.add(socket);
		const decoder = new FrameDecoder({ limit: maxCommandBytes });
		socket.on("error", () => socket.destroy());
		socket.on("close", () => this.#sockets.delete(socket));
		socket.on("data", (chunk: Buffer) => {
			for (const body of decoder.push(chunk)) {
				const command = textOf(body);
				this.asked.push(command);
				const answer = this.#script(command, this.asked.length);
				if (typeof answer === "string") socket.write(encodeFrame(answer));
				else answer(socket);
			}
		});
	}
}

/** The daemon's process is there. */
export const alive: AskLiveness = () => Promise.resolve({ state: "running", pid: 1 });

/** Never answers. */
export const silence = (): void => {};
