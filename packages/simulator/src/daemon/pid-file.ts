import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The pid file and the daemon's entry in `/proc`, both below a root: how its life is asked for without its socket. */
export class PidFile {
	readonly #file: string;
	readonly #process: string;
	readonly #pid: number;

	constructor(root: string, pid: number) {
		this.#file = `${root}/run/multipathd.pid`;
		this.#process = `${root}/proc/${pid}`;
		this.#pid = pid;
	}

	write(): void {
		const stat = `${this.#process}/stat`;
		for (const path of [this.#file, stat]) mkdirSync(dirname(path), { recursive: true });
		writeFileSync(this.#file, `${this.#pid}\n`);
		writeFileSync(stat, `${this.#pid} (multipathd) S 1 ${this.#pid} ${this.#pid} 0 -1\n`);
	}

	/** The process went; a killed one leaves its pid file behind. */
	remove(end: "clean" | "killed"): void {
		rmSync(this.#process, { recursive: true, force: true });
		if (end === "clean") rmSync(this.#file, { force: true });
	}
}
