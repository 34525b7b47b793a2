import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@pathkeeper/agent";
import { messageOf, pause, type Runtime } from "@pathkeeper/model";
import { makeFirstAdministrator, type Store } from "@pathkeeper/store";

const againMs = 2_000;

/**
 * Makes root@local in a fleet that has nobody yet, as soon as the store answers. The password goes to the terminal
 * that the daemon was started in. A service has none, and what it prints is kept in a journal that many may read: there
 * the password goes into a file for root, and the log only says where. Resolves when that is done, or on `signal`.
 */
export async function welcomeFirstAdministrator(
	store: Store,
	{
		runtime,
		stateFolder,
		terminal,
		log,
		signal,
	}: {
		readonly runtime: Runtime;
		readonly stateFolder: string;
		/** Standard output. */
		readonly terminal: Pick<NodeJS.WriteStream, "isTTY" | "write">;
		readonly log: Log;
		readonly signal: AbortSignal;
	},
): Promise<void> {
	const made = await whenItAnswers(store, runtime, log, signal);
	if (made === null) return;
	const { user, password } = made;
	if (terminal.isTTY) {
		terminal.write(`\nFirst administrator: ${user}, password ${password}\nIt is shown only this once.\n\n`);
		return;
	}
	const path = passwordFile(stateFolder);
	try {
		writeFileSync(path, `${user}\n${password}\n`, { mode: 0o600, flag: "wx" });
		log.info(
			{ user, path },
			"the first administrator's password is in this file; it is removed when that user logs in",
		);
	} catch (error) {
		const what = "the first administrator's password is lost; set one here: pathkeeper user passwd";
		log.error({ user, path, error: messageOf(error) }, what);
	}
}

/** Removes the file with the first password, once its user has logged in. Gives whether there was one. */
export function dropFirstPassword(stateFolder: string, log: Log): boolean {
	const path = passwordFile(stateFolder);
	try {
		unlinkSync(path);
		log.info({ path }, "the first administrator has logged in; the file with the password is removed");
		return true;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
		log.warn({ path, error: messageOf(error) }, "remove this file: it holds a password");
		return false;
	}
}

function passwordFile(stateFolder: string): string {
	return join(stateFolder, "first-administrator");
}

async function whenItAnswers(store: Store, runtime: Runtime, log: Log, signal: AbortSignal) {
	let told = false;
	while (!signal.aborted) {
		try {
			return await makeFirstAdministrator(store, runtime);
		} catch (error) {
			if (!told) log.warn({ error: messageOf(error) }, "no login is possible yet: the store does not answer");
			told = true;
			await pause(againMs, runtime, signal);
		}
	}
	return null;
}
