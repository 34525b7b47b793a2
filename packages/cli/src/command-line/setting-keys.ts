/** The settings that a command takes as KEY=VALUE: shown in its help and the manual page, offered by the shell. */
import {
	builtInTypes,
	commonProperties,
	type Keyword,
	keyOfKeyword,
	type SettingPlace,
	type StorageProperty,
	settableKeywords,
} from "@pathkeeper/model";
import type { Command } from "commander";
import { wrapped } from "../output/wrap.ts";

export interface SettingKey {
	/** Such as `no-path-retry`. */
	readonly key: string;
	/** What it does, in a few words. */
	readonly text: string;
	/** The words that it takes; empty: its value is free. */
	readonly words: readonly string[];
}

const keysOfCommand = new WeakMap<Command, readonly SettingKey[]>();

/** Notes which settings a command takes, and shows them below its help. */
export function takesSettings(command: Command, keys: readonly SettingKey[], columns: () => number): Command {
	keysOfCommand.set(command, keys);
	return command.addHelpText("after", () => `\nSettings:\n${keysText(keys, columns())}`);
}

/** The settings of a command; empty where it takes none. */
export function settingKeysOf(command: Command): readonly SettingKey[] {
	return keysOfCommand.get(command) ?? [];
}

/** What can be set for one LUN, or for every LUN. */
export function multipathKeys(place: SettingPlace): readonly SettingKey[] {
	const keywords = settableKeywords(place).map((keyword) => ({
		key: keyOfKeyword(keyword),
		text: keyword.effect,
		words: wordsOf(keyword),
	}));
	return place === "defaults" ? keywords : [...keysOfPathkeeper, ...keywords];
}

/** What storages of the built-in types take; the page and `storage types` show those of plugins as well. */
export function storageKeys(): readonly SettingKey[] {
	const all = Object.assign({}, commonProperties, ...builtInTypes.map(({ properties }) => properties));
	return Object.entries<StorageProperty>(all).map(([key, { description, kind, oneOf }]) => ({
		key,
		text: description,
		words: oneOf ?? (kind === "flag" ? ["0", "1"] : []),
	}));
}

const keysOfPathkeeper: readonly SettingKey[] = [
	{ key: "alias", text: "name of the map on every node", words: [] },
	{ key: "comment", text: "what the LUN is for", words: [] },
	{ key: "expected-paths", text: "how many paths each node should have", words: [] },
	{ key: "nodes", text: "comma-separated: only these nodes carry the LUN", words: [] },
];

function wordsOf({ type }: Keyword): readonly string[] {
	if (type.kind === "yesno") return ["yes", "no"];
	return type.kind === "enum" ? type.words.map(({ word }) => word) : [];
}

function keysText(keys: readonly SettingKey[], columns: number): string {
	return keys
		.map(({ key, text, words }) => {
			const choices = words.length === 0 ? "" : ` (${words.join(", ")})`;
			return wrapped(`${key}: ${text}${choices}`, columns, "  ", "      ");
		})
		.join("");
}
