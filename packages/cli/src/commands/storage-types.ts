import { storageRoutes } from "@pathkeeper/model";
import { table } from "../output/table.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";

/** `storage types`: what a storage can be of, on which nodes, and the settings that it needs or may have. */
export async function listTypes({ client, output }: Session): Promise<void> {
	const types = await client.call(storageRoutes.listStorageTypes, {});
	type Listed = (typeof types)[number];
	const settings = ({ options }: Listed, isOptional: boolean) =>
		Object.keys(options)
			.filter((name) => (options[name]?.optional === true) === isOptional)
			.toSorted();
	const joined = (words: readonly string[]) => words.map(shown).join(",");
	output.rows(types, () =>
		table(
			[
				{ head: "TYPE", cell: ({ type }: Listed) => shown(type) },
				{ head: "NODES", cell: ({ nodes }: Listed) => (nodes === null ? "all" : joined(nodes)) },
				{ head: "CONTENT", cell: ({ content }: Listed) => joined(content.valid) },
				{ head: "NEEDS", cell: (type: Listed) => joined(settings(type, false)) || "-" },
				{ head: "MAY HAVE", cell: (type: Listed) => joined(settings(type, true)) || "-" },
			],
			types,
		),
	);
	for (const { type, problem } of types)
		if (problem !== undefined) output.note(`${shown(type)} cannot be used: ${shown(problem)}`);
}
