/** What a demo knows when it starts: who may log in, and which LUNs are allowed. */
import { editConfig, makeFirstAdministrator, type Store } from "@pathkeeper/store";
import { realRuntime } from "../runtime/real-runtime.ts";

export interface Administrator {
	readonly user: string;
	readonly password: string;
}

/** Fills the empty store of a demo; `allowed` has WWIDs with their aliases. */
export async function fillStore(store: Store, allowed: ReadonlyMap<string, string>): Promise<Administrator> {
	const made = await makeFirstAdministrator(store, realRuntime);
	if (made === null) throw new Error("the store of the demo is not empty");
	// Of thousands of LUNs each would be a change of a text that grows: here they are one change.
	const sections = [...allowed].map(
		([wwid, alias]) => `wwid: ${wwid}\n\talias ${alias}\n${more[alias] ?? ""}`,
	);
	const author = { by: "demo", from: null, at: realRuntime.now() };
	await editConfig(store, "multipath.cfg", () => sections.join("\n"), author);
	return made;
}

const more: Readonly<Record<string, string>> = {
	"milk-run": "\tcomment the shop's database\n\tno-path-retry 12\n",
};
