/**
 * What a proposed configuration would make of every node, against what the node applied last. Whatever the texts are,
 * it answers: with errors in them it says which, and works nothing out.
 */
import {
	diffLines,
	type Finding,
	type FleetConfig,
	type KnownNames,
	lintOverrides,
	messageOf,
	readFleetConfig,
	renderNode,
} from "@pathkeeper/model";
import { configProblems, droppedLuns, droppedText } from "./check-config.ts";
import { type LocatedProblem, located } from "./problems.ts";

export interface Texts {
	readonly config: string;
	readonly overrides: string;
}

/** All that a preview follows from. */
export interface PreviewInput {
	/** What is stored now. */
	readonly stored: Texts;
	readonly proposed: Texts;
	readonly known: KnownNames;
	/** What nodes applied last, each once: most of them applied the same. */
	readonly applied: readonly Texts[];
	readonly nodes: readonly PreviewedNode[];
}

export interface PreviewedNode {
	readonly node: string;
	/** Installed multipath-tools; null: not known. */
	readonly toolsVersion: string | null;
	readonly usedLuns: readonly string[];
	/** Index of what it applied last in `applied`. */
	readonly applied: number;
	/** What is to be known about that. */
	readonly notes: readonly Finding[];
}

/** A problem of the proposed texts. With an error among them, nothing is worked out for the nodes. */
export interface PreviewProblem {
	readonly severity: "error" | "warning";
	/** With its place, as compilers say it. */
	readonly text: string;
}

export interface Preview {
	readonly problems: readonly PreviewProblem[];
	readonly nodes: readonly NodePreview[];
}

export interface NodePreview {
	readonly node: string;
	/** Unified diff of the files and the allow-list of the node; empty when nothing changes. */
	readonly diff: string;
	readonly findings: readonly Finding[];
}

/** A text of a megabyte can have a hundred thousand problems. */
const maxProblems = 200;

export function previewOf(input: PreviewInput): Preview {
	const problems = problemsOf(input);
	if (problems.some(isError)) return { problems: shown(problems), nodes: [] };
	const proposed = readTexts(input.proposed);
	const applied = input.applied.map(readTexts);
	const nodes: NodePreview[] = [];
	for (const node of input.nodes) {
		try {
			nodes.push(nodePreview(node, applied[node.applied] ?? readTexts(input.stored), proposed));
		} catch (error) {
			problems.push({ severity: "error", text: `error: on ${node.node}: ${messageOf(error)}` });
		}
	}
	return { problems: shown(problems), nodes: problems.some(isError) ? [] : nodes };
}

function isError({ severity }: PreviewProblem): boolean {
	return severity === "error";
}

function problemsOf({ stored, proposed, known }: PreviewInput): PreviewProblem[] {
	const check = { before: stored.config, after: proposed.config, known };
	const ofConfig = configProblems(check).map((problem) => placed("multipath.cfg", problem));
	const ofOverrides = lintOverrides(proposed.overrides, {}).map((problem) =>
		placed("multipath-overrides.conf", problem),
	);
	const dropped = droppedLuns(check.before, check.after);
	if (dropped.length === 0) return [...ofConfig, ...ofOverrides];
	const text = `multipath.cfg: error: ${droppedText(dropped)}`;
	return [...ofConfig, { severity: "error", text }, ...ofOverrides];
}

function placed(document: string, problem: LocatedProblem): PreviewProblem {
	return { severity: problem.severity, text: located(document, problem) };
}

/** What is left out counts with what is left out of it: an error among them stays one. */
function shown(problems: readonly PreviewProblem[]): PreviewProblem[] {
	const rest = problems.slice(maxProblems);
	if (rest.length === 0) return [...problems];
	const severity = rest.some(isError) ? "error" : "warning";
	return [
		...problems.slice(0, maxProblems),
		{ severity, text: `${severity}: and ${rest.length} more problems` },
	];
}

/** Texts of which one is read already. */
interface ReadTexts {
	readonly config: FleetConfig;
	readonly overrides: string;
}

function readTexts({ config, overrides }: Texts): ReadTexts {
	return { config: readFleetConfig(config).config, overrides };
}

function nodePreview(node: PreviewedNode, applied: ReadTexts, proposed: ReadTexts): NodePreview {
	const old = rendered(node, applied);
	const fresh = rendered(node, proposed);
	const names = [...new Set([...old.files.keys(), ...fresh.files.keys()])];
	const diffs = names.map((name) =>
		diffLines(old.files.get(name) ?? "", fresh.files.get(name) ?? "", { from: name, to: name }),
	);
	return { node: node.node, diff: diffs.join(""), findings: [...node.notes, ...fresh.findings] };
}

/** The files of a node by name, and its allow-list as one more. */
function rendered({ node, toolsVersion, usedLuns }: PreviewedNode, { config, overrides }: ReadTexts) {
	const { files, wwids, findings } = renderNode({ config, overrides, toolsVersion, node, inUse: usedLuns });
	const allowList = { name: "wwids", text: wwids.map((wwid) => `${wwid}\n`).join("") };
	return { files: new Map([...files, allowList].map(({ name, text }) => [name, text])), findings };
}
