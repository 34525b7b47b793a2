import type { Keyword } from "./keywords.ts";
import { regexProblem, withoutInversion } from "./posix-regex.ts";
import { refusalOf } from "./refusals.ts";
import type { ValueType } from "./value-type.ts";

/** A line holds 1023 bytes, the keyword and its indentation included (multipath-tools 0.15.0 libmpathutil/parser.h). */
const longestValue = 512;

/**
 * What is wrong with a value for a keyword, in words that follow the keyword's name ("must be …"); null when it may
 * be stored. Strict: what passes is harmless on every supported release, is read back as it was written, and can be
 * put between double quotes as it is.
 */
export function checkValue(keyword: Keyword, value: string): string | null {
	const refusal = refusalOf(keyword.name, "any");
	if (refusal !== null) return `is refused: ${refusal.reason}`;
	if (value.length > longestValue) return `must be no longer than ${longestValue} characters`;
	if (!/^[\x20-\x7e]*$/.test(value)) return "must be printable ASCII on one line";
	if (value.includes('"')) return "must not contain a double quote";
	return typeProblem(keyword.type, value);
}

function typeProblem(type: ValueType, value: string): string | null {
	switch (type.kind) {
		case "yesno":
			return value === "yes" || value === "no" ? null : "must be yes or no";
		case "integer":
			if (type.words.includes(value)) return null;
			return integerIn(value, type.min, type.max) ? null : `must be ${describeInteger(type)}`;
		case "off-int":
			if (value === "no" || value === "0") return null;
			return integerIn(value, type.min, type.max)
				? null
				: `must be ${describeInteger({ ...type, words: ["no"] })}`;
		case "enum":
			return type.words.some(({ word }) => word === value)
				? null
				: `must be one of ${type.words.map(({ word }) => word).join(", ")}`;
		case "argstr":
			return argstrProblem(type, value);
		case "string":
			return type.pattern.test(value) ? null : `must be ${type.shape}`;
		case "regex":
			return regexValueProblem(type.invertible, value);
		case "path":
			return "is not accepted: it names a file or a program";
		case "ignored":
			return "is ignored by every release of multipath-tools; leave it out";
	}
}

function integerIn(value: string, min: number, max: number): boolean {
	return /^(?:0|-?[1-9][0-9]{0,9})$/.test(value) && Number(value) >= min && Number(value) <= max;
}

function describeInteger(type: {
	readonly min: number;
	readonly max: number;
	readonly unit: string | null;
	readonly words: readonly string[];
}): string {
	const unit = type.unit === null ? "" : ` (${type.unit})`;
	const range = `a whole number from ${type.min} to ${type.max}${unit}`;
	return type.words.length === 0 ? range : `${type.words.join(", ")} or ${range}`;
}

function regexValueProblem(invertible: boolean, value: string): string | null {
	const pattern = invertible ? withoutInversion(value) : value;
	if (pattern === "") return "must not be empty: an empty regular expression matches everything";
	const problem = regexProblem(pattern);
	if (problem === null) return null;
	return problem.refusedBy === "glibc"
		? `must be a regular expression that glibc accepts: ${problem.text}`
		: `must be a regular expression that is cheap to match: ${problem.text}`;
}

/** multipath-tools 0.15.0 libmultipath/dict.c: the word at `countAt` is the exact number of the words after it. */
function argstrProblem(type: Extract<ValueType, { kind: "argstr" }>, value: string): string | null {
	const words = value.split(" ");
	if (words.includes("")) return "must have single spaces between its words";
	const count = words[type.countAt];
	const counted = words.slice(type.countAt + 1);
	if (count === undefined || !/^\d{1,2}$/.test(count))
		return `must have a number as word ${type.countAt + 1}: how many words follow`;
	if (Number(count) !== counted.length)
		return `says that ${count} words follow its number, but ${counted.length} do`;
	const named = type.countAt === 1 ? words[0] : counted[0];
	if (type.countAt === 1) return selectorProblem(type.words, named ?? "", counted);
	return type.words.includes("queue_mode")
		? featuresProblem(type.words, counted)
		: named === undefined || (type.words.includes(named) && counted.every((word) => /^\w+$/.test(word)))
			? null
			: `must name one of ${type.words.join(", ")}`;
}

/** Only historical-service-time takes arguments: two at most, both numbers (Linux drivers/md/dm-ps-historical-service-time.c). */
function selectorProblem(names: readonly string[], name: string, counted: readonly string[]): string | null {
	if (!names.includes(name)) return `must name one of ${names.join(", ")}`;
	if (counted.length === 0) return null;
	if (name !== "historical-service-time") return `must have 0 after ${name}: it takes no arguments`;
	return counted.length <= 2 && counted.every((word) => /^\d{1,10}$/.test(word))
		? null
		: "takes at most two numbers after historical-service-time";
}

/** Arguments as the kernel's multipath target reads them (Linux drivers/md/dm-mpath.c parse_features). */
function featuresProblem(names: readonly string[], counted: readonly string[]): string | null {
	for (let at = 0; at < counted.length; at++) {
		const name = counted[at] ?? "";
		if (name === "queue_if_no_path")
			return "must not have queue_if_no_path: where no_path_retry is set, multipath drops it and no_path_retry counts, so leave it out; where none is set, it means 'no_path_retry queue', so write that";
		if (name === "retain_attached_hw_handler")
			return "must not have retain_attached_hw_handler: every kernel from 4.3 on does that anyway";
		if (!names.includes(name)) return `must name features from ${names.join(", ")}`;
		if (name === "pg_init_retries" && !integerIn(counted[++at] ?? "", 1, 50))
			return "must have a number from 1 to 50 after pg_init_retries";
		if (name === "pg_init_delay_msecs" && !integerIn(counted[++at] ?? "", 0, 60_000))
			return "must have a number from 0 to 60000 after pg_init_delay_msecs";
		if (name === "queue_mode" && !/^(?:bio|rq|mq)$/.test(counted[++at] ?? ""))
			return "must have bio, rq or mq after queue_mode";
	}
	return null;
}
