import type { Release } from "./release.ts";
import { releaseTraits } from "./release.ts";
import { wordsOf } from "./words.ts";

/** Every keyword with what it is an alias of and whether a word follows it, in the daemon's order. */
const keywords: readonly (readonly [word: string, meaning: string, takesWord?: true])[] = [
	["list", "list"],
	["show", "list"],
	["add", "add"],
	["remove", "remove"],
	["del", "remove"],
	["switch", "switch"],
	["switchgroup", "switch"],
	["suspend", "suspend"],
	["resume", "resume"],
	["reinstate", "reinstate"],
	["fail", "fail"],
	["resize", "resize"],
	["reset", "reset"],
	["reload", "reload"],
	["forcequeueing", "forcequeueing"],
	["disablequeueing", "disablequeueing"],
	["restorequeueing", "restorequeueing"],
	["paths", "paths"],
	["maps", "maps"],
	["multipaths", "maps"],
	["path", "path", true],
	["map", "map", true],
	["multipath", "map", true],
	["group", "group", true],
	["reconfigure", "reconfigure"],
	["daemon", "daemon"],
	["status", "status"],
	["stats", "stats"],
	["topology", "topology"],
	["config", "config"],
	["blacklist", "blacklist"],
	["devices", "devices"],
	["raw", "raw"],
	["wildcards", "wildcards"],
	["quit", "quit"],
	["exit", "quit"],
	["shutdown", "shutdown"],
	["getprstatus", "getprstatus"],
	["setprstatus", "setprstatus"],
	["unsetprstatus", "unsetprstatus"],
	["format", "format", true],
	["json", "json"],
	["getprkey", "getprkey"],
	["setprkey", "setprkey"],
	["unsetprkey", "unsetprkey"],
	["key", "key", true],
	["local", "local"],
	["setmarginal", "setmarginal"],
	["unsetmarginal", "unsetmarginal"],
	["all", "all"],
	["getprhold", "getprhold"],
	["setprhold", "setprhold"],
	["unsetprhold", "unsetprhold"],
	["pathlist", "pathlist", true],
];
const sinceThirteen = new Set(["getprhold", "setprhold", "unsetprhold", "pathlist"]);

/** The commands there are, by meaning, in the order of the help text. */
const commands: readonly string[] = [
	"list paths",
	"list paths format",
	"list paths raw format",
	"list path",
	"list maps",
	"list status",
	"list daemon",
	"list maps status",
	"list maps stats",
	"list maps format",
	"list maps raw format",
	"list maps topology",
	"list topology",
	"list maps json",
	"list map topology",
	"list map format",
	"list map raw format",
	"list map json",
	"list config local",
	"list config",
	"list blacklist",
	"list devices",
	"list wildcards",
	"reset maps stats",
	"reset map stats",
	"add path",
	"remove path",
	"add map",
	"remove map",
	"remove maps",
	"switch map group",
	"reconfigure",
	"reconfigure all",
	"suspend map",
	"resume map",
	"resize map",
	"reload map",
	"reset map",
	"reinstate path",
	"fail path",
	"disablequeueing map",
	"restorequeueing map",
	"disablequeueing maps",
	"restorequeueing maps",
	"quit",
	"shutdown",
	"getprstatus map",
	"setprstatus map",
	"setprstatus map pathlist",
	"unsetprstatus map",
	"forcequeueing daemon",
	"restorequeueing daemon",
	"getprkey map",
	"setprkey map key",
	"unsetprkey map",
	"setmarginal path",
	"unsetmarginal path",
	"unsetmarginal map",
	"getprhold map",
	"setprhold map",
	"unsetprhold map",
];

/** A command understood: `name` is one of the daemon's own, in the words of its help (`list map json`). */
interface Command {
	readonly name: string;
	/** The word after each keyword that takes one: `map`, `path`, `format`, `group`, `key`. */
	readonly words: ReadonlyMap<string, string>;
}

export type Understood =
	| { readonly command: Command }
	| { readonly problem: "not found" | "Missing argument" | "Not enough memory" | "unknown word" };

/** Keywords may be cut short where that is unambiguous; an unknown word in the middle is a plain failure. */
export function understand(text: string, release: Release): Understood {
	const words = wordsOf(text);
	if (words.length === 0) return { problem: "Not enough memory" };
	const names: string[] = [];
	const valuesOfWords = new Map<string, string>();
	for (let at = 0; at < words.length; at++) {
		const keyword = keywordOf(words[at] ?? "", release);
		if (keyword === null) return { problem: at === words.length - 1 ? "not found" : "unknown word" };
		const [, meaning, takesWord] = keyword;
		names.push(meaning);
		if (takesWord === true) {
			at++;
			const word = words[at];
			if (word === undefined) return { problem: "Missing argument" };
			valuesOfWords.set(meaning, word);
		}
	}
	const name = names.join(" ");
	if (names.length > 4 || !commandsOf(release).includes(name)) return { problem: "Missing argument" };
	return { command: { name, words: valuesOfWords } };
}

function keywordOf(word: string, release: Release) {
	const known = keywords.filter(([, meaning]) => isKnown(meaning, release));
	const exact = known.find(([name]) => name === word);
	if (exact !== undefined) return exact;
	const longer = known.filter(([name]) => name.startsWith(word));
	const [first, second] = longer;
	return word !== "" && first !== undefined && second === undefined ? first : null;
}

function commandsOf(release: Release): readonly string[] {
	return commands.filter((name) => name.split(" ").every((word) => isKnown(word, release)));
}

function isKnown(word: string, release: Release): boolean {
	return releaseTraits[release].prHold || !sinceThirteen.has(word);
}

const helpTexts = new Map<Release, string>();

/** The text that answers what is not understood: version and all commands. */
export function helpText(release: Release): string {
	const made = helpTexts.get(release);
	if (made !== undefined) return made;
	const lines = commandsOf(release).map((name) =>
		name
			.split(" ")
			.map((meaning) => {
				const names = keywords.filter((keyword) => keyword[1] === meaning);
				const parameter = names[0]?.[2] === true ? ` $${meaning}` : "";
				return ` ${names.map(([word]) => word).join("|")}${parameter}`;
			})
			.join(""),
	);
	const text = `${releaseTraits[release].banner}\nCLI commands reference:\n${lines.join("\n")}\n`;
	helpTexts.set(release, text);
	return text;
}
