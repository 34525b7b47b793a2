import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Panel, Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { shown } from "../ui/words.ts";
import { OnNodeWord } from "./on-node-word.tsx";
import { onNode } from "./standing.ts";
import "./storage.css";
import { nodeStoragesQuery } from "./storage-queries.ts";
import { UsageBar } from "./usage-bar.tsx";

/** The storages that a node has, as it has them now. */
export function NodeStorages({ node, isOnline }: { readonly node: string; readonly isOnline: boolean }) {
	const { data, error } = useQuery({
		...nodeStoragesQuery(node),
		enabled: isOnline,
		staleTime: 5_000,
		refetchInterval: 30_000,
	});
	const said = { node, isOnline, storages: data, problem: null };
	return (
		<Panel title="Storages" wide>
			{error === null ? null : (
				<div className="padded">
					<Problem what="The storages of this node are not known now." error={error} />
				</div>
			)}
			{!isOnline ? <p>Not known.</p> : null}
			{isOnline && data === undefined && error === null ? <p>Asking {shown(node)} …</p> : null}
			{data?.length === 0 ? <p>It has none, or none that you may see.</p> : null}
			{data === undefined || data.length === 0 || error !== null ? null : (
				<Scroll label="Storages of the node">
					<table className="list">
						<TableHead columns={["Storage", "State", "Usage", "Type"]} />
						<tbody>
							{data.map(({ storage, type, active, used, total }) => (
								<tr key={storage}>
									<td>
										<Link to="/storage/$storage" params={{ storage }}>
											{shown(storage)}
										</Link>
									</td>
									<td>
										<OnNodeWord place={onNode(storage, said)} />
									</td>
									<td>
										<UsageBar usage={active === 1 && total > 0 ? { used, total, node: null } : null} />
									</td>
									<td>{shown(type)}</td>
								</tr>
							))}
						</tbody>
					</table>
				</Scroll>
			)}
		</Panel>
	);
}
