/**
 * What a proposed configuration would make of every node, against what the node applied last. Whatever the texts are,
 * it answers: with errors in them it says which, and works nothing out.
 */
import {
	diffLines,
	type Finding,
	messageOf,
	type NodeFacts,
	readFleetConfig,
	renderNode,
} from "@pathkeeper/model";
import { type ConfigDocumentName, readConfigVersions, type Store } from "@pathkeeper/store";
import { configProblems, droppedLuns, droppedText } from "./check-config.ts";
import { located } from "./problems.ts";
import { type Fleet, knownNames, overridesProblems } from "./read-fleet.ts";

export interface Texts {
	readonly config: string;
	readonly overrides: string;
}

export interface Preview {
	readonly problems: readonly string[];
	readonly nodes: readonly NodePreview[];
}

export interface NodePreview {
	readonly node: string;
	/** Unified diff of the files and the allow-list of the node; empty when nothing changes. */
	readonly diff: string;
	readonly findings: readonly Finding[];
}

/** A text of a megabyte can have a hundred thousand problems. */
const mostProblems = 200;

export async function previewOf(store: Store, fleet: Fleet, proposed: Texts): Promise<Preview> {
	const problems = problemsOf(fleet, proposed);
	if (problems.some(({ isError }) => isError)) return { problems: told(problems), nodes: [] };
	const history = await historyOf(store, fleet);
	const nodes: NodePreview[] = [];
	for (const facts of fleet.nodes) {
		try {
			nodes.push(nodePreview(facts, appliedOn(facts, fleet, history), proposed));
		} catch (error) {
			problems.push({ isError: true, text: `error: on ${facts.node}: ${messageOf(error)}` });
		}
	}
	const failed = problems.some(({ isError }) => isError);
	return { problems: told(problems), nodes: failed ? [] : nodes };
}

interface Problem {
	readonly isError: boolean;
	readonly text: string;
}

function problemsOf(fleet: Fleet, { config, overrides }: Texts): Problem[] {
	const ofConfig = configProblems(fleet.document.text, config, knownNames(fleet.nodes)).map((problem) => ({
		isError: problem.severity === "error",
		text: located("multipath.cfg", problem),
	}));
	const dropped = droppedLuns(fleet.document.text, config);
	return [
		...ofConfig,
		...(dropped.length === 0
			? []
			: [{ isError: true, text: `multipath.cfg: error: ${droppedText(dropped)}` }]),
		...overridesProblems(overrides).map((text) => ({ isError: text.includes(": error: "), text })),
	];
}

function told(problems: readonly Problem[]): string[] {
	const texts = problems.slice(0, mostProblems).map(({ text }) => text);
	return problems.length > mostProblems
		? [...texts, `error: and ${problems.length - mostProblems} more problems`]
		: texts;
}

/** What a node runs now, and what is to be known about that. */
interface Before {
	readonly texts: Texts;
	readonly notes: readonly Finding[];
}

function nodePreview(facts: NodeFacts, before: Before, proposed: Texts): NodePreview {
	const old = rendered(facts, before.texts);
	const fresh = rendered(facts, proposed);
	const names = [...new Set([...old.files.keys(), ...fresh.files.keys()])];
	const diffs = names.map((name) =>
		diffLines(old.files.get(name) ?? "", fresh.files.get(name) ?? "", { from: name, to: name }),
	);
	return { node: facts.node, diff: diffs.join(""), findings: [...before.notes, ...fresh.findings] };
}

/** The files of a node by name, and its allow-list as one more. */
function rendered({ node, head, usedLuns }: NodeFacts, { config, overrides }: Texts) {
	const toolsVersion = head?.multipathd.version ?? null;
	const { files, wwids, findings } = renderNode({
		config: readFleetConfig(config).config,
		overrides,
		toolsVersion,
		node,
		inUse: usedLuns,
	});
	const allowList = { name: "wwids", text: wwids.map((wwid) => `${wwid}\n`).join("") };
	return { files: new Map([...files, allowList].map(({ name, text }) => [name, text])), findings };
}

type History = ReadonlyMap<ConfigDocumentName, ReadonlyMap<string, string>>;

/** Texts of the kept versions by digest; read only when a node is behind. */
async function historyOf(store: Store, fleet: Fleet): Promise<History> {
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

/** What a node applied last. Where that is not known, what is stored stands for it, and a note says so. */
function appliedOn({ node, head }: NodeFacts, fleet: Fleet, history: History): Before {
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
