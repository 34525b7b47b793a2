import { type DescribedCommand, type DescribedOption, withAllBelow } from "./command-tree.ts";

export const shells = ["bash", "zsh"] as const;

/** A script that lets a shell complete commands, options and the words that an option may have. */
export function shellCompletion(program: DescribedCommand, shell: (typeof shells)[number]): string {
	const commands = withAllBelow(program);
	const words = commands.map(({ path, commands: below, options }) => {
		const offered = [
			...below.map((each) => each.path.at(-1) ?? ""),
			...namesOf([...options, ...program.options]),
		];
		return `\t${quoted(path.join("/"))}) words=${quoted([...new Set(offered)].join(" "))} ;;`;
	});
	const options = [...new Map(commands.flatMap((each) => each.options).flatMap(byName)).values()];
	const choices = options
		.filter((option) => option.choices.length > 0)
		.map(
			(option) =>
				`\t${option.names.join("|")}) words=${quoted(option.choices.join(" "))}; _pathkeeper_offer; return ;;`,
		);
	const values = options.filter(({ value, choices: none }) => value !== null && none.length === 0);
	const script = `_pathkeeper_offer() { mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur"); }
_pathkeeper() {
	local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' words='' word
	case $prev in
${choices.join("\n")}
	${namesOf(values).join("|")}) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	esac
	for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
		case " ${commands.map(({ path }) => path.join("/")).join(" ")} " in
		*" \${path:+$path/}$word "*) path=\${path:+$path/}$word ;;
		esac
	done
	case $path in
${words.join("\n")}
	esac
	_pathkeeper_offer
}
complete -o default -F _pathkeeper pathkeeper
`;
	return shell === "bash" ? script : `autoload -U +X bashcompinit && bashcompinit\n${forZsh(script)}`;
}

/** zsh has no mapfile; its word splitting is on for what bashcompinit calls. */
function forZsh(script: string): string {
	return script.replace(/mapfile -t COMPREPLY < <\((.*?)\)(?=[;\s])/g, "COMPREPLY=($($1))");
}

function namesOf(options: readonly DescribedOption[]): string[] {
	return [...new Set(options.flatMap(({ names }) => names))];
}

function byName(option: DescribedOption): readonly (readonly [string, DescribedOption])[] {
	return [[option.names.join(" "), option]];
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
