/** The API of a daemon in a guest, through its local socket, which ssh brings to this machine. */
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Guest } from "./guest/guest.ts";
import { LabError } from "./lab-error.ts";
import { tryProgram } from "./run-program.ts";
import { member, parseJson } from "./unknown-json.ts";

export class LocalApi {
	readonly #guest: Guest;
	readonly #folder = mkdtempSync(join(tmpdir(), "pk-lab-"));
	readonly #remote: string;
	#isOpen = false;

	/** `remote`: the path of the socket in the guest. */
	constructor(guest: Guest, remote: string) {
		this.#guest = guest;
		this.#remote = remote;
	}

	/** The socket on this machine. It leads to whatever daemon there is in the guest at that moment. */
	get socket(): string {
		return join(this.#folder, "api.sock");
	}

	/** Has ssh listen on this machine; the daemon need not run yet. */
	async open(): Promise<void> {
		if (this.#isOpen) return;
		this.#isOpen = true;
		await this.#guest.exec("true");
		const forward = ["-O", "forward", "-L", `${this.socket}:${this.#remote}`, "guest"];
		const { code, stderr } = await tryProgram(["ssh", "-F", this.#guest.sshConfig, ...forward]);
		if (code !== 0) throw new LabError(`ssh did not forward the socket: ${stderr}`);
	}

	/** `data` of an answer. Throws LabError when there is no answer in a minute, or none with data. */
	async get(path: string): Promise<unknown> {
		const text = await getThrough(this.socket, `/api2/json${path}`);
		const data = member(parseJson(text), "data");
		if (data === undefined) throw new LabError(`${path}: ${text}`);
		return data;
	}

	close(): void {
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

/** The body of an answer to GET. */
function getThrough(socketPath: string, path: string): Promise<string> {
	return new Promise((done, failed) => {
		const asked = request({ socketPath, path, timeout: 60_000 }, (answer) => {
			let text = "";
			answer.setEncoding("utf8").on("data", (piece: string) => {
				text += piece;
			});
			answer.on("end", () => done(text)).on("error", failed);
		});
		asked.on("timeout", () => asked.destroy(new LabError(`${path}: no answer in 60 s`)));
		asked.on("error", failed).end();
	});
}
