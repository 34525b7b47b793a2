import { storageRoutes } from "@pathkeeper/model";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../config/draft.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button, TextInput } from "../ui/kit.ts";
import { Empty } from "../ui/notice.tsx";
import { Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/words.ts";
import { NodeChoice } from "./node-choice.tsx";

/** Asks an iSCSI portal, from a node, which targets it has. Nothing is changed anywhere. */
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
	const submit = (event: FormEvent) => {
		event.preventDefault();
		asking.mutate();
	};
	return (
		<Dialog onClose={onClose} size="lg" title="Ask an iSCSI portal for its targets">
			<form className="stack" onSubmit={submit}>
				<p className="hint">
					The node asks, keeps nothing of it and logs in nowhere. With the LUNs of a target it is logged in to
					by <code>iscsiadm</code> on each node, over every portal.
				</p>
				<NodeChoice label="Node that asks" nodes={nodes} value={node} onChange={setNode} />
				<TextInput
					label="Portal"
					description="HOST or HOST:PORT; an IPv6 address in brackets"
					value={portal}
					spellCheck={false}
					data-autofocus
					error={fieldsOf(asking.error)["portal"]}
					onChange={(event) => setPortal(event.currentTarget.value)}
				/>
				{asking.error === null ? null : (
					<Problem what={`${shown(node)} has no answer of it.`} error={asking.error} />
				)}
				{asking.data === undefined ? null : <Targets targets={asking.data} />}
				<div className="row-of end">
					<Button variant="default" onClick={onClose}>
						Close
					</Button>
					<Button type="submit" disabled={portal.trim() === "" || node === ""} loading={asking.isPending}>
						Ask
					</Button>
				</div>
			</form>
		</Dialog>
	);
}

function Targets({
	targets,
}: {
	readonly targets: readonly { readonly target: string; readonly portal: string }[];
}) {
	if (targets.length === 0)
		return <Empty title="It has no target for this node.">Its access list may not name it.</Empty>;
	return (
		<Scroll label="Targets of the portal">
			<table className="list">
				<thead>
					<tr>
						<th scope="col">Target</th>
						<th scope="col">Portals</th>
					</tr>
				</thead>
				<tbody>
					{targets.map(({ target, portal }) => (
						<tr key={target}>
							<td>
								<code>{shown(target)}</code>
							</td>
							<td>
								{portal.split(",").map((one) => (
									<div key={one}>{shown(one)}</div>
								))}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</Scroll>
	);
}
