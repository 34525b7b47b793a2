import { lintConf } from "@pathkeeper/model";
import type { Io } from "../io.ts";
import { type Format, Output } from "../output/output.ts";
import { shown } from "../output/words.ts";

/** `conf check FILE…`: every problem with its place. Exit code 1 when one is an error. */
export function checkConf(
	io: Io,
	files: readonly string[],
	options: { readonly toolsVersion?: string; readonly output: Format },
): number {
	const lint = options.toolsVersion === undefined ? {} : { toolsVersion: options.toolsVersion };
	const problems = files.flatMap((file) => {
		const mainFile = /(^|\/)multipath\.conf$/.test(file);
		return lintConf(io.readFile(file), { ...lint, mainFile }).map((problem) => ({ file, ...problem }));
	});
	new Output(io, options.output).rows(problems, () =>
		problems
			.map(
				({ file, line, column, severity, text }) =>
					`${file}:${line}:${column}: ${severity}: ${shown(text)}\n`,
			)
			.join(""),
	);
	return problems.some(({ severity }) => severity === "error") ? 1 : 0;
}
