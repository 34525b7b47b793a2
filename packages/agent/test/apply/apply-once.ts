import type { Host } from "@pathkeeper/host";
import { type ApplyOutcome, apply } from "../../src/apply/apply.ts";
import { readDesired } from "../../src/apply/desired-config.ts";
import { LedgerFile } from "../../src/apply/ledger.ts";
import { fastClock, type OneNode } from "../one-node.ts";

/** One apply of what the store wants now, without the loop around it. */
export async function applyOnce(
	node: OneNode,
	{ host = node.host, signal = new AbortController().signal }: { host?: Host; signal?: AbortSignal } = {},
): Promise<ApplyOutcome> {
	const context = {
		host,
		ledger: new LedgerFile(host.files, "/var/lib/pathkeeper/agent"),
		clock: fastClock,
		log: node.log,
		signal,
		reconfigureDeadlineMs: 120_000,
		refused: new Map(),
		onReconfigure: () => undefined,
	};
	return await apply(context, await readDesired(node.store));
}
