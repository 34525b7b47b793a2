import { PathkeeperError, parsePortal, portalText } from "@pathkeeper/model";
import { findProgram } from "../multipath-tools/program.ts";
import type { RunProgram, RunResult } from "../process/run.ts";
import { readDiscovery } from "./discovery-text.ts";
import type { DiscoveredTarget, Iscsi, IscsiCall } from "./iscsi.ts";

export interface RealIscsiOptions {
	readonly run: RunProgram;
	/** Folders to look for iscsiadm in, as in PATH; the sbin folders are looked at anyway. */
	readonly path?: string;
}

/** iscsiadm itself tries a portal that refuses for some seconds, and one that is silent for more than a minute. */
const discoveryMs = 20_000;

const noConnection = "no connection to the portal: nothing listens there, or there is no route to it";

/** What iscsiadm's exit codes mean where its words alone would not do (iscsiadm(8), EXIT STATUS). */
const meanings: ReadonlyMap<number, string> = new Map([
	[4, noConnection],
	[5, "the portal refuses the login"],
	[8, "no answer: the connection timed out"],
	[11, "no answer: the portal fell silent"],
	[12, "the kernel has no iSCSI over TCP here; load the module iscsi_tcp"],
	[13, "only root may ask"],
	[19, "the portal refuses the login"],
	[20, "iscsid does not run; start it: systemctl start iscsid"],
	[23, "the name of the portal is not known"],
	[24, "the portal refuses the login; discovery needs the credentials in /etc/iscsi/iscsid.conf"],
]);
/** The portal answered, and shows this host no target. */
const noTargets = 21;

/** `iscsiadm` of open-iscsi. */
export class RealIscsi implements Iscsi {
	readonly #run: RunProgram;
	readonly #path: string;

	constructor(options: RealIscsiOptions) {
		this.#run = options.run;
		this.#path = options.path ?? process.env["PATH"] ?? "";
	}

	async discover(portal: string, call: IscsiCall = {}): Promise<readonly DiscoveredTarget[]> {
		const parsed = parsePortal(portal);
		if (parsed === null) {
			const fields = { portal: `${JSON.stringify(portal.slice(0, 80))} is not HOST or HOST:PORT` };
			throw new PathkeeperError("PARAMETER_INVALID", { fields });
		}
		const place = portalText(parsed);
		const program = await findProgram("iscsiadm", this.#path);
		if (program === null) throw failed(place, "iscsiadm is not installed; install open-iscsi on this node");
		const deadlineMs = call.deadlineMs ?? discoveryMs;
		// Without `nonpersistent` it writes records of what it finds, and Debian's iscsid logs in to those at boot.
		const args = ["-m", "discovery", "-t", "sendtargets", "-o", "nonpersistent", "-p", place];
		const result = await this.#ended(place, deadlineMs, () =>
			this.#run(program.path, args, { deadlineMs, signal: call.signal, stuckAs: `iscsiadm ${place}` }),
		);
		if (result.code === noTargets) return [];
		if (result.code !== 0) throw failed(place, whyIn(result));
		const read = readDiscovery(result.stdout);
		if ("problem" in read) throw failed(place, `the answer of iscsiadm cannot be read: ${read.problem}`);
		return read.targets;
	}

	async #ended(place: string, deadlineMs: number, run: () => Promise<RunResult>): Promise<RunResult> {
		try {
			return await run();
		} catch (error) {
			if (!(error instanceof PathkeeperError) || error.code !== "PROCESS_DEADLINE") throw error;
			throw failed(place, `no answer within ${deadlineMs / 1000} s`, error);
		}
	}
}

/** What the exit code means, with the first and the last thing that iscsiadm says: what happened, and why it gave up. */
function whyIn({ code, signal, stderr }: RunResult): string {
	const lines = stderr
		.split("\n")
		.map((line) => line.replace(/^iscsiadm: /, "").trim())
		.filter((line) => line !== "");
	const words = [...new Set([lines[0], lines.at(-1)])].filter((line) => line !== undefined).join("; ");
	// Of a connection that never came about open-iscsi 2.1.8 to 2.1.13 say in the end that an answer timed out (11).
	const isRefused = lines[0]?.startsWith("cannot make connection to ") === true;
	const meaning = isRefused ? noConnection : (meanings.get(code ?? -1) ?? "iscsiadm gave up");
	return `${meaning} (${words === "" ? "" : `${words.slice(0, 400)}; `}${signal ?? `exit code ${code}`})`;
}

function failed(portal: string, problem: string, cause?: unknown): PathkeeperError {
	return new PathkeeperError("ISCSI_FAILED", { portal, problem }, { cause });
}
