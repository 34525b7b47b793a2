import { accessRoutes } from "@pathkeeper/model";
import { useState } from "react";
import { client } from "../api/client.ts";
import { PasswordField, TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import { useChange } from "./use-change.ts";
import { usersQuery } from "./users-query.ts";

const empty = { name: "", password: "", comment: "", own: "" };

/** Adds a user, who has no role yet. */
export function NewUser() {
	const [typed, setTyped] = useState(empty);
	const { name, password, comment, own } = typed;
	const put = (field: keyof typeof empty) => (value: string) =>
		setTyped((before) => ({ ...before, [field]: value }));
	const adding = useChange(
		usersQuery.queryKey,
		() =>
			client.call(accessRoutes.createUser, {
				userid: name.includes("@") ? name : `${name}@local`,
				...(password === "" ? {} : { password, "confirmation-password": own }),
				...(comment === "" ? {} : { comment }),
			}),
		() => setTyped(empty),
	);
	return (
		<Panel title="New user">
			<Form onSubmit={() => adding.mutate()}>
				<div className="row-of">
					<TextField label="Name" description="such as jane@local" value={name} onChange={put("name")} />
					<PasswordField
						label="Password of the user"
						description="without one, only tokens can log in"
						autoComplete="new-password"
						value={password}
						onChange={put("password")}
					/>
					<TextField
						label="Comment"
						description="a note for administrators"
						spellCheck
						value={comment}
						onChange={put("comment")}
					/>
					{password === "" ? null : (
						<PasswordField
							label="Your own password"
							description="to confirm that it is you"
							autoComplete="current-password"
							value={own}
							onChange={put("own")}
						/>
					)}
				</div>
				<p className="hint">A new user can do nothing until a role is granted under Roles.</p>
				<FormEnd
					refusal="The user was not added."
					error={adding.error}
					isBusy={adding.isPending}
					action="Add user"
					canSubmit={name !== "" && (password === "" || own !== "")}
				/>
			</Form>
		</Panel>
	);
}
