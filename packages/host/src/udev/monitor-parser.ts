/**
 * Reads what `udevadm monitor --property` prints, as it comes (systemd src/udev/udevadm-monitor.c, print_device):
 *
 * ```
 * KERNEL[2394.395443] change   /devices/virtual/block/dm-0 (block)
 * ACTION=change
 * DM_ACTION=PATH_FAILED
 *
 * ```
 *
 * A block ends at the empty line. Properties carry text of devices, so nothing in them is trusted: a line that is no
 * property is passed over, lines and blocks have a longest length, and an event that somebody forges with a line
 * feed in a property makes a loop look once too often and no more.
 */
import type { UdevEvent } from "./udev-events.ts";

const longestLine = 8_192;
const mostProperties = 512;
const header = /^(?:KERNEL|UDEV {0,2})\[\d+\.\d+\] (\S+) +(\/.*) \([^()]*\)$/;
const property = /^([A-Za-z_][A-Za-z0-9_.]{0,127})=(.*)$/;

export class MonitorParser {
	readonly #now: () => number;
	#line = "";
	/** The line is longer than any honest one: it is dropped, and all up to its end. */
	#overlong = false;
	#action = "";
	#dev: string | null = null;
	#properties = new Map<string, string>();

	/** `now` gives milliseconds since the epoch, for the events. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Takes the next piece of output, cut anywhere, and gives the events that it completes. */
	push(text: string): readonly UdevEvent[] {
		const events: UdevEvent[] = [];
		let start = 0;
		for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
			this.#append(text.slice(start, end));
			const event = this.#endLine();
			if (event !== null) events.push(event);
			start = end + 1;
		}
		this.#append(text.slice(start));
		return events;
	}

	#append(piece: string): void {
		if (this.#overlong) return;
		this.#line += piece;
		if (this.#line.length > longestLine) {
			this.#overlong = true;
			this.#line = "";
		}
	}

	#endLine(): UdevEvent | null {
		const line = this.#line;
		const whole = !this.#overlong;
		this.#line = "";
		this.#overlong = false;
		return whole ? this.#take(line) : null;
	}

	#take(line: string): UdevEvent | null {
		if (line === "") return this.#finish();
		const [, action, path] = header.exec(line) ?? [];
		if (action !== undefined && path !== undefined) {
			// A block without its empty line was cut; what it told so far is still an event.
			const cut = this.#finish();
			this.#action = action;
			this.#dev = path.slice(path.lastIndexOf("/") + 1);
			return cut;
		}
		const [, key, value] = property.exec(line) ?? [];
		if (
			this.#dev !== null &&
			key !== undefined &&
			value !== undefined &&
			this.#properties.size < mostProperties
		) {
			this.#properties.set(key, value);
		}
		return null;
	}

	#finish(): UdevEvent | null {
		const dev = this.#dev;
		const properties = Object.fromEntries(this.#properties);
		this.#dev = null;
		this.#properties = new Map();
		return dev === null || dev === "" ? null : { action: this.#action, dev, at: this.#now(), properties };
	}
}
