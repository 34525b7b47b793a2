/** Why a regular expression is not taken, and by whom: multipath through glibc, or only Pathkeeper. */
export interface RegexProblem {
	readonly text: string;
	readonly refusedBy: "glibc" | "pathkeeper";
}

/**
 * What is wrong with a POSIX extended regular expression; null when glibc's regcomp takes it and neither compiling
 * nor matching can run away. multipathd ends itself over an expression that regcomp refuses in
 * /etc/multipath.conf and drops the line elsewhere (multipath-tools 0.15.0 libmultipath/blacklist.c), so refusing
 * it early is the whole point. Back references and large or nested repetitions are refused too: glibc expands
 * `(a{999}){999}` into memory that a host does not have.
 */
export function regexProblem(pattern: string): RegexProblem | null {
	const [refused, own] = problemsOf(pattern);
	if (refused !== null) return { text: refused, refusedBy: "glibc" };
	return own === null ? null : { text: own, refusedBy: "pathkeeper" };
}

/** What glibc refuses, and what only we refuse. */
function problemsOf(pattern: string): readonly [string | null, string | null] {
	let own: string | null = null;
	let at = 0;
	let depth = 0;
	/** Largest expansion of each open group, and of what stands before a repetition. */
	const sizes: number[] = [0];
	let last = 0;
	let repeatable = false;
	let closed = 0;

	const close = (): void => {
		last = Math.max(sizes.pop() ?? 0, 1);
		sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + last;
	};
	const atom = (): void => {
		last = 1;
		sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
		repeatable = true;
	};

	while (at < pattern.length) {
		const character = pattern.charAt(at);
		switch (character) {
			case "\\": {
				const next = pattern.charAt(at + 1);
				if (next === "") return ["it ends in a single backslash", own];
				if (/[1-9]/.test(next)) {
					if (Number(next) > closed) return [`there is no group ${next} before \\${next}`, own];
					own ??= `the back reference \\${next} can take for ever`;
				}
				at += 2;
				// glibc: \b \B \< \> \` \' are anchors, which nothing can repeat
				if (/[bB<>`']/.test(next)) repeatable = false;
				else atom();
				break;
			}
			case "[": {
				const end = endOfBracket(pattern, at);
				if (typeof end === "string") return [end, own];
				at = end;
				atom();
				break;
			}
			case "(":
				depth++;
				sizes.push(0);
				repeatable = false;
				at++;
				break;
			case ")":
				at++;
				if (depth === 0) {
					atom();
					break;
				}
				depth--;
				close();
				closed++;
				repeatable = true;
				break;
			case "|":
			case "^":
			case "$":
				repeatable = false;
				at++;
				break;
			case "*":
			case "+":
			case "?":
				if (!repeatable) return [`'${character}' at position ${at + 1} has nothing to repeat`, own];
				at++;
				break;
			case "{": {
				if (!repeatable) return [`'{' at position ${at + 1} has nothing to repeat`, own];
				const interval = /^\{(\d*)(,?)(\d*)\}/.exec(pattern.slice(at, at + 16));
				if (interval === null)
					return [`'{' at position ${at + 1} does not begin a count like {2} or {2,5}`, own];
				const [whole, from = "", comma = "", to = ""] = interval;
				if (from === "" && comma === "") return [`'{' at position ${at + 1} counts nothing`, own];
				if (to !== "" && Number(from) > Number(to)) return [`the count ${whole} goes backwards`, own];
				if (Math.max(Number(from), Number(to)) > 32_767) return [`the count ${whole} is too large`, own];
				const times = Math.max(Number(from), Number(to), 1);
				const size = sizes.at(-1) ?? 0;
				sizes[sizes.length - 1] = size + last * (times - 1);
				last *= times;
				at += whole.length;
				break;
			}
			default:
				at++;
				atom();
		}
		if ((sizes.at(-1) ?? 0) > 1000) own ??= "its repetitions add up to more than 1000";
	}
	return [depth > 0 ? "a '(' is not closed" : null, own];
}

/** Index behind the bracket expression that starts at `start`, or what is wrong with it. */
function endOfBracket(pattern: string, start: number): number | string {
	let at = start + 1;
	if (pattern.charAt(at) === "^") at++;
	let first = true;
	while (at < pattern.length) {
		if (pattern.charAt(at) === "]" && !first) return at + 1;
		first = false;
		const from = elementAt(pattern, at);
		if (typeof from === "string") return from;
		at = from.end;
		if (pattern.charAt(at) !== "-" || pattern.charAt(at + 1) === "]") continue;
		if (at + 1 >= pattern.length) break;
		const to = elementAt(pattern, at + 1);
		if (typeof to === "string") return to;
		if (from.character === null || to.character === null || from.character > to.character)
			return `the range ${pattern.slice(at - 1, to.end)} is not valid`;
		at = to.end;
	}
	return "a '[' is not closed";
}

const classes = new Set([
	..."alnum alpha blank cntrl digit graph lower print punct space upper xdigit".split(" "),
]);

/** One member of a bracket expression: a character, or a class, which has no place in a range. */
function elementAt(
	pattern: string,
	at: number,
): { readonly end: number; readonly character: string | null } | string {
	const kind = pattern.slice(at, at + 2);
	if (kind !== "[:" && kind !== "[." && kind !== "[=") return { end: at + 1, character: pattern.charAt(at) };
	const closing = `${kind.charAt(1)}]`;
	const end = pattern.indexOf(closing, at + 2);
	const name = end < 0 ? "" : pattern.slice(at + 2, end);
	if (end < 0) return `'${kind}' is not closed`;
	if (kind === "[:")
		return classes.has(name) ? { end: end + 2, character: null } : `[:${name}:] is not a character class`;
	if (name.length !== 1) return `${kind}${name}${closing} is not a single character`;
	return { end: end + 2, character: kind === "[." ? name : null };
}

/** The expression of a blacklist rule: a leading `!` turns the rule round, `\!` begins with a plain `!`. */
export function withoutInversion(rule: string): string {
	return rule.replace(/^!|^\\(?=!)/, "");
}
