import {
	type ErrorCode,
	mapsJsonReader,
	PathkeeperError,
	type Reading,
	type Runtime,
	rawMapFormat,
	rawPathFormat,
	readMapsRaw,
} from "@pathkeeper/model";
import { multipathdAddresses, type SocketAddress } from "./address.ts";
import { checkedCommand, isReading, quoteFormat, quoteName } from "./command-text.ts";
import type { Connect } from "./connect.ts";
import { MultipathdConnection } from "./connection.ts";
import type { FrameFormat } from "./frame.ts";
import { type AskLiveness, livenessOnHost } from "./liveness.ts";
import type { CallOptions, DaemonStatus, MapsOptions, Multipathd } from "./multipathd.ts";
import { classifyReply, confirm, listingOf } from "./reply.ts";

export interface MultipathdClientOptions {
	readonly runtime: Runtime;
	readonly connect: Connect;
	/** Where the daemon listens; by default from `env` (the process's) and `root`, see `multipathdAddresses`. */
	readonly addresses?: readonly SocketAddress[];
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** Folder that stands for `/`: sockets, pid file and /proc are looked for below it. */
	readonly root?: string;
	/** How the process is looked for; a simulator brings its own. */
	readonly liveness?: AskLiveness;
	/** Milliseconds for a call without a deadline of its own; at least twice the daemon's `uxsock_timeout` (4 s). */
	readonly deadlineMs?: number;
	/** Commands that may wait; more are refused with MULTIPATHD_OVERLOADED. */
	readonly queueLimit?: number;
	readonly format?: FrameFormat;
	/** Closes the client. */
	readonly signal?: AbortSignal;
}

const defaultDeadlineMs = 10_000;
/** Pauses before a read is asked again. */
const pausesMs = [50, 200, 500];
/** A read that ended so may do better at once: the daemon restarted, was at its client limit or held its lock. */
const passingCodes: readonly ErrorCode[] = ["MULTIPATHD_HUNG_UP", "MULTIPATHD_CUT", "MULTIPATHD_TIMEOUT"];
/** `show maps json` fails as a whole when one map vanishes meanwhile (multipathd/cli_handlers.c). */
const passingForMaps: readonly ErrorCode[] = [...passingCodes, "MULTIPATHD_FAIL"];
/** After these, a command that left may have been carried out or not. */
const unconfirmed: readonly ErrorCode[] = [
	"MULTIPATHD_NO_ANSWER",
	"MULTIPATHD_HUNG_UP",
	"MULTIPATHD_CUT",
	"MULTIPATHD_UNREADABLE",
];
/** No release knows this word: the answer is the help text, which names the version. */
const askVersion = "show version";

/** What is left of one call, over all the commands and retries that it takes. */
interface Budget {
	/** By the monotonic clock, in milliseconds. */
	readonly end: number;
	readonly signal: AbortSignal | undefined;
}

/** Multipathd over its real socket (or a simulator's). Connects at the first call. */
export class MultipathdClient implements Multipathd {
	readonly #runtime: Runtime;
	readonly #liveness: AskLiveness;
	readonly #connection: MultipathdConnection;
	readonly #deadlineMs: number;
	/** Between two looks nearly every map says the same: it is not read again. */
	readonly #readMapsJson = mapsJsonReader();

