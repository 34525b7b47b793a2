import { messageOf } from "@pathkeeper/model";
import type { RunProgram } from "../process/run.ts";

export interface SystemdNotifierOptions {
	readonly run: RunProgram;
	/** Where NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are looked up. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** This process, for WATCHDOG_PID. */
	readonly pid: number;
	/** Told when systemd could not be told something, in words. */
	readonly onProblem?: (problem: string) => void;
}

/** The program itself waits for 5 s at most until systemd has read the message. */
const deadlineMs = 15_000;
/** systemctl status shows one line. */
const longestStatus = 240;

/**
 * Tells systemd how the service is (sd_notify(3)), through the program `systemd-notify`, for Node opens no datagram
 * socket. As a child tells it, the unit needs `NotifyAccess=all`. Without NOTIFY_SOCKET nothing is done. Nothing
 * here ever throws: a service is not worse for not being able to say how it is. While one child runs, what is to be
 * said next waits and is merged, so that there is never more than one.
 */
export class SystemdNotifier {
	/**
	 * How often `alive` should be called, in milliseconds: half of what systemd waits; null when it does not watch us.
	 * Call it from the loops whose life it stands for, not from a bare timer.
	 */
	readonly aliveEveryMs: number | null;
	readonly #options: SystemdNotifierOptions;
	readonly #socket: string | null;
	#waiting = new Map<string, string>();
	#telling: Promise<void> | null = null;

	constructor(options: SystemdNotifierOptions) {
		const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: pid } = options.env;
		this.#options = options;
		this.#socket = socket === undefined || socket === "" ? null : socket;
		const watched = this.#socket !== null && (pid === undefined || pid === String(options.pid));
		const period = /^[1-9]\d{0,15}$/.test(usec ?? "") ? Number(usec) / 1000 : null;
		this.aliveEveryMs = watched && period !== null ? period / 2 : null;
	}

	/** The service does its work now. */
	ready(status: string): Promise<void> {
		return this.#tell({ READY: "1", STATUS: oneLine(status) });
	}

	/** One line for `systemctl status`. */
	status(text: string): Promise<void> {
		return this.#tell({ STATUS: oneLine(text) });
	}

	stopping(): Promise<void> {
		return this.#tell({ STOPPING: "1" });
	}

	/** Keeps systemd's watchdog from restarting us. */
	alive(): Promise<void> {
		return this.aliveEveryMs === null ? Promise.resolve() : this.#tell({ WATCHDOG: "1" });
	}

	/** Resolves when it was told, or could not be. */
	async #tell(fields: Readonly<Record<string, string>>): Promise<void> {
		if (this.#socket === null) return;
		for (const [name, value] of Object.entries(fields)) this.#waiting.set(name, value);
		while (this.#waiting.size > 0) {
			this.#telling ??= this.#tellWaiting(this.#socket).finally(() => {
				this.#telling = null;
			});
			await this.#telling;
		}
	}

	async #tellWaiting(socket: string): Promise<void> {
		const fields = [...this.#waiting].map(([name, value]) => `${name}=${value}`);
		this.#waiting = new Map();
		try {
			// Never --no-block: systemd finds out whose message it is by the process that sent it, and drops the message when
			// that is gone. Only root's is sent in our name (systemd-notify(1)); so the program waits until it was read.
			const env = { NOTIFY_SOCKET: socket };
			const result = await this.#options.run("systemd-notify", fields, {
				deadlineMs,
				env,
			});
			if (result.code !== 0)
				this.#complain(`systemd-notify: ${oneLine(result.stderr) || `code ${result.code}`}`);
		} catch (error) {
			this.#complain(messageOf(error));
		}
	}

	#complain(problem: string): void {
		this.#options.onProblem?.(problem);
	}
}

function oneLine(text: string): string {
	return text
		.replace(/\p{Cc}+/gu, " ")
		.trim()
		.slice(0, longestStatus);
}
