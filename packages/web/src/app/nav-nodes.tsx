import { urgency } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { nodeProblem, nodeState } from "../nodes/node-state.ts";
import { simulatedAmongReal } from "../nodes/simulated-nodes.ts";
import { byName } from "../ui/by-name.ts";
import { shown } from "../ui/shown.ts";
import { Simulated } from "../ui/simulated.tsx";
import { StateMark } from "../ui/state-mark.tsx";

/** In a fleet of more nodes than this, they can be filtered, and the worst come first. */
const fewNodes = 12;

/** Every node with its state, as links. */
export function NavNodes() {
	const { picture, link } = useFleet();
	const [filter, setFilter] = useState("");
	const nodes = useMemo(() => {
		const all = picture.nodes.map((node, column) => ({
			node: node.node,
			state: nodeState(picture, column, link === "lost"),
			problem: nodeProblem(node),
		}));
		const isLarge = all.length > fewNodes;
		return all.toSorted(
			(a, b) => (isLarge ? urgency(a.state) - urgency(b.state) : 0) || byName(a.node, b.node),
		);
	}, [picture, link]);
	const marked = simulatedAmongReal(picture);
	const found = nodes.filter(({ node }) => node.toLowerCase().includes(filter.toLowerCase()));
	return (
		<>
			{nodes.length > fewNodes ? (
				<input
					type="search"
					className="filter"
					placeholder="Filter"
					aria-label="Filter nodes"
					value={filter}
					onChange={(event) => setFilter(event.currentTarget.value)}
				/>
			) : null}
			<ul className="nodes">
				{found.map(({ node, state, problem }) => (
					<li key={node}>
						<Link to="/nodes/$node" params={{ node }} className="view" title={problem ?? undefined}>
							<StateMark state={state} size={13} />
							<span className="name">{shown(node)}</span>
							<span className="sr-only">, {state}</span>
							{marked.has(node) ? <Simulated what={`Host ${shown(node)} is simulated.`} /> : null}
						</Link>
					</li>
				))}
			</ul>
		</>
	);
}
