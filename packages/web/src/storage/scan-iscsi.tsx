import { type ResultOf, storageRoutes } from "@pathkeeper/model";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../api/fields-of.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { type Column, List } from "../ui/list.tsx";
import { Empty } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";
import { NodeChoice } from "./node-choice.tsx";

type Target = ResultOf<typeof storageRoutes.scanIscsi>[number];

/** Discovers the targets of an iSCSI portal from a node. Nothing is changed anywhere. */
export function ScanIscsi({
	nodes,
	onClose,
}: {
	readonly nodes: readonly string[];
	readonly onClose: () => void;
}) {
	const [node, setNode] = useState(nodes[0] ?? "");
	const [portal, setPortal] = useState("");
	const asking = useMutation({
		mutationFn: () => client.call(storageRoutes.scanIscsi, { node, portal: portal.trim() }),
	});
	return (
		<Dialog onClose={onClose} size="lg" title="Discover iSCSI targets">
			<Form onSubmit={() => asking.mutate()}>
				<p className="hint">
					The node only asks the portal: it stores nothing and does not log in. To use the LUNs of a target,
					log in to it with <code>iscsiadm</code> on each node, through every portal.
				</p>
				<NodeChoice label="Node" nodes={nodes} value={node} onChange={setNode} />
				<TextField
					label="Portal"
					description="HOST or HOST:PORT; an IPv6 address in brackets"
					value={portal}
					hasFocus
					error={fieldsOf(asking.error)["portal"]}
					onChange={setPortal}
				/>
				{asking.data === undefined ? null : (
					<List
						label="Targets of the portal"
						thing="target"
						rows={asking.data}
						keyOf={({ target }) => target}
						columns={columns}
						empty={
							<Empty title="The portal offers no target to this node.">
								The access list of the array may not contain the node.
							</Empty>
						}
					/>
				)}
				<FormEnd
					refusal={`${shown(node)} got no answer from the portal.`}
					error={asking.error}
					isUnchanged={false}
					isBusy={asking.isPending}
					action="Discover"
					canSubmit={portal.trim() !== "" && node !== ""}
					cancel="Close"
					onCancel={onClose}
				/>
			</Form>
		</Dialog>
	);
}

const columns: readonly Column<Target>[] = [
	{ head: "Target", cell: ({ target }) => <code>{shown(target)}</code> },
	{
		head: "Portals",
		cell: ({ portal }) => portal.split(",").map((one) => <div key={one}>{shown(one)}</div>),
	},
];
