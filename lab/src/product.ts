/**
 * Pathkeeper itself, running in a guest as a service over that guest's real multipathd. Its command line runs on this
 * machine and reaches the guest's local socket through ssh: the same program, without waiting for Node to start
 * under emulation each time. What is waited for is asked of the API itself, and not too often: a process and an
 * answer for each look would take the time from the guests that is waited for.
 */
import { type Guest, shellWord } from "./guest/guest.ts";
import { LabError } from "./lab-error.ts";
import { LocalApi } from "./local-api.ts";
import { type ProgramResult, tryProgram } from "./run-program.ts";
import { bundle } from "./shared-guest.ts";
import { isObject, type JsonObject, member, parseJson } from "./unknown-json.ts";

const unit = "pathkeeper-lab";
const guestSocket = "/run/pathkeeper/api.sock";
/** The daemon's log in the guest, with every step of an apply. */
export const productLog = "/run/pathkeeper-lab.log";

/** Waits without keeping the guest's one processor busy; `tail` hears of a line as soon as it is written. */
const killer = `
( sleep 1; touch /run/lab-killer-armed ) &
tail -n 0 -F "$2" | grep -q -F -- "$1"
systemctl kill -s KILL "$3"
`;

export class Product implements AsyncDisposable {
	readonly #guest: Guest;
	readonly #api: LocalApi;

	constructor(guest: Guest) {
		this.#guest = guest;
		this.#api = new LocalApi(guest, guestSocket);
	}

	/** Starts the daemon and waits until it answers. */
	async start(): Promise<void> {
		const command = `exec node /mnt/lab/pathkeeper.mjs daemon >>${productLog} 2>&1`;
		await this.#guest.exec(
			`systemctl reset-failed ${unit} 2>/dev/null; systemd-run --quiet --collect --unit=${unit} --setenv=PATHKEEPER_LOG=debug sh -c '${command}'`,
		);
		await this.#api.open();
		await this.#guest.until(
			"Pathkeeper's first look",
			async () => {
				const fleet = await this.#fleet().catch(() => undefined);
				return fleet?.nodes.some((node) => member(node, "online") === 1);
			},
			{ timeout: 180_000, every: 1000 },
		);
	}

	async stop(): Promise<void> {
		await this.#guest.tryExec(`systemctl stop ${unit}`);
	}

	/** As the kernel's out-of-memory killer would. */
	async kill(): Promise<void> {
		await this.#guest.tryExec(`systemctl kill -s KILL ${unit}`);
		await this.#guest.until("its end", async () => !(await this.isRunning()));
	}

	async isRunning(): Promise<boolean> {
		return (await this.#guest.tryExec(`systemctl is-active --quiet ${unit}`)).code === 0;
	}

	/** Kills it without mercy the moment its log gets a line with this text; armed when this returns. */
	async killAt(text: string): Promise<{ readonly done: () => Promise<void> }> {
		await this.#guest.writeFile("/run/lab-killer", killer);
		const words = ["/run/lab-killer", text, productLog, unit].map(shellWord).join(" ");
		await this.#guest.exec(`rm -f /run/lab-killer-armed; systemd-run --quiet --collect sh ${words}`);
		await this.#guest.until("the kill being armed", async () => {
			return (await this.#guest.tryExec("test -e /run/lab-killer-armed")).code === 0;
		});
		const dead = async () => !(await this.isRunning());
		return { done: () => this.#guest.until("the kill", dead, { timeout: 120_000 }).then(() => undefined) };
	}

	/** One command line of ours; every exit code is an answer. */
	async cli(...args: readonly string[]): Promise<ProgramResult> {
		return await tryProgram([process.execPath, bundle, "--socket", this.#api.socket, ...args], {
			timeout: 200_000,
		});
	}

	/** As `cli`, but it has to succeed; its stdout. */
	async run(...args: readonly string[]): Promise<string> {
		const { code, stdout, stderr } = await this.cli(...args);
		if (code === 0) return stdout;
		throw new LabError(`pathkeeper ${args.join(" ")}: exit code ${code}\n${stdout}${stderr}`);
	}

	/** `pathkeeper status` as a document, with its exit code. */
	async status(): Promise<{ readonly code: number; readonly document: JsonObject }> {
		const { code, stdout, stderr } = await this.cli("--output", "json", "status");
		const document = parseJson(stdout);
		if (isObject(document)) return { code, document };
		throw new LabError(`pathkeeper status: exit code ${code}\n${stdout}${stderr}`);
	}

	/** Waits until the node has applied the current configuration and has nothing more to do. */
	async untilApplied(): Promise<void> {
		await this.#guest.until(
			"the configuration being applied",
			async () => {
				const { nodes } = await this.#fleet();
				return (
					nodes.length > 0 &&
					nodes.every(
						(node) => member(member(node, "applied"), "current") === 1 && member(node, "settling") === 0,
					)
				);
			},
			{ timeout: 180_000, every: 1000 },
		);
	}

	/** State and reasons of one LUN, or undefined when it is not listed. */
	async lun(
		wwid: string,
	): Promise<{ readonly state: string; readonly reasons: string; readonly lun: JsonObject } | undefined> {
		const { luns } = await this.#fleet();
		const lun = luns.filter(isObject).find((one) => one["wwid"] === wwid);
		if (lun === undefined) return undefined;
		const reasons = Array.isArray(lun["reasons"]) ? lun["reasons"].join("; ") : "";
		return { state: String(lun["state"]), reasons, lun };
	}

	/** Waits until a LUN is in a state; what it is then. */
	async until(wwid: string, state: string, timeout = 180_000) {
		return await this.#guest.until(
			`LUN ${wwid} ${state}`,
			async () => {
				const now = await this.lun(wwid);
				return now?.state === state && now;
			},
			{ timeout, every: 1000 },
		);
	}

	/** What `pathkeeper status` shows, from the API. */
	async #fleet(): Promise<{ readonly nodes: readonly unknown[]; readonly luns: readonly unknown[] }> {
		const data = await this.#api.get("/cluster/multipath/status");
		const [nodes, luns] = [member(data, "nodes"), member(data, "luns")];
		if (Array.isArray(nodes) && Array.isArray(luns)) return { nodes, luns };
		throw new LabError(`the status of the fleet: ${JSON.stringify(data)}`);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.stop();
		this.#api.close();
	}
}
