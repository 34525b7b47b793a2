import { type ConfigChange, configEntry, type LogDraft } from "@pathkeeper/model";
import {
	type ConfigDocument,
	type ConfigDocumentName,
	readConfigVersions,
	type Store,
} from "@pathkeeper/store";

/**
 * What changed in the documents of the configuration since the versions that were told. Everybody who writes one
 * leaves their name with the version, so nothing of it is lost however many writes there were meanwhile; only what
 * is older than the kept versions is. `told` is brought up to date.
 */
export async function configHistory(
	store: Store,
	documents: ReadonlyMap<ConfigDocumentName, ConfigDocument>,
	told: Map<string, number>,
): Promise<LogDraft[]> {
	const drafts: LogDraft[] = [];
	for (const { name, version } of documents.values()) {
		const last = told.get(name);
		told.set(name, version);
		// What stood there when the log began is nobody's change.
		if (last === undefined || last >= version) continue;
		for (const change of await changesSince(store, name, last)) drafts.push(configEntry(change));
	}
	return drafts;
}

async function changesSince(store: Store, name: ConfigDocumentName, last: number): Promise<ConfigChange[]> {
	const versions = (await readConfigVersions(store, name)).toReversed();
	return versions.flatMap(({ version, text, at, by, from }, place) => {
		if (version <= last) return [];
		return { name, before: versions[place - 1]?.text ?? "", after: text, at, by, from };
	});
}
