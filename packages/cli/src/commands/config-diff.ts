import { multipathRoutes } from "@pathkeeper/model";
import type { Output } from "../output/output.ts";
import { counted, shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import type { Fleet, Preview } from "./fleet-answers.ts";
import { isRefused, previewText } from "./preview-text.ts";

/**
 * `config diff [FILE]`: what every node would get from a proposed document, against what it applied last. Without a
 * file: what is stored and not applied yet, and what drifted on the nodes. Exit codes as diff's: 0 no difference, 1
 * some, 2 the proposal would be refused; what it throws is 2 as well.
 */
export async function diffConfig(
	{ client, output, io }: Session,
	files: { readonly config?: string; readonly overrides?: string },
): Promise<number> {
	const preview = await client.call(multipathRoutes.preview, {
		...(files.config === undefined ? {} : { text: io.readFile(files.config) }),
		...(files.overrides === undefined ? {} : { overrides: io.readFile(files.overrides) }),
	});
	const ofStored = files.config === undefined && files.overrides === undefined;
	const drift = ofStored ? driftOf(await client.call(multipathRoutes.getStatus, {})) : [];
	output.document({ ...preview, ...(ofStored ? { drift } : {}) }, () =>
		[
			ofStored ? storedText(preview, output) : previewText(preview, output),
			...drift.map(({ node, text }) => output.lines(`${shown(node)}: drift: ${shown(text)}`, "", "    ")),
		].join(""),
	);
	if (isRefused(preview)) return 2;
	return drift.length > 0 || preview.nodes.some(({ diff }) => diff !== "") ? 1 : 0;
}

/** Findings of what is stored are no difference, but for nodes of which nothing is known. */
function storedText({ problems, nodes }: Preview, output: Output): string {
	const differing = nodes.filter(({ diff }) => diff !== "");
	const unknown = nodes.flatMap(({ node, findings }) =>
		findings.filter(({ code }) => code === "applied-unknown").map(({ text }) => `${node}: ${text}`),
	);
	const rest = nodes.length - differing.length - unknown.length;
	return [
		previewText({ problems, nodes: differing.map((node) => ({ ...node, findings: [] })) }, output),
		rest > 0 ? `${counted(rest, "node")}: what is stored is applied\n` : "",
		...unknown.map((text) => output.lines(shown(text), "", "    ")),
	].join("");
}

interface Drift {
	readonly node: string;
	readonly text: string;
}

/** What was changed by hand, or does not hold although it was applied; and why a node does not apply. */
function driftOf({ nodes }: Fleet): Drift[] {
	return nodes.flatMap(({ node, applied, findings }) => [
		...(applied.state === "failed"
			? [{ node, text: `not applied: ${applied.error ?? "no reason given"}` }]
			: []),
		...findings.filter(({ code }) => code.startsWith("drift-")).map(({ text }) => ({ node, text })),
	]);
}
