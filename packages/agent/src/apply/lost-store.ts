/**
 * A store that was lost or replaced by an empty one looks like a fleet that wants nothing. A document that nobody ever
 * wrote (version 0) is no wish on a node that has applied one: to tear a node down, an empty document is stored.
 */
import type { HostFiles } from "@pathkeeper/host";
import type { Finding } from "@pathkeeper/model";
import type { DesiredConfig } from "./desired-config.ts";
import type { Ledger } from "./ledger.ts";
import { isGenerated } from "./own-files.ts";
import { ourPaths } from "./plan.ts";

export async function isStoreLost(
	files: HostFiles,
	desired: DesiredConfig,
	ledger: Ledger,
): Promise<boolean> {
	const { config, overrides } = desired;
	if (ledger.applied !== null) {
		return (
			(config.version === 0 && ledger.applied.config !== "") ||
			(overrides.version === 0 && ledger.applied.overrides !== "")
		);
	}
	if (config.version > 0 || overrides.version > 0) return false;
	if (ledger.files.size > 0 || ledger.wwids.size > 0) return true;
	// The ledger may have gone with the store: then only the files themselves tell that there was a wish.
	const texts = await Promise.all(ourPaths.map((path) => files.read(path)));
	return texts.some((text) => text !== null && isGenerated(text));
}

export const lostStoreFinding: Finding = {
	code: "store-empty",
	severity: "warning",
	subject: null,
	text: "the store holds no configuration; this node keeps the one it applied last. To tear it down, store an empty one",
};
