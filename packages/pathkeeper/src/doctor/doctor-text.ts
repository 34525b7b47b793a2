import { counted, type Output, shown } from "@pathkeeper/cli";
import type { Diagnosis, Severity } from "./diagnosis.ts";

const words: Readonly<Record<Severity, string>> = {
	error: "ERROR",
	unknown: "UNKNOWN",
	warning: "WARNING",
	note: "NOTE",
	ok: "ok",
};

/** Everything that is not fine, most urgent first, then how much is. `all`: what is fine, too. */
export function doctorText(diagnoses: readonly Diagnosis[], output: Output, all: boolean): string {
	const of = (severity: Severity) => diagnoses.filter((each) => each.severity === severity);
	const blocks = [
		...of("error").map((each) => block(each, output)),
		lines(of("unknown"), output),
		...of("warning").map((each) => block(each, output)),
		...of("note").map((each) => block(each, output)),
		all ? lines(of("ok"), output) : "",
		summary(diagnoses),
	];
	return blocks.filter((each) => each !== "").join("\n");
}

function block({ severity, code, what, where, fix, why }: Diagnosis, output: Output): string {
	const place = where === null || what.includes(where) ? "" : ` (${shown(where)})`;
	return [
		output.lines(`${words[severity]}  ${shown(what)}${place}  [${code}]`, "", "  "),
		...fix.map((step) => `    ${shown(step)}\n`),
		why === "" ? "" : output.lines(shown(why), "  ", "  "),
	].join("");
}

/** One line each: there is nothing to do but what the line itself says. */
function lines(diagnoses: readonly Diagnosis[], output: Output): string {
	return diagnoses
		.map(({ severity, code, what }) => output.lines(`${words[severity]}  ${shown(what)}  [${code}]`))
		.join("");
}

function summary(diagnoses: readonly Diagnosis[]): string {
	const count = (severity: Severity) => diagnoses.filter((each) => each.severity === severity).length;
	const [errors, unknown, warnings] = [count("error"), count("unknown"), count("warning")];
	const [notes, fine] = [count("note"), count("ok")];
	const parts = [
		errors > 0 ? counted(errors, "error") : "",
		unknown > 0 ? `${unknown} unknown` : "",
		warnings > 0 ? counted(warnings, "warning") : "",
		notes > 0 ? counted(notes, "note") : "",
		`${fine} fine`,
	];
	return `${counted(diagnoses.length, "result")}: ${parts.filter((part) => part !== "").join(", ")}\n`;
}
