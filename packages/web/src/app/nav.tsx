import { emptyPlaces } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { useFleet } from "../live/fleet-context.tsx";
import { useRight } from "../session/use-session.ts";
import { NextStep } from "../ui/empty-place.tsx";
import { Icon } from "../ui/icons.tsx";
import { NavNodes } from "./nav-nodes.tsx";

const views = [
	{ to: "/", icon: "health", text: "Health" },
	{ to: "/config", icon: "config", text: "Configuration" },
	{ to: "/storage", icon: "storage", text: "Storage" },
	{ to: "/events", icon: "events", text: "Events" },
	{ to: "/access", icon: "access", text: "Access" },
] as const;

/** The views, and every node. */
export function Nav() {
	const { picture, isKnown } = useFleet();
	const mayChange = useRight("Permissions.Modify");
	const { length } = picture.nodes;
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
			<h2>Nodes{length > 0 ? ` · ${length}` : ""}</h2>
			{isKnown && length === 0 ? <p className="hint">{emptyPlaces.noNode.title}</p> : null}
			<NavNodes />
			{length === 0 ? null : (
				<details className="hint add-node">
					<summary>Add a node</summary>
					<NextStep place="anotherNode" />
				</details>
			)}
		</nav>
	);
}
