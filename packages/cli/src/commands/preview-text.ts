import type { Output } from "../output/output.ts";
import { namesOf as someNames } from "../output/told-once.ts";
import { shown } from "../output/words.ts";
import type { Preview } from "./fleet-answers.ts";

/** True when a preview says that what is proposed would be refused. */
export function isRefused({ problems }: Preview): boolean {
	return problems.some(({ severity }) => severity === "error");
}

/** Problems, then what changes, once for nodes that get the same, then findings, once for nodes that share them. */
export function previewText({ problems, nodes }: Preview, output: Output): string {
	const diffs = [...Map.groupBy(nodes, ({ diff }) => diff)].map(([diff, same]) => {
		const names = namesOf(same);
		return diff === "" ? `${names}: nothing changes\n` : `${names}:\n${shownLines(diff)}`;
	});
	const findings = nodes.flatMap(({ node, findings }) => findings.map((finding) => ({ node, ...finding })));
	const told = [...Map.groupBy(findings, ({ severity, text }) => `${severity}: ${text}`)].map(
		([text, same]) => output.lines(`${namesOf(same)}: ${shown(text)}`, "", "    "),
	);
	return [...problems.map(({ text }) => output.lines(shown(text), "", "    ")), ...diffs, ...told].join("");
}

/** Many lines, each harmless to a terminal. */
export function shownLines(text: string): string {
	return text
		.split("\n")
		.map((line) => shown(line.replaceAll("\t", "    ")))
		.join("\n");
}

function namesOf(nodes: readonly { readonly node: string }[]): string {
	return someNames([...new Set(nodes.map(({ node }) => shown(node)))]);
}
