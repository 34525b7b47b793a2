import { accessRoutes } from "@pathkeeper/model";
import { useState } from "react";
import { client } from "../api/client.ts";
import { CheckField, PasswordField, TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Notice } from "../ui/notice.tsx";
import { tokensQuery } from "./tokens-query.ts";
import { useChange } from "./use-change.ts";

const empty = { name: "", comment: "", password: "" };

/** Adds a token to a user, and shows its secret once. */
export function NewToken({ user }: { readonly user: string }) {
	const [typed, setTyped] = useState(empty);
	const [isSeparate, setSeparate] = useState(true);
	const { name, comment, password } = typed;
	const put = (field: keyof typeof empty) => (value: string) =>
		setTyped((before) => ({ ...before, [field]: value }));
	const adding = useChange(
		tokensQuery(user).queryKey,
		() =>
			client.call(accessRoutes.createToken, {
				userid: user,
				tokenid: name,
				privsep: isSeparate ? 1 : 0,
				"confirmation-password": password,
				...(comment === "" ? {} : { comment }),
			}),
		() => setTyped(empty),
	);
	return (
		<Form onSubmit={() => adding.mutate()}>
			{adding.data === undefined ? null : (
				<Notice kind="good" title="The secret is shown this once.">
					<p>
						<code>
							PVEAPIToken={adding.data["full-tokenid"]}={adding.data.value}
						</code>
					</p>
				</Notice>
			)}
			<div className="row-of">
				<TextField label="Name of a new token" value={name} onChange={put("name")} />
				<TextField label="Comment" spellCheck value={comment} onChange={put("comment")} />
				<PasswordField
					label="Your own password"
					autoComplete="current-password"
					value={password}
					onChange={put("password")}
				/>
			</div>
			<CheckField
				label="Separate privileges"
				description="The token can do nothing until a role is granted to it; otherwise it can do what the user can"
				value={isSeparate}
				onChange={setSeparate}
			/>
			<FormEnd
				refusal="The token was not added."
				error={adding.error}
				isBusy={adding.isPending}
				action="Add token"
				kind="plain"
				canSubmit={name !== "" && password !== ""}
			/>
		</Form>
	);
}
