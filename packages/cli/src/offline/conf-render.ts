import { lintOverrides, readFleetConfig, renderNode } from "@pathkeeper/model";
import type { Io } from "../io.ts";
import { shown } from "../output/words.ts";

/** `conf render`: both drop-ins on standard output, problems and findings on standard error. Exit code 1 on errors. */
export function renderConf(
	io: Io,
	options: {
		readonly config: string;
		readonly overrides?: string;
		readonly toolsVersion?: string;
		readonly node: string;
	},
): number {
	const overrides = options.overrides === undefined ? "" : io.readFile(options.overrides);
	const { config, problems } = readFleetConfig(io.readFile(options.config));
	const all = [
		...problems.map((problem) => ({ file: options.config, ...problem })),
		...lintOverrides(overrides, {}).map((problem) => ({
			file: options.overrides ?? "overrides",
			...problem,
		})),
	];
	for (const { file, line, column, severity, text } of all) {
		io.err(`${file}:${line}:${column}: ${severity}: ${shown(text)}\n`);
	}
	if (all.some(({ severity }) => severity === "error")) return 1;
	const rendered = renderNode({
		config,
		overrides,
		toolsVersion: options.toolsVersion ?? null,
		node: options.node,
	});
	for (const { severity, text } of rendered.findings) io.err(`${severity}: ${shown(text)}\n`);
	for (const { name, text } of rendered.files) io.out(`# ==> /etc/multipath/conf.d/${name} <==\n${text}\n`);
	return 0;
}
