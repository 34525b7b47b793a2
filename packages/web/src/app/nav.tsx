import { emptyPlaces, urgency } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { nodeLook, nodeTrouble } from "../nodes/node-look.ts";
import { simulatedAmongReal } from "../nodes/simulated-nodes.ts";
import { useRight } from "../session/use-session.ts";
import { NextStep } from "../ui/empty-place.tsx";
import { Icon } from "../ui/icons.tsx";
import { Simulated } from "../ui/simulated.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { shown } from "../ui/shown.ts";

const views = [
	{ to: "/", icon: "health", text: "Health" },
	{ to: "/config", icon: "config", text: "Configuration" },
	{ to: "/storage", icon: "storage", text: "Storage" },
	{ to: "/events", icon: "events", text: "Events" },
	{ to: "/access", icon: "access", text: "Access" },
] as const;

/** A fleet of more nodes than this has them filtered, and the worst first. */
const fewNodes = 12;

export function Nav() {
	const { picture, link, isKnown } = useFleet();
	const [filter, setFilter] = useState("");
	const mayChange = useRight("Permissions.Modify");
	const nodes = useMemo(() => {
		const all = picture.nodes.map((node, column) => ({
			node: node.node,
			look: nodeLook(picture, column, link === "lost"),
			trouble: nodeTrouble(node),
		}));
		const byName = (a: { readonly node: string }, b: { readonly node: string }) =>
			a.node.localeCompare(b.node, "en", { numeric: true });
		return all.toSorted(
			(a, b) => (all.length <= fewNodes ? 0 : urgency(a.look) - urgency(b.look)) || byName(a, b),
		);
	}, [picture, link]);
	const marked = simulatedAmongReal(picture);
	const found = nodes.filter(({ node }) => node.toLowerCase().includes(filter.toLowerCase()));
	return (
		<nav aria-label="Fleet">
			<Link to="/" className="brand">
				<img src="/mark.svg" alt="" width="26" height="26" /> Pathkeeper
			</Link>
			<ul>
				{views.map(({ to, icon, text }) => (
					<li key={to}>
						<Link to={to} activeOptions={{ exact: to === "/", includeSearch: false }} className="view">
							<Icon name={icon} /> {to === "/access" && !mayChange ? "My access" : text}
						</Link>
					</li>
				))}
			</ul>
			<h2>Nodes{nodes.length > 0 ? ` · ${nodes.length}` : ""}</h2>
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
			{isKnown && nodes.length === 0 ? <p className="hint">{emptyPlaces.noNode.title}</p> : null}
			<ul className="nodes">
				{found.map(({ node, look, trouble }) => (
					<li key={node}>
						<Link to="/nodes/$node" params={{ node }} className="view" title={trouble ?? undefined}>
							<StateMark state={look} size={13} />
							<span className="name">{shown(node)}</span>
							<span className="sr-only">, {look}</span>
							{marked.has(node) ? <Simulated what={`Host ${shown(node)} is simulated.`} /> : null}
						</Link>
					</li>
				))}
			</ul>
			{nodes.length === 0 ? null : (
				<details className="hint add-node">
					<summary>Add a node</summary>
					<NextStep place="anotherNode" />
				</details>
			)}
		</nav>
	);
}
