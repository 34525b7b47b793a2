/** A block event of the kernel or udev; it only makes a loop look sooner, so a missed one is never a bug. */
export interface UdevEvent {
	readonly action: string;
	/** Kernel name (`sda`, `dm-0`). */
	readonly dev: string;
	/** Milliseconds since the epoch, when it was read here. */
	readonly at: number;
	/** `DM_ACTION`, `DM_PATH`, `DM_NR_VALID_PATHS` and other properties. */
	readonly properties: Readonly<Record<string, string>>;
}

export interface UdevEvents {
	/** Block events until the signal aborts; restarts its source by itself, with back-off. */
	watch(signal: AbortSignal): AsyncIterable<UdevEvent>;
}
