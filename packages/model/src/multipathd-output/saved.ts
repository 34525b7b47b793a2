import { looksLikeMapsJson, readMapsJson } from "./maps-json.ts";
import { emptyReading, MAX_TEXT_LENGTH, type Reading } from "./reading.ts";
import { plainText } from "./saved-text.ts";
import { readTopology } from "./topology.ts";

/** The two listings that people save: `show maps json`, and `multipath -ll` or `show topology`. */
export type SavedFormat = "json" | "topology";

/**
 * Reads a saved answer of multipathd; without `format` it finds out which listing it is. Text in other encodings may
 * have been decoded with replacement characters: names keep them. Never throws.
 */
export function readSaved(text: string, options: { readonly format?: SavedFormat } = {}): Reading {
	if (text.length > MAX_TEXT_LENGTH) return emptyReading("unreadable", "the text is too long for an answer");
	const plain = plainText(text);
	return (options.format ?? formatOf(plain)) === "json" ? readMapsJson(plain) : readTopology(plain);
}

/** A topology is known by the properties line of a map; whatever else holds a brace where JSON begins is JSON. */
function formatOf(plain: string): SavedFormat {
	const properties = /^[ \t]{0,64}(?:size=\S{1,40} features='|\[size=)/m.exec(plain);
	if (properties === null) return looksLikeMapsJson(plain) ? "json" : "topology";
	const json = /\{\s{0,64}"(?:major_version|maps|map)"/.exec(plain);
	return json !== null && json.index < properties.index ? "json" : "topology";
}
