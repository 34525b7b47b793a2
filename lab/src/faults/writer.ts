/**
 * Somebody whose data is on a map while things happen to it: writes blocks, reads them back, and knows what has to be
 * in each. `writer.pl` is the program; it needs nothing that Debian's smallest system lacks.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Guest } from "../guest/guest.ts";
import { shellWord } from "../guest/guest.ts";
import { LabError } from "../lab-error.ts";
import { isObject, parseJson } from "../unknown-json.ts";

export interface WriterRecord {
	/** Blocks written. */
	readonly rounds: number;
	readonly reads: number;
	/** Milliseconds of the longest read or write. */
	readonly longest: number;
	/** Reads and writes that failed; at most 20. */
	readonly errors: readonly string[];
	/** Blocks that held something else than what was written there last; at most 20. */
	readonly mismatches: readonly string[];
	/** Whether it has ended and read every block once more. */
	readonly complete: boolean;
}

const program = "/run/lab-writer.pl";

/** A running writer; `await using` stops it. */
export class Writer implements AsyncDisposable {
	readonly device: string;
	readonly #guest: Guest;
	readonly #unit: string;
	readonly #status: string;

	private constructor(guest: Guest, device: string, unit: string) {
		this.device = device;
		this.#guest = guest;
		this.#unit = unit;
		this.#status = `/run/${unit}.json`;
	}

	/** Opens `device` in the guest, uses 4 MiB of it from `offset` on, and returns after the first round. */
	static async open(guest: Guest, device: string, offset: number): Promise<Writer> {
		const writer = new Writer(guest, device, `lab-writer-${Math.random().toString(36).slice(2, 10)}`);
		await guest.writeFile(program, readFileSync(join(import.meta.dirname, "writer.pl")));
		const words = ["perl", program, device, String(offset), writer.#status].map(shellWord).join(" ");
		await guest.exec(`systemd-run --quiet --collect --unit=${writer.#unit} ${words}`);
		await guest.until(`writing to ${device}`, async () => ((await writer.record())?.rounds ?? 0) > 0);
		return writer;
	}

	/** What it has felt so far; undefined before its first round. */
	async record(): Promise<WriterRecord | undefined> {
		const { stdout } = await this.#guest.tryExec(`cat ${this.#status}`);
		const record = parseJson(stdout);
		if (!isObject(record)) return undefined;
		const texts = (list: unknown) =>
			Array.isArray(list) ? list.filter(isObject).map((one) => `${one["at"]}: ${one["message"]}`) : [];
		return {
			rounds: Number(record["rounds"]),
			reads: Number(record["reads"]),
			longest: Number(record["longest"]),
			errors: texts(record["errors"]),
			mismatches: texts(record["mismatches"]),
			complete: record["complete"] === true,
		};
	}

	/** Lets it read every block once more and end; what it has felt. Throws LabError when it does not end. */
	async finish(): Promise<WriterRecord> {
		await this.#guest.exec(`systemctl stop ${this.#unit}`, { timeout: 120_000 });
		const record = await this.record();
		if (record?.complete !== true)
			throw new LabError(`${this.#guest.name}: the writer of ${this.device} ended before its last look`);
		return record;
	}

	/** Ends it at once. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.#guest.tryExec(`systemctl kill -s KILL ${this.#unit} 2>/dev/null`);
	}
}
