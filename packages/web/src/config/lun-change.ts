/** What was typed about a LUN, as a change of the configuration. */
import { allowLun, multipathRoutes, updateLun } from "@pathkeeper/model";
import { client } from "../api/client.ts";
import type { ConfigAnswer } from "../api/queries.ts";
import type { changeOf } from "../review/draft.ts";
import { shown } from "../ui/shown.ts";
import type { ConfigChange } from "./change.ts";

type Settings = ReturnType<typeof changeOf>;

/** Adds a LUN to the allow-list. */
export function allowing(wwid: string, { set }: Settings): ConfigChange {
	return {
		title: `Allow ${shown(set["alias"] ?? wwid)}`,
		document: "text",
		proposal: (base) => ({ text: allowLun(base.text, wwid, set) }),
		save: (base) => client.call(multipathRoutes.allowLun, { wwid, ...sent(set), digest: base.digest }),
	};
}

/** Changes the settings of a LUN that is allowed. */
export function changingLun(
	{ wwid, alias = wwid }: ConfigAnswer["luns"][number],
	change: Settings,
): ConfigChange {
	return {
		title: `Change ${shown(alias)}`,
		document: "text",
		proposal: (base) => ({ text: updateLun(base.text, wwid, change) }),
		save: (base) =>
			client.call(multipathRoutes.putLun, {
				wwid,
				...sent(change.set),
				delete: change.delete.join(","),
				digest: base.digest,
			}),
	};
}

function sent({ "expected-paths": expected, ...texts }: Settings["set"]) {
	return { ...texts, ...(expected === undefined ? {} : { "expected-paths": Number(expected) }) };
}
