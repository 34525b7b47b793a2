import { roles } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { byName } from "../ui/by-name.ts";
import { type Column, List } from "../ui/list.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { shown } from "../ui/shown.ts";
import { aclQuery, type Grant } from "./acl.ts";
import { GrantRole } from "./grant-role.tsx";
import { Revoke } from "./revoke.tsx";

/** Who has which role where. */
export function RolesTab() {
	const grants = useQuery(aclQuery);
	const [revoked, setRevoked] = useState<Grant | null>(null);
	return (
		<div className="pages">
			<Panel title="Who has which role" wide>
				<Loaded answer={grants} problem="The roles could not be read.">
					{(rows) => (
						<List
							label="Roles of users and tokens"
							thing="role"
							rows={rows}
							keyOf={({ path, ugid, roleid }) => `${path} ${ugid} ${roleid}`}
							columns={grantColumns}
							actions={(grant) => (
								<RowButton
									text="Revoke"
									kind="danger"
									label={`Revoke ${grant.roleid} on ${grant.path} from ${grant.ugid}`}
									onClick={() => setRevoked(grant)}
								/>
							)}
						/>
					)}
				</Loaded>
			</Panel>
			<GrantRole />
			<Panel title="Privileges of the roles" wide>
				<List
					label="Privileges of the roles"
					thing="role"
					rows={Object.entries(roles)}
					keyOf={([name]) => name}
					columns={roleColumns}
				/>
			</Panel>
			{revoked === null ? null : <Revoke grant={revoked} onClose={() => setRevoked(null)} />}
		</div>
	);
}

const grantColumns: readonly Column<Grant>[] = [
	{
		head: "Where",
		cell: ({ path, propagate }) => (
			<>
				<code>{shown(path)}</code>
				{propagate === 1 ? <span className="more"> and below</span> : ""}
			</>
		),
		compare: (a, b) => byName(a.path, b.path),
	},
	{
		head: "User or token",
		cell: ({ ugid }) => shown(ugid),
		compare: (a, b) => byName(a.ugid, b.ugid),
	},
	{
		head: "Role",
		cell: ({ roleid }) => shown(roleid),
		compare: (a, b) => byName(a.roleid, b.roleid),
	},
];

const roleColumns: readonly Column<readonly [string, readonly string[]]>[] = [
	{ head: "Role", cell: ([name]) => name },
	{
		head: "Privileges",
		cell: ([, privileges]) =>
			privileges.length === 0 ? "none, also none that would be inherited" : privileges.join(", "),
	},
];
