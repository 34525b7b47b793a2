/**
 * Commands in a guest, through ssh. The first opens a connection that the later ones share, because under emulation
 * a handshake takes seconds and a command over an open connection a tenth of one.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Image } from "../image/make-image.ts";
import { LabError } from "../lab-error.ts";
import { type ProgramResult, tryProgram } from "../run-program.ts";

export interface CommandOptions {
	/** Milliseconds until we stop waiting; the command itself may go on in the guest. 60,000 unless told. */
	readonly timeout?: number;
	readonly input?: string | Uint8Array;
}

/** Writes the ssh configuration that names the machine `guest`, for us and for `ssh -F`. */
export function writeShellConfig(folder: string, image: Image, port: number, sockets: string): string {
	const file = join(folder, "ssh.conf");
	const lines = [
		"Host guest",
		"HostName 127.0.0.1",
		"HostKeyAlias guest",
		"User root",
		`Port ${port}`,
		`IdentityFile "${image.key}"`,
		"IdentitiesOnly yes",
		`UserKnownHostsFile "${image.knownHosts}"`,
		"GlobalKnownHostsFile /dev/null",
		"StrictHostKeyChecking yes",
		"BatchMode yes",
		"KexAlgorithms curve25519-sha256",
		"LogLevel ERROR",
		"ConnectTimeout 20",
		"ControlMaster auto",
		`ControlPath "${join(sockets, "ssh")}"`,
		"ControlPersist yes",
	];
	writeFileSync(file, `${lines.join("\n")}\n`);
	return file;
}

/** What a command line (run by the guest's bash) answered, whatever its exit code. */
export async function tryCommand(
	configFile: string,
	commandLine: string,
	options: CommandOptions = {},
): Promise<ProgramResult> {
	return await tryProgram(["ssh", "-F", configFile, "guest", commandLine], options);
}

/** Waits until the guest lets us in. `isHopeless` says why to give up early, undefined as long as there is hope. */
export async function untilReachable(
	configFile: string,
	timeout: number,
	isHopeless: () => string | undefined,
): Promise<void> {
	const end = Date.now() + timeout;
	for (;;) {
		const result = await tryCommand(configFile, "true", { timeout: 25_000 }).catch(() => undefined);
		if (result?.code === 0) return;
		const reason = isHopeless() ?? (Date.now() > end ? `not reachable in ${timeout / 1000} s` : undefined);
		if (reason !== undefined) throw new LabError(`the guest ${reason}`);
		await sleep(250);
	}
}

/** Closes the shared connection, so that nothing of it is saved with the guest's memory. */
export async function closeShell(configFile: string): Promise<void> {
	await tryProgram(["ssh", "-F", configFile, "-O", "exit", "guest"]).catch(() => undefined);
}
