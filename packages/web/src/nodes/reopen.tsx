import { acknowledgementRoutes } from "@pathkeeper/model";
import { useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import type { NodeAnswer } from "../api/queries.ts";
import { Confirm } from "../ui/confirm.tsx";
import { shown } from "../ui/shown.ts";

type Finding = NodeAnswer["findings"][number];

/** Withdraws the acknowledgement that is shown on a node: the one for that node, else the one for all. */
export function Reopen({
	node,
	finding,
	onClose,
}: {
	readonly node: string;
	readonly finding: Finding;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	return (
		<Confirm
			title={`Reopen ${shown(finding.code)}?`}
			action="Reopen it"
			refusal="It is still acknowledged."
			run={async () => {
				for (const id of await acknowledgementsOf(node, finding))
					await client.call(acknowledgementRoutes.withdrawAcknowledgement, { id });
			}}
			onDone={() => void queries.invalidateQueries({ queryKey: ["node"] })}
			onClose={onClose}
		>
			<p>It is counted again. The reason for the acknowledgement is lost.</p>
		</Confirm>
	);
}

async function acknowledgementsOf(node: string, { code, text, subject }: Finding): Promise<string[]> {
	const all = await client.call(acknowledgementRoutes.listAcknowledgements, {});
	const same = all.filter((each) => each.code === code && each.text === text && each.subject === subject);
	const here = same.filter((each) => each.node === node);
	return (here.length > 0 ? here : same.filter((each) => each.node === null)).map(({ id }) => id);
}
