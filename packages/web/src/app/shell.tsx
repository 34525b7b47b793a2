import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { useIsOld } from "../live/use-is-old.ts";
import { isAllSimulated } from "../nodes/simulated-nodes.ts";
import { Icon } from "../ui/icons.tsx";
import { Simulated } from "../ui/simulated.tsx";
import { UndoBar } from "../ui/undo.tsx";
import { FleetFindings } from "./fleet-findings.tsx";
import { Freshness, OldData } from "./freshness.tsx";
import { Nav } from "./nav.tsx";
import { Search } from "./search.tsx";
import { SchemeSwitch, UserMenu } from "./user-menu.tsx";

/** Everything around a view. */
export function Shell() {
	const [isOpen, setOpen] = useState(false);
	const path = useRouterState({ select: ({ location }) => location.pathname });
	const isOld = useIsOld();
	const { picture } = useFleet();
	const main = useRef<HTMLElement>(null);
	const isFirst = useRef(true);
	useEffect(() => {
		setOpen(false);
		// Screen readers and keyboards are taken to the new view.
		if (!isFirst.current) main.current?.focus({ preventScroll: true });
		isFirst.current = false;
	}, [path]);
	return (
		<div className={`shell${isOld ? " is-old" : ""}${isOpen ? " nav-open" : ""}`}>
			<a className="skip" href="#main">
				Skip to the content
			</a>
			<aside className="side">
				<Nav />
			</aside>
			<button
				type="button"
				className="veil"
				aria-label="Close the menu"
				tabIndex={-1}
				onClick={() => setOpen(false)}
			/>
			<header className="top">
				<button
					type="button"
					className="icon-button burger"
					aria-label="Menu"
					aria-expanded={isOpen}
					onClick={() => setOpen(!isOpen)}
				>
					<Icon name="menu" />
				</button>
				<Search />
				<div className="right">
					{isAllSimulated(picture) ? <Simulated what="All hosts and their SAN are simulated." /> : null}
					<Freshness />
					<SchemeSwitch />
					<UserMenu />
				</div>
			</header>
			<main id="main" ref={main} tabIndex={-1}>
				<OldData />
				<FleetFindings />
				<Outlet />
				<UndoBar />
			</main>
		</div>
	);
}
