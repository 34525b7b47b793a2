import { type NodeView, type Report, readFleetConfig } from "@pathkeeper/model";
import { type ConfigDocument, readConfig } from "@pathkeeper/store";
import type { ForgetContext } from "./forget-lun.ts";

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
	{ store, fleet, now, sleep }: ForgetContext,
	wwid: string,
	nodes: readonly string[],
): Promise<{ readonly verified: boolean; readonly log: readonly string[] }> {
	for (const begun = now(); ; await sleep(lookEveryMs)) {
		const document = await readConfig(store, "multipath.cfg");
		const views = await fleet.nodes();
		if (readFleetConfig(document.text).config.luns.some((lun) => lun.wwid === wwid)) {
			return { verified: false, log: [`not verified: LUN ${wwid} was allowed again meanwhile`] };
		}
		const checks = nodes.map((node) =>
			checkNode(
				views.find((view) => view.node === node),
				node,
				wwid,
				document,
			),
		);
		const waited = now() - begun;
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

function checkNode(view: NodeView | undefined, node: string, wwid: string, document: ConfigDocument): Check {
	const open = (text: string): Check => ({ node, state: "open", text });
	if (view === undefined || !view.online) return open("no sign of life from its agent any more");
	const { report } = view;
	if (report === null) return open(view.problem ?? "it does not report");
	const held = report.findings.find(({ code, subject }) => code === "unlisted-in-use" && subject === wwid);
	if (held !== undefined) return open(held.text);
	if (report.applied.configDigest !== document.digest) {
		return open(
			report.applied.state === "failed"
				? `it could not apply the configuration: ${report.applied.error ?? "it is not said why"}`
				: "it has not applied the configuration without the LUN yet",
		);
	}
	if (report.settling) return open("multipathd is settling");
	if (hasMap(report, wwid)) {
		const text =
			"a map of it is still there, by an entry or a rule of this host that Pathkeeper did not make";
		return { node, state: "stays", text };
	}
	return { node, state: "gone", text: "verified: no map of it, and no entry of ours" };
}

function hasMap(report: Report, wwid: string): boolean {
	return [...report.maps, ...report.kernelMaps].some((map) => map.wwid === wwid);
}
