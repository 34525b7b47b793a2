import { accessRoutes, roles } from "@pathkeeper/model";
import { useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { useSession } from "../session/use-session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { shown } from "../ui/shown.ts";
import { aclChange, aclQuery, type Grant } from "./acl.ts";

/** Revokes a role, after a question that names the privileges that go with it. */
export function Revoke({ grant, onClose }: { readonly grant: Grant; readonly onClose: () => void }) {
	const queries = useQueryClient();
	const session = useSession();
	const { path, ugid, roleid } = grant;
	const who = shown(ugid);
	const where = path === "/" ? "everywhere" : `on ${shown(path)}${grant.propagate === 1 ? " and below" : ""}`;
	const privileges = Object.entries(roles).find(([name]) => name === roleid)?.[1] ?? [];
	return (
		<Confirm
			title={`Revoke ${shown(roleid)} from ${who}?`}
			action={`Revoke ${shown(roleid)}`}
			keep="Keep it"
			refusal="The roles are unchanged."
			run={() => client.call(accessRoutes.updateAcl, { ...aclChange(grant), delete: 1 })}
			onDone={() => void queries.invalidateQueries({ queryKey: aclQuery.queryKey })}
			onClose={onClose}
		>
			<p>
				{privileges.length === 0
					? `${who} inherits privileges from above again ${where}.`
					: `${who} loses ${privileges.join(", ")} ${where}, unless another role gives the same. The tokens of a user lose them with the user.`}
			</p>
			{ugid === session?.user ? (
				<p>
					<strong>This is your own role.</strong> Without Permissions.Modify you cannot grant it to yourself
					again.
				</p>
			) : null}
		</Confirm>
	);
}
