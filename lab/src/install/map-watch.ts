/**
 * Whether maps were left alone: what the kernel and multipathd say of them, before and after, and every event of theirs
 * in between. A table that is loaded again ends with an event that carries a cookie of udev, even when it is the same
 * table.
 */
import type { Guest } from "../guest/guest.ts";

export interface Maps {
	/** A line a map: name, target and paths. */
	readonly tables: readonly string[];
	/** A line a map: name, how often it is open, number of the last event. */
	readonly uses: readonly string[];
	/** Process of multipathd; 0 while it does not run. */
	readonly daemon: string;
}

export interface Disturbance {
	/** Maps whose table was loaded again or whose path failed, with the properties of the event. */
	readonly events: readonly string[];
	/** What multipathd logged of maps that it loads again and of reading its configuration again. */
	readonly logged: readonly string[];
}

const unit = "lab-map-watch";
const log = "/run/lab-map-watch.log";

/** The multipath maps of a guest. */
export async function mapsOf(guest: Guest): Promise<Maps> {
	const lines = (text: string) => text.split("\n").filter(Boolean).sort();
	const separator = "--next--\n";
	const [tables = "", uses = "", daemon = ""] = (
		await guest.exec(
			[
				"dmsetup table --target multipath",
				"dmsetup info --columns --noheadings --options name,open,events",
				"systemctl show --property MainPID --value multipathd.service",
			].join(`; echo ${separator.trim()}; `),
		)
	).split(separator);
	return {
		tables: lines(tables).filter((line) => !line.startsWith("No devices")),
		uses: lines(uses).filter((line) => !line.startsWith("No devices")),
		daemon: daemon.trim(),
	};
}

/** Listens to the events of maps, from now on. */
export class MapWatch {
	readonly #guest: Guest;
	readonly #since: string;

	private constructor(guest: Guest, since: string) {
		this.#guest = guest;
		this.#since = since;
	}

	static async start(guest: Guest): Promise<MapWatch> {
		await guest.exec(
			`: > ${log}; systemd-run --quiet --collect --unit=${unit} sh -c 'udevadm monitor --kernel --property --subsystem-match=block > ${log}'`,
		);
		await guest.until("the listening for events", async () =>
			(await guest.exec(`cat ${log}`)).includes("KERNEL - "),
		);
		return new MapWatch(guest, (await guest.exec("date +%s")).trim());
	}

	/** Ends the listening: what disturbed maps meanwhile. */
	async finish(): Promise<Disturbance> {
		const events = (await this.#guest.exec(`cat ${log}; systemctl stop ${unit}`)).split("\n\n");
		const journal = await this.#guest.exec(
			`journalctl --quiet --no-pager --output cat --unit multipathd.service --since @${this.#since}`,
		);
		return {
			events: events
				.filter((event) => /DM_NAME=|\/dm-\d/.test(event) && /^(?:DM_COOKIE|DM_ACTION)=/m.test(event))
				.map((event) => event.trim().replaceAll("\n", " ")),
			logged: journal
				.split("\n")
				.filter((line) => /reload|load table|reconfigure|remaining active/.test(line)),
		};
	}
}
