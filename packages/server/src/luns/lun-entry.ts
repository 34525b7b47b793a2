import { type AllowedLun, givenSettings } from "@pathkeeper/model";

/** A LUN of the allow-list as the API shows it: what is not set is not there. */
export function lunEntry({ wwid, alias, comment, expectedPaths, nodes, settings }: AllowedLun) {
	return {
		wwid,
		...(alias === null ? {} : { alias }),
		...(comment === null ? {} : { comment }),
		...(expectedPaths === null ? {} : { "expected-paths": expectedPaths }),
		...(nodes === null ? {} : { nodes: nodes.join(",") }),
		...settings,
	};
}

/** The keys of a LUN that were given, as texts for the document. */
export function lunTexts(parameters: {
	readonly alias?: string;
	readonly comment?: string;
	readonly "expected-paths"?: number;
	readonly nodes?: string;
}): Record<string, string> {
	const { alias, comment, nodes, "expected-paths": expected } = parameters;
	return {
		...(alias === undefined ? {} : { alias }),
		...(comment === undefined ? {} : { comment }),
		...(expected === undefined ? {} : { "expected-paths": String(expected) }),
		...(nodes === undefined ? {} : { nodes }),
		...givenSettings("multipaths", parameters),
	};
}
