import { accessRoutes, type ResultOf, roles } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
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
	const changing = useChange(
		key,
		({ entry, isGone }: { readonly entry: Omit<Entry, "propagate">; readonly isGone: boolean }) =>
			client.call(accessRoutes.updateAcl, {
				path: entry.path,
				roles: entry.roleid,
				...(entry.type === "token" ? { tokens: entry.ugid } : { users: entry.ugid }),
				...(isGone ? { delete: 1 as const } : {}),
			}),
	);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		changing.mutate({
			entry: { path, ugid: who, roleid: role, type: who.includes("!") ? "token" : "user" },
			isGone: false,
		});
	};
	return (
		<div className="pages">
			<Panel title="Who has which role" wide>
				<Problem what="The roles could not be read." error={error} />
				<Problem what="The roles are as before." error={changing.error} unchanged />
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
											aria-label={`Take ${entry.roleid} on ${entry.path} from ${entry.ugid}`}
											onClick={() => changing.mutate({ entry, isGone: true })}
										>
											Take away
										</Button>
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</Scroll>
			</Panel>
			<Panel title="Give a role">
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
						description="what each may do stands below"
						value={role}
						onChange={(event) => setRole(event.currentTarget.value)}
						data={Object.keys(roles)}
					/>
					<Button type="submit" disabled={who === ""} loading={changing.isPending}>
						Give
					</Button>
				</form>
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
		</div>
	);
}
