/**
 * Reads sysfs, procfs and the udev database in bulk, outside this process.
 *
 * An attribute of sysfs is code of a driver. Most hand out a value from memory, but some ask the device or wait for
 * a lock that error recovery holds, and then the reader sleeps where not even SIGKILL wakes it. Inside Node such a
 * read would keep one of four threads of the pool for good, and the process could not even exit. So no file of
 * sysfs is opened in here: `grep` prints many files in one go and `find` lists folders and links, both faster than
 * thousands of asynchronous reads. A read that stalls costs one deadline: the child is killed and left, its file is
 * known as stuck and not asked again while that child is still there, and the other files are read by the next child.
 *
 * Silence alone is no stall: on a host that is short of processors the child may wait for its turn, and we for ours.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { PathkeeperError, type Runtime } from "@pathkeeper/model";
import { isRunnable } from "../process/is-runnable.ts";

/** What was read; a file that is missing or unreadable is simply not there. */
export interface KernelTexts {
	/** Text of a file without its last line end; a file without a single byte counts as missing. */
	get(file: string): string | undefined;
	/** Files that did not answer in time: their value is unknown, which is not the same as missing. */
	readonly stuck: ReadonlySet<string>;
}

export interface KernelReaderOptions {
	readonly runtime: Runtime;
	/** Longest silence of a reading child, in milliseconds. */
	readonly stallMs?: number;
	/** Whether a silent child only waits for its turn. */
	readonly isRunnable?: (pid: number) => boolean;
}

/** argv of one child; Linux takes 128 KiB a string and a quarter of the stack limit (2 MiB) in all. */
const longestArgv = 512 * 1024;
/** Children that sleep in the kernel for good before reading is given up altogether. */
const mostStuck = 8;
/** Stalls that one call waits for before it calls the rest stuck. */
const mostStallsACall = 3;
const stuckForMs = 60_000;
/** Silences of a child that could run are borne this often: one that spins in a driver must not keep us for good. */
const mostTurns = 9;
/** Printed before every file once something stalled, so that the file that stalls is known for certain. */
const mark = "/proc/sys/kernel/osrelease";

export class KernelReader {
	readonly #stallMs: number;
	readonly #runtime: Runtime;
	readonly #isRunnable: (pid: number) => boolean;
	readonly #stuck = new Map<string, { readonly child: ChildProcess; readonly since: number }>();

	constructor(options: KernelReaderOptions) {
		this.#stallMs = options.stallMs ?? 3_000;
		this.#runtime = options.runtime;
		this.#isRunnable = options.isRunnable ?? isRunnable;
	}

