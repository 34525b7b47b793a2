import { accessRoutes, roles } from "@pathkeeper/model";
import { useState } from "react";
import { client } from "../api/client.ts";
import { SelectField, TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import { aclChange, aclQuery } from "./acl.ts";
import { useChange } from "./use-change.ts";

/** Grants a role to a user or token. */
export function GrantRole() {
	const [path, setPath] = useState("/");
	const [who, setWho] = useState("");
	const [role, setRole] = useState("Auditor");
	const granting = useChange(aclQuery.queryKey, () =>
		client.call(
			accessRoutes.updateAcl,
			aclChange({ path, ugid: who, roleid: role, type: who.includes("!") ? "token" : "user" }),
		),
	);
	return (
		<Panel title="Grant a role">
			<Form onSubmit={() => granting.mutate()}>
				<div className="row-of">
					<TextField
						label="Where"
						description="/, /nodes/NAME or /storage/ID"
						value={path}
						onChange={setPath}
					/>
					<TextField
						label="User or token"
						description="jane@local, jane@local!script"
						value={who}
						onChange={setWho}
					/>
					<SelectField
						label="Role"
						description="its privileges are listed below"
						value={role}
						onChange={setRole}
						data={Object.keys(roles)}
					/>
				</div>
				<FormEnd
					refusal="The role was not granted."
					error={granting.error}
					isBusy={granting.isPending}
					action="Grant"
					canSubmit={who !== ""}
				/>
			</Form>
		</Panel>
	);
}
