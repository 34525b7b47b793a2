/**
 * Somebody who uses a map while things happen to it: holds the device open and reads it again and again, past the page
 * cache. What the reader felt is the measure of most failures: errors, or only a pause.
 */
import type { Guest } from "../guest/guest.ts";
import { shellWord } from "../guest/guest.ts";
import { isObject, parseJson } from "../unknown-json.ts";

export interface ReaderRecord {
	readonly reads: number;
	/** Failed reads, with the guest's time in milliseconds since 1970. */
	readonly errors: readonly { readonly at: number; readonly message: string }[];
	/** Milliseconds of the longest read. */
	readonly longest: number;
	/** Milliseconds since the last read ended: large while a read hangs. */
	readonly silence: number;
}

// One block a read, so a hanging read is one hanging dd; the shell's own descriptor keeps the device open meanwhile.
const readerScript = `
exec 3< "$1"
now() { printf '%s' "$((\${EPOCHREALTIME/[.,]/} / 1000))"; }
while :; do
	start=$(now)
	if said=$(dd bs=4096 count=1 iflag=direct status=none of=/dev/null <&3 2>&1); then kind=ok; else kind=error; fi
	said=\${said//[^A-Za-z0-9 .:,\\/_-]/}
	end=$(now)
	echo "{\\"kind\\":\\"$kind\\",\\"at\\":$end,\\"took\\":$((end - start)),\\"message\\":\\"$said\\"}" >> "$2"
	sleep 0.2
done
`;

/** A running reader; `await using` stops it. */
export class Reader implements AsyncDisposable {
	readonly #guest: Guest;
	readonly #unit: string;
	readonly #log: string;

	private constructor(guest: Guest, unit: string, log: string) {
		this.#guest = guest;
		this.#unit = unit;
		this.#log = log;
	}

	/** Opens `device` (such as `/dev/mapper/data`) in the guest and returns after the first read. */
	static async open(guest: Guest, device: string): Promise<Reader> {
		const unit = `lab-reader-${Math.random().toString(36).slice(2, 10)}`;
		const log = `/run/${unit}.log`;
		// In a file, because systemd expands `$` and `%` in the words of a command.
		const script = `/run/${unit}.sh`;
		await guest.writeFile(script, readerScript);
		await guest.exec(
			`touch ${log}; systemd-run --quiet --collect --unit=${unit} bash ${script} ${shellWord(device)} ${log}`,
		);
		const reader = new Reader(guest, unit, log);
		await guest.until(`reading ${device}`, async () => (await reader.record()).reads > 0);
		return reader;
	}

	/** What it has felt so far. */
	async record(): Promise<ReaderRecord> {
		const text = await this.#guest.exec(
			`cat ${this.#log}; echo "{\\"kind\\":\\"now\\",\\"at\\":$(date +%s%3N)}"`,
		);
		const lines = text.split("\n").map(parseJson).filter(isObject);
		const reads = lines.filter((line) => line["kind"] !== "now");
		const last = Number(reads.at(-1)?.["at"] ?? 0);
		return {
			reads: reads.length,
			errors: reads
				.filter((line) => line["kind"] === "error")
				.map((line) => ({ at: Number(line["at"]), message: String(line["message"]) })),
			longest: Math.max(0, ...reads.map((line) => Number(line["took"]))),
			silence: reads.length === 0 ? 0 : Number(lines.at(-1)?.["at"] ?? last) - last,
		};
	}

	/** Closes the device. A read that hangs in the kernel keeps it open until the kernel lets go. */
	async stop(): Promise<void> {
		await this.#guest.tryExec(
			`systemctl stop --no-block ${this.#unit}; systemctl kill -s KILL ${this.#unit}`,
		);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.stop();
	}
}
