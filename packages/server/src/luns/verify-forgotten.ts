import { type NodeFacts, readFleetConfig } from "@pathkeeper/model";
import { type ConfigDocument, readConfig } from "@pathkeeper/store";
import type { HandlerContext } from "../context/handler-context.ts";

/** Nodes get this long to apply the configuration and to show that the LUN is gone. */
const within = 30_000;
const lookEveryMs = 250;
/** A map that is still there on a calm node this long after the node applied the configuration will stay. */
const staysAfterMs = 5_000;

interface Check {
	readonly node: string;
	readonly state: "gone" | "stays" | "open";
	readonly text: string;
}

/** Waits until each node shows that the LUN is gone, or it is clear that it does not; says of each node which. */
export async function verifyForgotten(
	{ store, fleet, runtime }: Pick<HandlerContext, "store" | "fleet" | "runtime">,
	wwid: string,
	nodes: readonly string[],
): Promise<{ readonly verified: boolean; readonly log: readonly string[] }> {
	for (const begun = runtime.monotonic(); ; await runtime.sleep(lookEveryMs)) {
		const document = await readConfig(store, "multipath.cfg");
		const known = await fleet.nodes();
		if (readFleetConfig(document.text).config.luns.some((lun) => lun.wwid === wwid)) {
			return { verified: false, log: [`not verified: LUN ${wwid} was allowed again meanwhile`] };
		}
		const checks = nodes.map((node) =>
			checkNode(
				known.find((facts) => facts.node === node),
				node,
				wwid,
				document,
			),
		);
		const waited = runtime.monotonic() - begun;
		const isOpen = checks.some(
			({ state }) => state === "open" || (state === "stays" && waited < staysAfterMs),
		);
		if (isOpen && waited < within) continue;
		const seconds = Math.round(waited / 100) / 10;
		return {
			verified: checks.every(({ state }) => state === "gone"),
			log: checks.map(({ node, state, text }) =>
				state === "gone" ? `${node}: ${text}` : `${node}: NOT verified after ${seconds} s: ${text}`,
			),
		};
	}
}

function checkNode(
	facts: NodeFacts | undefined,
	node: string,
	wwid: string,
	document: ConfigDocument,
): Check {
	const open = (text: string): Check => ({ node, state: "open", text });
	if (facts === undefined || !facts.online) return open("no sign of life from its agent any more");
	const { head } = facts;
	if (head === null) return open(facts.problem ?? "it does not report");
	const held = head.findings.find(({ code, subject }) => code === "unlisted-in-use" && subject === wwid);
	if (held !== undefined) return open(held.text);
	if (head.applied.configDigest !== document.digest) {
		return open(
			head.applied.state === "failed"
				? `it could not apply the configuration: ${head.applied.error ?? "no reason given"}`
				: "it has not applied the configuration without the LUN yet",
		);
	}
	if (head.settling) return open("multipathd is settling");
	if (hasMap(facts, wwid)) {
		const text =
			"a map of it is still there, by an entry or a rule of this host that Pathkeeper did not make";
		return { node, state: "stays", text };
	}
	return { node, state: "gone", text: "verified: no map of it, and no entry of ours" };
}

function hasMap({ luns }: NodeFacts, wwid: string): boolean {
	const lun = luns.get(wwid);
	return lun !== undefined && (lun.maps > 0 || lun.kernel !== null);
}
