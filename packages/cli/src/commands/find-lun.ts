import { PathkeeperError } from "@pathkeeper/model";

interface Named {
	readonly wwid: string;
	readonly alias?: string | null;
}

/** The LUN of that WWID or alias, exactly. Throws NOT_FOUND, naming those that contain the text. */
export function findLun<L extends Named>(luns: readonly L[], name: string): L {
	const found = luns.find(({ wwid }) => wwid === name) ?? luns.find(({ alias }) => alias === name);
	if (found !== undefined) return found;
	const similar = luns
		.map(({ wwid, alias }) => alias ?? wwid)
		.filter((text) => name.length > 2 && text.toLowerCase().includes(name.toLowerCase()));
	const hint =
		similar.length === 0
			? { see: "pathkeeper lun list" }
			: { "did you mean": similar.slice(0, 5).join(", ") };
	throw new PathkeeperError("NOT_FOUND", { what: `LUN '${name}'` }, { fields: hint });
}
