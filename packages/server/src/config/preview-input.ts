import type { Finding, NodeFacts } from "@pathkeeper/model";
import { type ConfigDocumentName, readConfigVersions, type Store } from "@pathkeeper/store";
import type { PreviewInput, Texts } from "../documents/preview.ts";
import { type Fleet, knownNames, type StoredDocuments } from "../fleet/read-fleet.ts";

/** What of a fleet a preview follows from. */
type PreviewedFleet = StoredDocuments & Pick<Fleet, "nodes">;

/** Gathers from the fleet what a preview of these texts follows from. */
export async function previewInput(
	store: Store,
	fleet: PreviewedFleet,
	proposed: Texts,
): Promise<PreviewInput> {
	const history = await historyOf(store, fleet);
	const applied = new Map<string, { readonly at: number; readonly texts: Texts }>();
	const nodes = fleet.nodes.map((facts) => {
		const { texts, notes } = appliedOn(facts, fleet, history);
		const key = JSON.stringify([texts.config, texts.overrides]);
		const known = applied.get(key) ?? { at: applied.size, texts };
		applied.set(key, known);
		const { node, head, usedLuns } = facts;
		return { node, toolsVersion: head?.multipathd.version ?? null, usedLuns, applied: known.at, notes };
	});
	return {
		stored: { config: fleet.document.text, overrides: fleet.overrides.text },
		proposed,
		known: knownNames(fleet.nodes),
		applied: [...applied.values()].map(({ texts }) => texts),
		nodes,
	};
}

type History = ReadonlyMap<ConfigDocumentName, ReadonlyMap<string, string>>;

/** Texts of the kept versions by digest; read only when a node is behind. */
async function historyOf(store: Store, fleet: PreviewedFleet): Promise<History> {
	const behind = fleet.nodes.some(
		({ head }) =>
			head !== null &&
			(head.applied.configDigest !== fleet.document.digest ||
				head.applied.overridesDigest !== fleet.overrides.digest),
	);
	const names = behind ? (["multipath.cfg", "multipath-overrides.conf"] as const) : [];
	const versions = names.map(async (name) => {
		const kept = await readConfigVersions(store, name);
		return [name, new Map(kept.map(({ digest, text }) => [digest, text ?? ""]))] as const;
	});
	return new Map(await Promise.all(versions));
}

interface Applied {
	readonly texts: Texts;
	readonly notes: readonly Finding[];
}

/** What a node applied last. Where that is not known, what is stored stands for it, and a note says so. */
function appliedOn({ node, head }: NodeFacts, fleet: PreviewedFleet, history: History): Applied {
	const stored = { config: fleet.document.text, overrides: fleet.overrides.text };
	if (head === null) return { texts: stored, notes: [unknownNote(node, "it does not report")] };
	const { configDigest, overridesDigest } = head.applied;
	const config = textFor(configDigest, fleet.document, history.get("multipath.cfg"));
	const overrides = textFor(overridesDigest, fleet.overrides, history.get("multipath-overrides.conf"));
	if (config !== null && overrides !== null) return { texts: { config, overrides }, notes: [] };
	return { texts: stored, notes: [unknownNote(node, "it applied a version that is not kept any more")] };
}

function textFor(
	digest: string | null,
	now: { readonly digest: string; readonly text: string },
	kept: ReadonlyMap<string, string> | undefined,
): string | null {
	if (digest === null || digest === "") return "";
	return digest === now.digest ? now.text : (kept?.get(digest) ?? null);
}

function unknownNote(node: string, why: string): Finding {
	return {
		code: "applied-unknown",
		severity: "warning",
		subject: null,
		text: `what ${node} has now is not known: ${why}; the diff is against what is stored`,
	};
}
