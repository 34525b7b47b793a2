import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Runtime } from "@pathkeeper/model";

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
	readonly runtime: Pick<Runtime, "monotonic">;
}

/** A process with more open files is a server of many, and each costs a system call. */
const mostFilesAProcess = 4_096;
const processesAtOnce = 8;
/** How long a result is good for while the same devices are open as often, in milliseconds. */
const keepMs = 60_000;

/**
 * Sweeps `/proc/PID/fd` for links to the device nodes. Only links, `comm` and `cgroup` are read: they wait for
 * nothing, unlike `cmdline`, which sleeps with a process that sleeps. The sweep is not cheap and changes little, so
 * it runs again only when an open count has changed or the last one has aged.
 */
export function openerSearch(options: OpenerSearchOptions): FindOpeners {
	const root = options.root ?? "/";
	const longestMs = options.longestMs ?? 2_000;
	const now = () => options.runtime.monotonic();
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
	// From the newest: the first thousand are the kernel's own threads, and those have nothing open.
	const pids = (await namesIn(proc))
		.filter((name) => /^\d+$/.test(name))
		.sort((a, b) => Number(b) - Number(a));
	for (let at = 0; at < pids.length && now() < until; at += processesAtOnce) {
		const batch = pids.slice(at, at + processesAtOnce);
		const opened = await Promise.all(batch.map((pid) => openBy(proc, pid, nodes)));
		for (const { dms, label } of opened) {
			for (const dm of dms) {
				const labels = found.get(dm);
				if (labels === undefined) found.set(dm, [label]);
				else labels.push(label);
			}
		}
	}
	return found;
}

/** The devices that one process has open, once for each open file. */
async function openBy(
	proc: string,
	pid: string,
	nodes: ReadonlyMap<string, string>,
): Promise<{ readonly dms: readonly string[]; readonly label: string }> {
	const links = (await namesIn(`${proc}/${pid}/fd`)).slice(0, mostFilesAProcess);
	const targets = await Promise.all(links.map((fd) => readlink(`${proc}/${pid}/fd/${fd}`).catch(() => "")));
	const dms = targets.flatMap((target) => nodes.get(target) ?? []);
	return { dms, label: dms.length === 0 ? "" : await describe(proc, pid) };
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
