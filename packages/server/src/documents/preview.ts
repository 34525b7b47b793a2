/**
 * What a proposed configuration would make of every node, against what the node applied last. Whatever the texts are,
 * it answers: with errors in them it says which, and works nothing out.
 */
import {
	diffLines,
	type Finding,
	type FleetConfig,
	type KnownNames,
	messageOf,
	readFleetConfig,
	renderNode,
} from "@pathkeeper/model";
import { configProblems, droppedLuns, droppedText } from "./check-config.ts";
import { located, overridesProblems } from "./problems.ts";

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

export function previewOf(input: PreviewInput): Preview {
	const problems = problemsOf(input);
	if (problems.some(({ isError }) => isError)) return { problems: told(problems), nodes: [] };
	const proposed = readTexts(input.proposed);
	const applied = input.applied.map(readTexts);
	const nodes: NodePreview[] = [];
	for (const node of input.nodes) {
		try {
			nodes.push(nodePreview(node, applied[node.applied] ?? readTexts(input.stored), proposed));
		} catch (error) {
			problems.push({ isError: true, text: `error: on ${node.node}: ${messageOf(error)}` });
		}
	}
	const failed = problems.some(({ isError }) => isError);
	return { problems: told(problems), nodes: failed ? [] : nodes };
}

interface Problem {
	readonly isError: boolean;
	readonly text: string;
}

function problemsOf({ stored, proposed, known }: PreviewInput): Problem[] {
	const check = { before: stored.config, after: proposed.config, known };
	const ofConfig = configProblems(check).map((problem) => ({
		isError: problem.severity === "error",
		text: located("multipath.cfg", problem),
	}));
	const dropped = droppedLuns(check.before, check.after);
	return [
		...ofConfig,
		...(dropped.length === 0
			? []
			: [{ isError: true, text: `multipath.cfg: error: ${droppedText(dropped)}` }]),
		...overridesProblems(proposed.overrides).map((text) => ({ isError: text.includes(": error: "), text })),
	];
}

function told(problems: readonly Problem[]): string[] {
	const texts = problems.slice(0, mostProblems).map(({ text }) => text);
	return problems.length > mostProblems
		? [...texts, `error: and ${problems.length - mostProblems} more problems`]
		: texts;
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
