/** Words of a command of LVM, parted into options and the rest. */
export interface Words {
	/** Every value of an option, in order. */
	all(option: string): readonly string[];
	/** The last value of an option; an empty text when it was not given. */
	one(option: string): string;
	has(option: string): boolean;
	readonly rest: readonly string[];
}

/** Options that stand alone. */
const bare = new Set(["yes", "nosuffix", "refresh", "nohints", "all", "f", "p"]);

export function parseWords(args: readonly string[]): Words {
	const options = new Map<string, string[]>();
	const rest: string[] = [];
	for (let index = 0; index < args.length; index++) {
		const word = args[index] ?? "";
		// `-aly`: the value stands in the word.
		const [, letter, value] = /^-([aW])(.+)$/.exec(word) ?? [];
		if (letter !== undefined && value !== undefined) options.set(letter, [value]);
		else if (word.startsWith("-")) {
			const name = word.replace(/^-+/, "");
			const given = bare.has(name) ? "" : (args[++index] ?? "");
			options.set(name, [...(options.get(name) ?? []), given]);
		} else rest.push(word);
	}
	return {
		all: (option) => options.get(option) ?? [],
		one: (option) => options.get(option)?.at(-1) ?? "",
		has: (option) => options.has(option),
		rest,
	};
}
