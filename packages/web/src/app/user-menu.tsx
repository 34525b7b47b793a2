import { useNavigate } from "@tanstack/react-router";
import { setSession } from "../session/session.ts";
import { useSession } from "../session/use-session.ts";
import { Icon } from "../ui/icons.tsx";
import { Button, Menu, useScheme, useSchemeChoice } from "../ui/kit.ts";
import { shown } from "../ui/words.ts";

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

export function UserMenu() {
	const session = useSession();
	const navigate = useNavigate();
	if (session === null) return null;
	return (
		<Menu position="bottom-end" width={220}>
			<Menu.Target>
				<Button
					variant="subtle"
					size="compact-sm"
					className="user"
					leftSection={<Icon name="access" size={16} />}
				>
					<span className="user-name">{shown(session.user)}</span>
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Item onClick={() => void navigate({ to: "/access" })}>Password and tokens</Menu.Item>
				<Menu.Item onClick={() => setSession(null)}>Log out</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}
