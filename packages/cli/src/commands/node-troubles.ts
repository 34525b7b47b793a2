import type { Output } from "../output/output.ts";
import { namesOf } from "../output/told-once.ts";
import { marked, shown } from "../output/words.ts";
import type { NodeState } from "./fleet-answers.ts";

/** A page shows this many; thousands of nodes can have troubles of their own. */
const mostTold = 20;

interface Trouble {
	readonly state: "failed" | "degraded" | "unknown";
	readonly text: string;
}

/** What is wrong with nodes beyond the paths: silent, not applied, findings that are errors. */
export function nodeTroubles(nodes: readonly NodeState[], output: Output): string {
	const alike = shared(nodes, troublesOf);
	const lines = alike
		.slice(0, mostTold)
		.map(({ who, state, text }) => output.lines(`${marked(state, who, output.colour)}: ${text}`, "", "    "));
	const rest = alike.length - mostTold;
	return lines.join("") + (rest > 0 ? `and ${rest} more: pathkeeper node list\n` : "");
}

/** Warnings, a line each: they are there every day, and `node show` has them in full. */
export function findingsInBrief(nodes: readonly NodeState[], output: Output): string {
	const alike = shared(nodes, ({ findings }) =>
		findings
			.filter(({ severity, acknowledged }) => severity === "warning" && acknowledged === null)
			.map(({ text }) => ({ state: "degraded" as const, text })),
	);
	const [first] = alike;
	if (first === undefined) return "";
	const lines = alike
		.slice(0, mostTold)
		.map(({ who, text }) => `${cut(`warning: ${who}: ${text}`, output.width)}\n`);
	const isCut = lines.some((line) => line.endsWith("…\n"));
	const hint = alike.length > mostTold || isCut ? `In full: pathkeeper node show ${first.node}\n` : "";
	return lines.join("") + hint;
}

/** Troubles that several nodes have, once, in the order in which they first come. */
function shared(nodes: readonly NodeState[], troubles: (node: NodeState) => readonly Trouble[]) {
	const all = nodes.flatMap((node) => troubles(node).map((trouble) => ({ node: node.node, ...trouble })));
	return [...Map.groupBy(all, ({ state, text }) => `${state} ${text}`).values()].flatMap((same) => {
		const [first] = same;
		if (first === undefined) return [];
		const who = namesOf(same.map(({ node }) => shown(node)));
		return [{ who, node: shown(first.node), state: first.state, text: shown(first.text) }];
	});
}

function cut(text: string, width: number): string {
	const characters = [...text];
	return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
}

function troublesOf({ online, multipathd, applied, findings, settling }: NodeState): Trouble[] {
	if (online !== 1) {
		const text = multipathd.problem ?? "no sign of life from its agent";
		return [{ state: "unknown", text }];
	}
	const troubles: Trouble[] = [];
	if (multipathd.state !== "running") {
		troubles.push({ state: "unknown", text: multipathd.problem ?? `multipathd is ${multipathd.state}` });
	}
	if (applied.state === "failed") {
		const why = applied.error ?? "no reason given";
		troubles.push({ state: "failed", text: `the configuration is not applied: ${why}` });
	} else if (applied.current !== 1) {
		troubles.push({ state: "unknown", text: "the current configuration is not applied yet" });
	}
	if (settling === 1)
		troubles.push({ state: "unknown", text: "multipathd is settling: states may still change" });
	const errors = findings.filter(({ severity }) => severity === "error");
	return [...troubles, ...errors.map(({ text }) => ({ state: "failed" as const, text }))];
}
