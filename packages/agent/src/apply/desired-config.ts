import { type ConfigDocument, readConfig, readWithdrawals, type Store } from "@pathkeeper/store";

/** What the fleet wants of every node. */
export interface DesiredConfig {
	readonly config: DesiredDocument;
	readonly overrides: DesiredDocument;
	/** WWIDs that are being forgotten right now: neither added nor taken out by an apply. */
	readonly withdrawn: ReadonlySet<string>;
}

/** A config document: its text, its digest, and how often it was written (0: nobody ever did). */
export type DesiredDocument = Pick<ConfigDocument, "text" | "digest" | "version">;

/**
 * Reads the wish. The withdrawals come first: whoever forgets a LUN writes the withdrawal before and takes it back
 * after the config is changed, so that no order of events shows a LUN as wanted that is on its way out.
 */
export async function readDesired(store: Store): Promise<DesiredConfig> {
	const withdrawn = new Set((await readWithdrawals(store)).keys());
	const config = await readConfig(store, "multipath.cfg");
	const overrides = await readConfig(store, "multipath-overrides.conf");
	return { config, overrides, withdrawn };
}

/** Tells wishes apart. */
export function wishOf({ config, overrides, withdrawn }: DesiredConfig): string {
	return [config.digest, overrides.digest, ...[...withdrawn].sort()].join(" ");
}