	/** Files whose last read hangs in the kernel. */
	get stuck(): readonly string[] {
		return [...this.#stuck.keys()];
	}

	/** Texts of many files. Throws PROCESS_DEADLINE when too many reads hang, PROCESS_FAILED without `grep`. */
	async texts(files: readonly string[]): Promise<KernelTexts> {
		const texts = new Map<string, string>();
		const stuck = new Set<string>();
		this.#forgetRecovered();
		const asked = [...new Set(files)].filter((file) => !this.#stuck.has(file) || !stuck.add(file));
		let stalls = 0;
		for (const chunk of chunks(asked)) {
			let rest = chunk;
			let marked = false;
			while (rest.length > 0) {
				if (this.#stuck.size >= mostStuck) throw this.overdue(this.stuck[0] ?? "/sys");
				// A line at a time costs a system call and a wake-up each: only for finding what stalls.
				const argv = marked
					? ["--line-buffered", "", "--", ...rest.flatMap((file) => [mark, file])]
					: ["", "--", ...rest];
				const result = await this.#run("grep", ["-saHZ", ...argv]);
				const seen = readPrinted(result.output, texts);
				if (!result.stalled) break;
				if (!marked) {
					marked = true;
					continue;
				}
				const at = Math.max(seen.marks - 1, 0);
				const file = rest[at];
				if (file === undefined) break;
				stalls += 1;
				stuck.add(file);
				this.#stuck.set(file, { child: result.child, since: this.#runtime.monotonic() });
				rest = rest.slice(at + 1);
				if (stalls >= mostStallsACall) {
					for (const unread of rest) stuck.add(unread);
					rest = [];
				}
			}
		}
		return { get: (file) => texts.get(file), stuck };
	}

	/** Names in each folder, unsorted; a folder that is not there has none. */
	async entries(folders: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
		const found = new Map<string, string[]>(folders.map((folder) => [folder, []]));
		await this.#find(
			folders,
			["-mindepth", "1", "-maxdepth", "1", "-printf", "%H\\0%f\\0"],
			(folder, name) => {
				found.get(folder)?.push(name);
			},
		);
		return found;
	}

	/** Where the symbolic links in a folder lead, by name; other entries are left out. FILE_UNREADABLE without the folder. */
	async links(folder: string): Promise<ReadonlyMap<string, string>> {
		const found = new Map<string, string>();
		const list = ["-mindepth", "1", "-maxdepth", "1", "-type", "l", "-printf", "%f\\0%l\\0"];
		const whole = await this.#find([folder], list, (name, target) => found.set(name, target));
		// An empty answer would say that there is no device.
		if (!whole) {
			const values = { path: folder, problem: "find cannot list it" };
			throw new PathkeeperError("FILE_UNREADABLE", values);
		}
		return found;
	}

	async #find(
		folders: readonly string[],
		expression: readonly string[],
		take: (first: string, second: string) => void,
	): Promise<boolean> {
		let whole = true;
		for (const chunk of chunks(folders)) {
			// -H: the start points may be links (`/sys/block/sda` is one), what is found below is not followed.
			const result = await this.#run("find", ["-H", ...chunk, ...expression]);
			if (result.stalled) throw this.overdue(chunk[0] ?? "");
			whole &&= result.code === 0;
			const fields = result.output.split("\0");
			for (let i = 0; i + 1 < fields.length; i += 2) take(fields[i] ?? "", fields[i + 1] ?? "");
		}
		return whole;
	}

	#run(program: string, args: readonly string[]): Promise<Printed> {
		return new Promise((resolve, reject) => {
			const child = spawn(program, args, {
				cwd: "/",
				stdio: ["ignore", "pipe", "ignore"],
				env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
			});
			const parts: Buffer[] = [];
			let ended = false;
			let cancel: () => void = () => undefined;
			const end = (stalled: boolean, code: number | null): void => {
				ended = true;
				cancel();
				resolve({ output: Buffer.concat(parts).toString("utf8"), stalled, code, child });
			};
			const fail = (problem: string, cause?: unknown): void => {
				ended = true;
				cancel();
				reject(new PathkeeperError("PROCESS_FAILED", { program, problem }, { cause }));
			};
			const leave = (): void => {
				child.kill("SIGKILL");
				// Left behind: neither its pipe nor its exit may keep us waiting or alive.
				child.stdout.destroy();
				child.unref();
				end(true, null);
			};
			let heard = false;
			let turns = 0;
			const overdue = (): void => {
				if (ended) return;
				const waits =
					heard || (child.pid !== undefined && this.#isRunnable(child.pid) && turns++ < mostTurns);
				if (waits) listen();
				else leave();
			};
			const silent = (): void => {
				heard = false;
				// What it printed while we ourselves had no turn arrives before this.
				void this.#runtime.turn().then(overdue);
			};
			const listen = (): void => {
				cancel();
				cancel = this.#runtime.schedule(this.#stallMs, silent);
			};
			listen();
			child.stdout.on("data", (part: Buffer) => {
				parts.push(part);
				heard = true;
				listen();
			});
			child.on("error", (error) => fail(error.message, error));
			child.on("close", (code, signal) => {
				// Both end with 1 or 2 when something was not there. One that was killed has told half of it.
				if (code !== null && code <= 2) end(false, code);
				else fail(signal === null ? `it ended with code ${code}` : `it was killed (${signal})`);
			});
		});
	}

	#forgetRecovered(): void {
		for (const [file, { child, since }] of this.#stuck) {
			const ended = child.exitCode !== null || child.signalCode !== null;
			if (ended && this.#runtime.monotonic() - since > stuckForMs) this.#stuck.delete(file);
		}
	}

	/** The error for a file that did not answer in time. */
	overdue(file: string): PathkeeperError {
		const values = { program: `reading ${file}`, seconds: this.#stallMs / 1000 };
		return new PathkeeperError("PROCESS_DEADLINE", values);
	}
}

interface Printed {
	readonly output: string;
	readonly stalled: boolean;
	readonly code: number | null;
	readonly child: ChildProcess;
}

/** Takes `file NUL line LF` records; the last one is taken only when it is whole. */
function readPrinted(output: string, texts: Map<string, string>): { readonly marks: number } {
	const lines = output.split("\n");
	lines.pop();
	const fresh = new Set<string>();
	let marks = 0;
	for (const line of lines) {
		const nul = line.indexOf("\0");
		if (nul < 0) continue;
		const file = line.slice(0, nul);
		const text = line.slice(nul + 1);
		if (file === mark) marks += 1;
		const before = fresh.has(file) ? texts.get(file) : undefined;
		fresh.add(file);
		texts.set(file, before === undefined ? text : `${before}\n${text}`);
	}
	return { marks };
}

function* chunks(files: readonly string[]): Generator<readonly string[]> {
	let chunk: string[] = [];
	let length = 0;
	for (const file of files) {
		// Marks double the list at worst; the pointer of each argument counts too.
		const cost = file.length + mark.length + 18;
		if (length + cost > longestArgv && chunk.length > 0) {
			yield chunk;
			chunk = [];
			length = 0;
		}
		chunk.push(file);
		length += cost;
	}
	if (chunk.length > 0) yield chunk;
}
