/** Which process it was, so that another one with the same number is not taken for it. */
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { realRuntime } from "../runtime/real-runtime.ts";

export interface ProcessIdentity {
	/** Machine and host name: a folder may lie on storage that several hosts share. */
	readonly machine: string;
	/** Kernel's boot_id: another one after each start of the machine. */
	readonly boot: string;
	/** The namespace in which the number counts, as `/proc/self/ns/pid` names it. */
	readonly pidNamespace: string;
	readonly pid: number;
	/** When it started, in the kernel's clock ticks since boot (proc_pid_stat(5), field 22). */
	readonly start: string;
}

/** Of this process. */
export function thisProcess(): ProcessIdentity {
	return {
		machine: `${textOf("/etc/machine-id") ?? ""} ${hostname()}`,
		boot: textOf("/proc/sys/kernel/random/boot_id") ?? "",
		pidNamespace: readlinkSync("/proc/self/ns/pid"),
		pid: realRuntime.pid,
		start: startOf(realRuntime.pid) ?? "",
	};
}

/** From a document that was written; null when it is not one. */
export function ownerFrom(document: object): ProcessIdentity | null {
	const fields = new Map<string, unknown>(Object.entries(document));
	const [machine, boot, pidNamespace, start] = ["machine", "boot", "pidNamespace", "start"].map((name) =>
		fields.get(name),
	);
	const pid = fields.get("pid");
	if (typeof machine !== "string" || typeof boot !== "string" || boot === "") return null;
	if (typeof pidNamespace !== "string" || typeof start !== "string" || start === "") return null;
	if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid < 1) return null;
	return { machine, boot, pidNamespace, pid, start };
}

/** True only when it is sure that the process has ended; of other machines and other namespaces nothing is sure. */
export function hasEnded(owner: ProcessIdentity, here: ProcessIdentity): boolean {
	if (owner.machine !== here.machine || here.boot === "") return false;
	if (owner.boot !== here.boot) return true;
	if (owner.pidNamespace !== here.pidNamespace) return false;
	if (!existsSync("/proc/self")) return false;
	return startOf(owner.pid) !== owner.start;
}

/** Null: there is no such process. */
function startOf(pid: number): string | null {
	const text = textOf(`/proc/${pid}/stat`);
	// The name of the program stands in brackets and may contain both blanks and brackets.
	return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function textOf(path: string): string | null {
	try {
		return readFileSync(path, "utf8").trim();
	} catch {
		return null;
	}
}
