import { urgency } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { LunAnswer } from "../api/answers.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { simulatedAmongReal } from "../nodes/simulated-nodes.ts";
import { byName } from "../ui/by-name.ts";
import { Button } from "../ui/kit.ts";
import { shown } from "../ui/shown.ts";
import { Simulated } from "../ui/simulated.tsx";
import { StateWord } from "../ui/state-mark.tsx";

const few = 12;
const maxReasons = 5;

/** A card for each node, the worst first. */
export function LunNodes({ lun }: { readonly lun: LunAnswer }) {
	const [isWhole, setWhole] = useState(false);
	const { picture } = useFleet();
	const marked = simulatedAmongReal(picture);
	const nodes = Object.entries(lun.nodes).sort(
		([a, one], [b, other]) => urgency(one.state) - urgency(other.state) || byName(a, b),
	);
	const shownNodes = isWhole ? nodes : nodes.slice(0, few);
	if (nodes.length === 0) return <p>No node should have it.</p>;
	return (
		<>
			<ul className="node-cards">
				{shownNodes.map(([node, here]) => (
					<li key={node} className={`node-card state-${here.state}`}>
						<div className="row-of">
							<Link to="/nodes/$node" params={{ node }}>
								{shown(node)}
							</Link>
							{marked.has(node) ? <Simulated what={`Host ${shown(node)} is simulated.`} /> : null}
							<StateWord state={here.state} />
						</div>
						<p className="paths">
							{here.state === "unknown" && here.paths === 0
								? "paths unknown"
								: `${here.usable} of ${here.expected} paths usable`}
						</p>
						{here.reasons.length === 0 ? null : (
							<ul className="reasons">
								{here.reasons.slice(0, maxReasons).map((reason) => (
									<li key={reason}>
										{shown(reason.startsWith(`${node}: `) ? reason.slice(node.length + 2) : reason)}
									</li>
								))}
								{here.reasons.length > maxReasons ? (
									<li>and {here.reasons.length - maxReasons} more</li>
								) : null}
							</ul>
						)}
					</li>
				))}
			</ul>
			{nodes.length > few ? (
				<Button variant="subtle" mt="sm" onClick={() => setWhole(!isWhole)}>
					{isWhole ? "Show fewer" : `Show all ${nodes.length} nodes`}
				</Button>
			) : null}
		</>
	);
}
