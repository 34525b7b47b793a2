import { accessRoutes, type ResultOf, roles } from "@pathkeeper/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { useSession } from "../session/use-session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Button, NativeSelect, TextInput } from "../ui/kit.ts";
import { Panel, Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { shown } from "../ui/words.ts";
import { useChange } from "./use-change.ts";

type Entry = ResultOf<typeof accessRoutes.readAcl>[number];

const key = ["acl"];

/** Who has which role where. */
export function RolesTab() {
	const { data, error } = useQuery({
		queryKey: key,
		queryFn: () => client.call(accessRoutes.readAcl, {}),
	});
	const [path, setPath] = useState("/");
	const [who, setWho] = useState("");
	const [role, setRole] = useState("Auditor");
	const changing = useChange(key, () =>
		client.call(
			accessRoutes.updateAcl,
			aclChange({ path, ugid: who, roleid: role, type: who.includes("!") ? "token" : "user" }),
		),
	);
	const [revoked, setRevoked] = useState<Entry | null>(null);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		changing.mutate();
	};
	return (
		<div className="pages">
			<Panel title="Who has which role" wide>
				<Problem what="The roles could not be read." error={error} />
				{data === undefined && error === null ? <p className="hint">Reading …</p> : null}
				<Scroll label="Roles of users and tokens">
					<table className="list">
						<TableHead columns={["Where", "User or token", "Role"]} hasActions />
						<tbody>
							{(data ?? []).map((entry) => (
								<tr key={`${entry.path} ${entry.ugid} ${entry.roleid}`}>
									<td>
										<code>{shown(entry.path)}</code>
										{entry.propagate === 1 ? <span className="more"> and below</span> : ""}
									</td>
									<td>{shown(entry.ugid)}</td>
									<td>{shown(entry.roleid)}</td>
									<td className="tight">
										<Button
											size="compact-sm"
											variant="subtle"
											color="red"
											aria-label={`Revoke ${entry.roleid} on ${entry.path} from ${entry.ugid}`}
											onClick={() => setRevoked(entry)}
										>
											Revoke
										</Button>
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</Scroll>
			</Panel>
			<Panel title="Grant a role">
				<form className="row-of" onSubmit={submit}>
					<TextInput
						label="Where"
						description="/, /nodes/NAME or /storage/ID"
						value={path}
						spellCheck={false}
						onChange={(event) => setPath(event.currentTarget.value)}
					/>
					<TextInput
						label="User or token"
						description="jane@local, jane@local!script"
						value={who}
						spellCheck={false}
						onChange={(event) => setWho(event.currentTarget.value)}
					/>
					<NativeSelect
						label="Role"
						description="what each may do is listed below"
						value={role}
						onChange={(event) => setRole(event.currentTarget.value)}
						data={Object.keys(roles)}
					/>
					<Button type="submit" disabled={who === ""} loading={changing.isPending}>
						Grant
					</Button>
				</form>
				<Problem what="No role was granted." error={changing.error} unchanged />
			</Panel>
			<Panel title="What the roles may do" wide>
				<table className="list">
					<TableHead columns={["Role", "Rights"]} />
					<tbody>
						{Object.entries(roles).map(([name, rights]) => (
							<tr key={name}>
								<td>{name}</td>
								<td>{rights.length === 0 ? "none, and takes away what is inherited" : rights.join(", ")}</td>
							</tr>
						))}
					</tbody>
				</table>
			</Panel>
			{revoked === null ? null : <Revoke entry={revoked} onClose={() => setRevoked(null)} />}
		</div>
	);
}

function aclChange({ path, roleid, type, ugid }: Omit<Entry, "propagate">) {
	return { path, roles: roleid, ...(type === "token" ? { tokens: ugid } : { users: ugid }) };
}

function Revoke({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
	const queries = useQueryClient();
	const session = useSession();
	const { path, ugid, roleid } = entry;
	const who = shown(ugid);
	const where = path === "/" ? "everywhere" : `on ${shown(path)}${entry.propagate === 1 ? " and below" : ""}`;
	const rights = Object.entries(roles).find(([name]) => name === roleid)?.[1] ?? [];
	return (
		<Confirm
			title={`Revoke ${shown(roleid)} from ${who}?`}
			action={`Revoke ${shown(roleid)}`}
			keep="Keep it"
			refusal="The roles are as before."
			run={() => client.call(accessRoutes.updateAcl, { ...aclChange(entry), delete: 1 })}
			onDone={() => void queries.invalidateQueries({ queryKey: key })}
			onClose={onClose}
		>
			<p>
				{rights.length === 0
					? `${who} may do again ${where} what it inherits from above.`
					: `${who} loses ${rights.join(", ")} ${where}, unless another role gives the same. Tokens of a user lose it with the user.`}
			</p>
			{ugid === session?.user ? (
				<p>
					<strong>This is your own role.</strong> Without Permissions.Modify you cannot give it back to
					yourself.
				</p>
			) : null}
		</Confirm>
	);
}
