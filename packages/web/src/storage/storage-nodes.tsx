import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../ui/kit.ts";
import { Empty } from "../ui/notice.tsx";
import { Scroll } from "../ui/panel.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { counted, shown } from "../ui/words.ts";
import { OnNodeWord } from "./on-node-word.tsx";
import type { OnNode } from "./standing.ts";
import { UsageBar } from "./usage-bar.tsx";

const few = 12;
const worstFirst: readonly OnNode["kind"][] = ["inactive", "unknown", "asking", "active", "none"];

/** A storage on every node; of many nodes, those in trouble come first. */
export function StorageNodes({ places }: { readonly places: readonly OnNode[] }) {
	const [most, setMost] = useState(few);
	if (places.length === 0)
		return <Empty title="No node is known to you.">Who may see nodes sees here how each has it.</Empty>;
	const rows =
		places.length <= few
			? places
			: places.toSorted((a, b) => worstFirst.indexOf(a.kind) - worstFirst.indexOf(b.kind));
	return (
		<>
			<Scroll label="The storage on each node">
				<table className="list">
					<TableHead columns={["Node", "State", "Usage"]} />
					<tbody>
						{rows.slice(0, most).map((place) => (
							<tr key={place.node}>
								<td>
									<Link to="/nodes/$node" params={{ node: place.node }}>
										{shown(place.node)}
									</Link>
								</td>
								<td>
									<OnNodeWord place={place} />
								</td>
								<td>
									<UsageBar
										usage={
											place.kind === "active" && place.total > 0
												? { used: place.used, total: place.total, node: null }
												: null
										}
									/>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</Scroll>
			{rows.length > most ? (
				<Button variant="subtle" m="xs" onClick={() => setMost(most + 200)}>
					Show all {counted(rows.length, "node")}
				</Button>
			) : null}
		</>
	);
}
