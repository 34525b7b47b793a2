import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Finds the processes that hold any of some dm devices open, by `dm-N`: `kvm (process 4711, 100.scope)`. */
export type FindOpeners = (devices: readonly OpenDevice[]) => Promise<ReadonlyMap<string, readonly string[]>>;

export interface OpenDevice {
	readonly dm: string;
	readonly name: string;
	readonly opens: number;
}

export interface OpenerSearchOptions {
	readonly root?: string;
	/** Longest sweep through /proc, in milliseconds; what was found by then is told. */
	readonly longestMs?: number;
	/** A result is told again for this long when the same devices are open as often. */
	readonly keepMs?: number;
	readonly now?: () => number;
}

/** A process with more open files is a server of many, and each costs a system call. */
const mostFilesAProcess = 4_096;

/**
 * Sweeps `/proc/PID/fd` for links to the device nodes. Only links, `comm` and `cgroup` are read: they wait for
 * nothing, unlike `cmdline`, which sleeps with a process that sleeps. The sweep is not cheap and changes little, so
 * it runs again only when an open count has changed or the last one has aged.
 */
export function openerSearch(options: OpenerSearchOptions = {}): FindOpeners {
	const root = options.root ?? "/";
	const longestMs = options.longestMs ?? 1_500;
	const keepMs = options.keepMs ?? 60_000;
	const now = options.now ?? (() => performance.now());
	let last: { readonly key: string; readonly at: number; readonly found: Openers } | null = null;
	return async (devices) => {
		if (devices.length === 0) return new Map();
		const key = devices.map(({ dm, name, opens }) => `${dm} ${name} ${opens}`).join("\n");
		if (last === null || last.key !== key || now() - last.at > keepMs) {
			last = {
				key,
				at: now(),
				found: await sweep(join(root, "proc"), devices, () => now() + longestMs, now),
			};
		}
		return last.found;
	};
}

type Openers = ReadonlyMap<string, readonly string[]>;

async function sweep(
	proc: string,
	devices: readonly OpenDevice[],
	end: () => number,
	now: () => number,
): Promise<Openers> {
	const nodes = new Map<string, string>(
		devices.flatMap(({ dm, name }) => [[`/dev/${dm}`, dm] as const, [`/dev/mapper/${name}`, dm] as const]),
	);
	const found = new Map<string, string[]>();
	const until = end();
	const pids = (await namesIn(proc)).filter((name) => /^\d+$/.test(name));
	for (const pid of pids) {
		if (now() > until) break;
		const links = (await namesIn(`${proc}/${pid}/fd`)).slice(0, mostFilesAProcess);
		const targets = await Promise.all(links.map((fd) => readlink(`${proc}/${pid}/fd/${fd}`).catch(() => "")));
		let label: string | null = null;
		for (const target of targets) {
			const dm = nodes.get(target);
			if (dm === undefined) continue;
			label ??= await describe(proc, pid);
			found.set(dm, [...(found.get(dm) ?? []), label]);
		}
	}
	return found;
}

async function describe(proc: string, pid: string): Promise<string> {
	const name = (await textOf(`${proc}/${pid}/comm`)).trim() || "a process";
	// `0::/qemu.slice/100.scope`: the unit says which guest or service it is.
	const unit = /\/([\w.@:-]+\.(?:scope|service))$/m.exec(await textOf(`${proc}/${pid}/cgroup`))?.[1];
	return `${name} (process ${pid}${unit === undefined ? "" : `, ${unit}`})`;
}

async function namesIn(folder: string): Promise<readonly string[]> {
	try {
		return await readdir(folder);
	} catch {
		// The process has ended, or it is another user's.
		return [];
	}
}

async function textOf(file: string): Promise<string> {
	try {
		return await readFile(file, "utf8");
	} catch {
		return "";
	}
}
