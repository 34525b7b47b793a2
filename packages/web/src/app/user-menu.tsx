import { Link } from "@tanstack/react-router";
import { useId, useRef } from "react";
import { logOut } from "../api/client.ts";
import { useSession } from "../session/use-session.ts";
import { Icon } from "../ui/icons.tsx";
import { Button, useScheme, useSchemeChoice } from "../ui/kit.ts";
import { shown } from "../ui/shown.ts";
import "./user-menu.css";

export function SchemeSwitch() {
	const { setColorScheme } = useSchemeChoice();
	const scheme = useScheme("light");
	const next = scheme === "dark" ? "light" : "dark";
	return (
		<button
			type="button"
			className="icon-button"
			aria-label={`Switch to ${next} colours`}
			title={`Switch to ${next} colours`}
			onClick={() => setColorScheme(next)}
		>
			<Icon name={scheme === "dark" ? "sun" : "moon"} />
		</button>
	);
}

/** The page forgets the ticket even if the server does not answer; the ticket then expires by itself. */
function leave(everywhere: boolean): void {
	logOut({ everywhere }).catch(() => undefined);
}

/** A popover of the browser: the menu of the kit would be a tenth of all script that is loaded first. */
export function UserMenu() {
	const session = useSession();
	const list = useRef<HTMLDivElement>(null);
	const id = useId();
	if (session === null) return null;
	return (
		<>
			<Button
				variant="subtle"
				size="compact-sm"
				className="user"
				aria-label={`Account of ${shown(session.user)}`}
				popoverTarget={id}
				leftSection={<Icon name="access" size={16} />}
			>
				<span className="user-name">{shown(session.user)}</span>
			</Button>
			<div ref={list} id={id} popover="auto" className="user-menu">
				<Link to="/access" onClick={() => list.current?.hidePopover()}>
					Password and tokens
				</Link>
				<button type="button" onClick={() => leave(false)}>
					Log out
				</button>
				<button type="button" onClick={() => leave(true)}>
					Log out everywhere
				</button>
			</div>
		</>
	);
}
