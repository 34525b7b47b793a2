/**
 * A running guest as tests see it. It is only a handle: everything it knows is in the guest's record, so several
 * processes may hold one of the same guest.
 */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../lab-error.ts";
import type { ProgramResult } from "../run-program.ts";
import type { Suite } from "../suites.ts";
import type { JsonObject } from "../unknown-json.ts";
import { type Patience, until } from "../until.ts";
import { endGuest } from "./end-guest.ts";
import { folderOf, type GuestRecord } from "./guest-record.ts";
import { monitorCommand } from "./monitor.ts";
import { isAlive } from "./process-identity.ts";
import { type CommandOptions, closeShell, tryCommand, untilReachable } from "./shell.ts";

export class Guest implements AsyncDisposable {
	readonly name: string;
	readonly suite: Suite;
	/** Where its disks and logs are on this machine. */
	readonly folder: string;
	readonly #record: GuestRecord;

	constructor(record: GuestRecord) {
		this.#record = record;
		this.name = record.name;
		this.suite = record.suite;
		this.folder = folderOf(record.name);
	}

	/** Runs a command line in the guest's bash as root; its stdout. Throws LabError when the exit code is not 0. */
	async exec(commandLine: string, options: CommandOptions = {}): Promise<string> {
		const result = await this.tryExec(commandLine, options);
		if (result.code === 0) return result.stdout;
		const said = `${result.stdout}${result.stderr}`.trim();
		throw new LabError(`${this.name}: exit code ${result.code} from: ${commandLine}\n${said}`);
	}

	/** As `exec`, but every exit code is an answer. Exit code 255 may also mean that ssh did not get through. */
	async tryExec(commandLine: string, options: CommandOptions = {}): Promise<ProgramResult> {
		return await tryCommand(this.sshConfig, commandLine, options);
	}

	/** Asks again and again until `answer` gives something, and gives that. Throws LabError when it takes too long. */
	async until<T>(
		what: string,
		answer: () => Promise<T | undefined | false>,
		patience: Patience = {},
	): Promise<T> {
		return await until(`${this.name}: ${what}`, answer, patience);
	}

	async readFile(path: string): Promise<string> {
		return await this.exec(`cat -- ${shellWord(path)}`);
	}

	async writeFile(path: string, content: string | Uint8Array): Promise<void> {
		await this.exec(`cat > ${shellWord(path)}`, { input: content });
	}

	/** Copies one file of this machine in, about 5 MB/s; what is bigger goes into `share` when the guest is booted. */
	async copyIn(local: string, remote: string, mode = "644"): Promise<void> {
		await this.exec(`cat > ${shellWord(remote)} && chmod ${mode} ${shellWord(remote)}`, {
			input: await readFile(local),
			timeout: 300_000,
		});
	}

	/** Copies one file of the guest out. */
	async copyOut(remote: string, local: string): Promise<void> {
		await writeFile(local, Buffer.from(await this.exec(`base64 -w0 -- ${shellWord(remote)}`), "base64"));
	}

	/** The port on this machine's loopback that leads to a port of the guest named in `forwardedPorts`. */
	portOf(guestPort: number): number {
		const port = this.#record.ports[String(guestPort)];
		if (port === undefined) throw new LabError(`${this.name}: port ${guestPort} is not forwarded`);
		return port;
	}

	/** A command to QEMU itself. */
	async qmp(command: string, args: JsonObject = {}): Promise<unknown> {
		return await monitorCommand(this.monitor, command, args);
	}

	/** The socket of QEMU's monitor. */
	get monitor(): string {
		return join(this.sockets, "monitor");
	}

	/** A folder of this machine for sockets of this guest; its path is short. */
	get sockets(): string {
		return this.#record.sockets;
	}

	/** What `ssh -F` takes to reach the machine named `guest`. */
	get sshConfig(): string {
		return join(this.folder, "ssh.conf");
	}

	/** What the kernel and systemd wrote to the console. */
	get console(): string {
		return readFileSync(join(this.folder, "serial.log"), "latin1");
	}

	get isUp(): boolean {
		return isAlive(this.#record.process);
	}

	/** Freezes the whole machine, as a hypervisor that hangs would; `resume` lets it go on. */
	async pause(): Promise<void> {
		await this.qmp("stop");
	}

	async resume(): Promise<void> {
		await this.qmp("cont");
	}

	/** Restarts the guest the orderly way and waits until it is up again: a cold boot, the better part of a minute. */
	async reboot(): Promise<void> {
		const before = await this.readFile("/proc/sys/kernel/random/boot_id");
		await this.tryExec("systemctl --no-block reboot");
		await closeShell(this.sshConfig);
		await this.until(
			"coming up again",
			async () => {
				await untilReachable(this.sshConfig, 240_000, () => (this.isUp ? undefined : "is gone"));
				const boot = await this.tryExec("cat /proc/sys/kernel/random/boot_id");
				return boot.code === 0 && boot.stdout !== before;
			},
			{ timeout: 300_000, every: 1000 },
		);
		await this.tryExec("systemctl is-system-running --wait", { timeout: 180_000 });
		await this.tryExec("mkdir -p /mnt/lab && mount -o ro /dev/vdb /mnt/lab");
	}

	/** Ends it at once, as pulling the plug would. */
	async kill(): Promise<void> {
		await endGuest(this.#record);
	}

	/** Shuts it down the orderly way, then ends it. Throws LabError when it does not go down in `timeout` ms. */
	async shutdown(timeout = 120_000): Promise<void> {
		await this.tryExec("systemctl --no-block poweroff");
		await this.until("going down", async () => !this.isUp, { timeout });
		await this.kill();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.kill();
	}
}

/** One word of a shell command line, whatever it holds. */
export function shellWord(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