	constructor(options: MultipathdClientOptions) {
		this.#runtime = options.runtime;
		const root = options.root ?? "/";
		this.#liveness = options.liveness ?? livenessOnHost(root);
		this.#deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
		this.#connection = new MultipathdConnection({
			runtime: options.runtime,
			connect: options.connect,
			addresses: options.addresses ?? multipathdAddresses({ env: options.env ?? process.env, root }),
			format: options.format,
			queueLimit: options.queueLimit,
		});
		const close = (): void => this.#connection.close();
		if (options.signal?.aborted === true) close();
		else options.signal?.addEventListener("abort", close, { once: true });
	}

	async isRunning(): Promise<boolean> {
		return (await this.#liveness()).state === "running";
	}

	status(options?: CallOptions): Promise<DaemonStatus> {
		return this.#status(this.#budget(options));
	}

	async busy(options?: CallOptions): Promise<boolean> {
		const command = "show status";
		const text = await this.#list(command, this.#budget(options));
		const word = /^busy: (True|False)\s*$/m.exec(text)?.[1];
		if (word === undefined) throw unreadable(command, "no line says 'busy: True' or 'busy: False'");
		return word === "True";
	}

	async version(options?: CallOptions): Promise<string | null> {
		const reply = classifyReply(await this.#read(askVersion, this.#budget(options)));
		if (reply.kind === "unknown-command") return reply.version;
		return /\bv?(\d+\.\d+\.\d+)\b/.exec(listingOf(reply, askVersion))?.[1] ?? null;
	}

	async maps(options?: MapsOptions): Promise<Reading> {
		const command = "show maps json";
		const budget = this.#budget(options);
		const fromJson = this.#readMapsJson(await this.#verbatim(command, budget, passingForMaps), options);
		if (fromJson.daemon === "ok") return fromJson;
		const fromRows = readMapsRaw(
			await this.#verbatim(`show maps raw format ${quoteFormat(rawMapFormat)}`, budget),
			await this.#verbatim(`show paths raw format ${quoteFormat(rawPathFormat)}`, budget),
			options,
		);
		const problems = [...fromJson.problems, ...fromRows.problems];
		if (fromRows.daemon !== "ok" && fromRows.maps.length === 0) {
			throw unreadable(command, problems.join("; "));
		}
		return { ...fromRows, problems };
	}

	configLocal(options?: CallOptions): Promise<string> {
		return this.#list("show config local", this.#budget(options));
	}

	config(options?: CallOptions): Promise<string> {
		return this.#list("show config", this.#budget(options));
	}

	blacklist(options?: CallOptions): Promise<string> {
		return this.#list("show blacklist", this.#budget(options));
	}

	reconfigure(options?: CallOptions): Promise<void> {
		return this.#change("reconfigure", options);
	}

	async removeMap(name: string, options?: CallOptions): Promise<void> {
		await this.#change(`del map ${quoteName(name)}`, options);
	}

	async command(text: string, options?: CallOptions): Promise<string> {
		const budget = this.#budget(options);
		if (isReading(text)) return this.#verbatim(text, budget);
		const answer = await this.#send(text, budget);
		listingOf(classifyReply(answer), text);
		return answer;
	}

	close(): Promise<void> {
		this.#connection.close();
		return Promise.resolve();
	}

	#budget(options: CallOptions | undefined): Budget {
		return {
			end: this.#runtime.monotonic() + (options?.deadlineMs ?? this.#deadlineMs),
			signal: options?.signal,
		};
	}

	async #status(budget: Budget): Promise<DaemonStatus> {
		const command = "show daemon";
		const text = await this.#list(command, budget);
		const words = /^pid (\d+) (\w+)( \(pending reconfigure\))?\s*$/.exec(text);
		if (words === null) throw unreadable(command, `it reads '${text.trim().slice(0, 80)}'`);
		return {
			pid: Number(words[1]),
			phase: words[2] ?? "",
			pendingReconfigure: words[3] !== undefined,
		};
	}

	/** The answer as it came, `ok` included, unless it is an error. */
	async #verbatim(command: string, budget: Budget, passing?: readonly ErrorCode[]): Promise<string> {
		const answer = await this.#read(command, budget, passing);
		listingOf(classifyReply(answer), command);
		return answer;
	}

	async #list(command: string, budget: Budget): Promise<string> {
		return listingOf(classifyReply(await this.#read(command, budget)), command);
	}

	async #change(command: string, options: CallOptions | undefined): Promise<void> {
		confirm(classifyReply(await this.#send(command, this.#budget(options))), command);
	}

	/** The answer to a command that changes nothing, asked again after passing trouble while the deadline allows. */
	async #read(
		text: string,
		{ end, signal }: Budget,
		passing: readonly ErrorCode[] = passingCodes,
	): Promise<string> {
		const command = checkedCommand(text);
		for (let attempt = 0; ; attempt++) {
			const begun = this.#runtime.monotonic();
			try {
				await this.#mustRun();
				const answer = await this.#exchange(command, { end, signal });
				const error = passingError(answer, command, passing);
				if (error === null) return answer;
				throw error;
			} catch (error) {
				const pause = pausesMs[attempt];
				const again = error instanceof PathkeeperError && passing.includes(error.code);
				if (pause === undefined || !again) throw error;
				const now = this.#runtime.monotonic();
				if (now + pause + (now - begun) >= end) throw error;
				await this.#runtime.sleep(pause);
			}
		}
	}

	/**
	 * The answer to a command that may change something, sent once. `show daemon` goes first: a command that a
	 * stopped daemon finds in its socket later is carried out then, when nobody waits for it any more.
	 */
	async #send(text: string, budget: Budget): Promise<string> {
		const command = checkedCommand(text);
		await this.#status(budget);
		let sent = false;
		try {
			return await this.#exchange(command, budget, () => {
				sent = true;
			});
		} catch (error) {
			if (!sent || !(error instanceof PathkeeperError) || !unconfirmed.includes(error.code)) throw error;
			const values = { command, problem: error.message };
			throw new PathkeeperError("MULTIPATHD_UNCONFIRMED", values, { cause: error });
		}
	}

	#exchange(command: string, { end, signal }: Budget, onSent?: () => void): Promise<string> {
		const deadlineMs = Math.max(1, Math.ceil(end - this.#runtime.monotonic()));
		return this.#connection.exchange(command, { deadlineMs, signal, onSent });
	}

	async #mustRun(): Promise<void> {
		const liveness = await this.#liveness();
		if (liveness.state === "running") return;
		const code = liveness.state === "not-installed" ? "MULTIPATHD_NOT_INSTALLED" : "MULTIPATHD_NOT_RUNNING";
		throw new PathkeeperError(code, { problem: liveness.problem });
	}
}

/** The error in an answer that may be better the next time; null when the answer stands. */
function passingError(
	answer: string,
	command: string,
	passing: readonly ErrorCode[],
): PathkeeperError | null {
	try {
		listingOf(classifyReply(answer), command);
	} catch (error) {
		if (error instanceof PathkeeperError && passing.includes(error.code)) return error;
	}
	return null;
}

function unreadable(command: string, problem: string): PathkeeperError {
	return new PathkeeperError("MULTIPATHD_UNREADABLE", { command, problem });
}
