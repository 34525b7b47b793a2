import { useState } from "react";
import { useRight, useSession } from "../session/use-session.ts";
import "../ui/tabs.css";
import { Audit } from "./audit.tsx";
import { MyAccess } from "./my-access.tsx";
import { RolesTab } from "./roles-tab.tsx";
import { Users } from "./users.tsx";

const tabs = [
	["mine", "Mine"],
	["users", "Users and tokens"],
	["roles", "Roles"],
	["audit", "Audit"],
] as const;

/** Users, roles and the audit; without the privilege, only one's own access. */
export function AccessPage() {
	const session = useSession();
	const mayModify = useRight("Permissions.Modify");
	const [tab, setTab] = useState<(typeof tabs)[number][0]>(mayModify ? "users" : "mine");
	if (session === null) return null;
	return (
		<>
			<header className="page-head">
				<h1>{mayModify ? "Access" : "My access"}</h1>
				{mayModify ? (
					<div className="tabs">
						{tabs.map(([name, text]) => (
							<button
								key={name}
								type="button"
								className={name === tab ? "tab at" : "tab"}
								aria-pressed={name === tab}
								onClick={() => setTab(name)}
							>
								{text}
							</button>
						))}
					</div>
				) : null}
			</header>
			{tab === "mine" ? <MyAccess user={session.user} /> : null}
			{tab === "users" ? <Users /> : null}
			{tab === "roles" ? <RolesTab /> : null}
			{tab === "audit" ? <Audit /> : null}
		</>
	);
}
