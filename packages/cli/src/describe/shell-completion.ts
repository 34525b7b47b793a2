import { nameKindOf } from "../commands/names.ts";
import { type DescribedCommand, type DescribedOption, withAllBelow } from "./command-tree.ts";

export const shells = ["bash", "zsh"] as const;

/**
 * A script that lets a shell complete commands, options, the words that an option may have, settings as KEY=VALUE, and
 * the names of LUNs, nodes, storages, users and tasks. Names are asked for with the hidden command `names`.
 */
export function shellCompletion(program: DescribedCommand, shell: (typeof shells)[number]): string {
	const commands = withAllBelow(program);
	const options = [...new Map(commands.flatMap((each) => each.options).flatMap(byName)).values()];
	const free = options.filter(
		({ value, choices }) => value !== null && choices.length === 0 && nameKindOf(value) === null,
	);
	const script = `_pathkeeper_offer() {
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	case \${COMPREPLY[0]:-} in *=) compopt -o nospace 2>/dev/null ;; esac
}
_pathkeeper_names() { words="$words $("\${COMP_WORDS[0]}" names "$1" 2>/dev/null)"; }
_pathkeeper() {
	local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' words='' key='' word
	# bash makes words of their own of KEY, = and VALUE.
	if [ "$cur" = = ]; then key=$prev cur=''; elif [ "$prev" = = ]; then key=\${COMP_WORDS[COMP_CWORD - 2]}; fi
	case $key in
${caseLines(settingWords(commands))}
	esac
	[ -z "$key" ] || { _pathkeeper_offer; return; }
	for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
		case " ${commands.map(({ path }) => path.join("/")).join(" ")} " in
		*" \${path:+$path/}$word "*) path=\${path:+$path/}$word ;;
		esac
	done
	case $path:$prev in
${commands.flatMap(optionCases).join("\n")}
	esac
	case $prev in
	${namesOf(free).join("|")}) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	esac
	case $path in
${caseLines(commands.map((command) => [command.path.join("/"), wordsOf(command, program)]))}
	esac
	case $path in
${commands
	.map(operandCase)
	.filter((line) => line !== "")
	.join("\n")}
	esac
	_pathkeeper_offer
}
complete -o default -F _pathkeeper pathkeeper
`;
	return shell === "bash" ? script : `autoload -U +X bashcompinit && bashcompinit\n${forZsh(script)}`;
}

/** What may come behind a command, but for names. */
function wordsOf(
	{ commands, options, settings }: DescribedCommand,
	program: DescribedCommand,
): readonly string[] {
	return [
		...commands.map(({ path }) => path.at(-1) ?? ""),
		...settings.map(({ key }) => `${key}=`),
		...namesOf([...options, ...program.options]),
	];
}

/** The words of every setting that has some; a key means the same wherever it is taken. */
function settingWords(commands: readonly DescribedCommand[]): (readonly [string, readonly string[]])[] {
	const byKey = new Map<string, Set<string>>();
	for (const { key, words } of commands.flatMap(({ settings }) => settings)) {
		const known = byKey.get(key) ?? new Set();
		byKey.set(key, new Set([...known, ...words]));
	}
	return [...byKey].filter(([, words]) => words.size > 0).map(([key, words]) => [key, [...words]]);
}

function caseLines(cases: readonly (readonly [string, readonly string[]])[]): string {
	return cases
		.map(([match, words]) => `\t${quoted(match)}) words=${quoted([...new Set(words)].join(" "))} ;;`)
		.join("\n");
}

/** Options of one name may have other words in another command; those of the program are everybody's. */
function optionCases({ path, options }: DescribedCommand): string[] {
	const place = path.length === 0 ? "*" : path.join("/");
	return options.flatMap(({ names, choices, value }) => {
		const match = names.map((name) => `${place}:${name}`).join("|");
		const kind = nameKindOf(value);
		if (choices.length > 0)
			return [`\t${match}) words=${quoted(choices.join(" "))}; _pathkeeper_offer; return ;;`];
		return kind === null ? [] : [`\t${match}) _pathkeeper_names ${kind}; _pathkeeper_offer; return ;;`];
	});
}

/** Names are fetched only where they may stand: they cost a question to the daemon. */
function operandCase({ path, firstOperand }: DescribedCommand): string {
	const kind = nameKindOf(firstOperand);
	if (kind === null) return "";
	return `\t${quoted(path.join("/"))}) case $cur in -*) ;; *) _pathkeeper_names ${kind} ;; esac ;;`;
}

/** zsh has no mapfile; its word splitting is on for what bashcompinit calls. */
function forZsh(script: string): string {
	return script.replace(/mapfile -t COMPREPLY < <\((.*?)\)(?=[;\s])/g, "COMPREPLY=($($1))");
}

function namesOf(options: readonly DescribedOption[]): string[] {
	return [...new Set(options.flatMap(({ names }) => names))];
}

function byName(option: DescribedOption): readonly (readonly [string, DescribedOption])[] {
	return [[`${option.names.join(" ")} ${option.choices.join(" ")}`, option]];
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
