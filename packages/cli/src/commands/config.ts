import { multipathRoutes } from "@pathkeeper/model";
import type { Static } from "typebox";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { assignments, type LunChange } from "./lun.ts";

type Preview = Static<typeof multipathRoutes.preview.result>;

/** `config show [--overrides]`: a document as it is stored. */
export async function showConfig({ client, output, io }: Session, overrides: boolean): Promise<void> {
	const config = await client.call(multipathRoutes.getConfig, {});
	output.document(config, () => {
		const text = overrides ? config.overrides : config.text;
		return text === "" ? "# nothing is stored yet\n" : text.endsWith("\n") ? text : `${text}\n`;
	});
	for (const problem of config.problems) io.err(`${shown(problem)}\n`);
}

/** `config set KEY=VALUE… [--unset KEY]`: settings for every LUN. */
export async function setDefaults({ client, output }: Session, change: LunChange): Promise<void> {
	const result = await client.call(multipathRoutes.putDefaults, {
		...assignments(change.set),
		...(change.unset.length > 0 ? { delete: change.unset.join(",") } : {}),
		...(change.digest === undefined ? {} : { digest: change.digest }),
	});
	output.document(result, () => "defaults changed\n");
}

/** `config diff [FILE]`: what every node would get from a proposed document, against what it gets now. */
export async function diffConfig(
	{ client, output, io }: Session,
	files: { readonly config?: string; readonly overrides?: string },
): Promise<number> {
	const preview = await client.call(multipathRoutes.preview, {
		...(files.config === undefined ? {} : { text: io.readFile(files.config) }),
		...(files.overrides === undefined ? {} : { overrides: io.readFile(files.overrides) }),
	});
	output.document(preview, () => previewText(preview));
	return preview.problems.some((problem) => problem.includes(": error: ")) ? 1 : 0;
}

/** `config edit [--overrides]`: the editor, then a preview, then the question, then the change under its digest. */
export async function editConfig(
	{ client, output, io }: Session,
	options: { readonly overrides: boolean; readonly yes: boolean },
): Promise<number> {
	const config = await client.call(multipathRoutes.getConfig, {});
	const before = options.overrides ? config.overrides : config.text;
	const name = options.overrides ? "multipath-overrides.conf" : "multipath.cfg";
	const { text, file } = await io.edit(before, name);
	if (text === before) {
		output.text("Nothing changed.\n");
		return 0;
	}
	const keep = `What you wrote is kept in ${file}\n`;
	const preview = await client.call(
		multipathRoutes.preview,
		options.overrides ? { overrides: text } : { text },
	);
	output.text(previewText(preview));
	if (preview.problems.some((problem) => problem.includes(": error: "))) {
		io.err(`Not stored: see the problems above. ${keep}`);
		return 1;
	}
	if (!options.yes && !(await io.confirm("Store this, and have it applied on every node?"))) {
		io.err(`Not stored. ${keep}`);
		return 1;
	}
	try {
		const digest = options.overrides ? config["overrides-digest"] : config.digest;
		const route = options.overrides ? multipathRoutes.putOverrides : multipathRoutes.putConfig;
		await client.call(route, { text, digest });
	} catch (error) {
		io.err(keep);
		throw error;
	}
	output.text(`${name} stored\n`);
	return 0;
}

/** `config overrides FILE`: replaces the overrides with a file's text. */
export async function putOverrides(
	{ client, output, io }: Session,
	file: string,
	digest?: string,
): Promise<void> {
	const result = await client.call(multipathRoutes.putOverrides, {
		text: io.readFile(file),
		...(digest === undefined ? {} : { digest }),
	});
	output.document(result, () => "multipath-overrides.conf stored\n");
}

function previewText({ problems, nodes }: Preview): string {
	const byDiff = Map.groupBy(nodes, ({ diff }) => diff);
	const diffs = [...byDiff].map(([diff, same]) => {
		const names = same.map(({ node }) => node).join(", ");
		return diff === "" ? `${names}: nothing changes\n` : `${names}:\n${shownLines(diff)}`;
	});
	const findings = nodes.flatMap(({ node, findings }) =>
		findings.map(({ severity, text }) => `${node}: ${severity}: ${shown(text)}\n`),
	);
	return [...problems.map((problem) => `${shown(problem)}\n`), ...diffs, ...findings].join("");
}

function shownLines(text: string): string {
	return text
		.split("\n")
		.map((line) => shown(line.replaceAll("\t", "    ")))
		.join("\n");
}
