import { accessRoutes } from "@pathkeeper/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, logIn } from "../api/client.ts";
import { CheckField, PasswordField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Tokens } from "./tokens.tsx";
import { tokensQuery } from "./tokens-query.ts";

/** The password and tokens of the user who is logged in. */
export function MyAccess({ user }: { readonly user: string }) {
	return (
		<div className="pages side-by-side">
			<ChangePassword user={user} />
			<Tokens user={user} />
		</div>
	);
}

interface Passwords {
	readonly now: string;
	readonly next: string;
	readonly again: string;
	readonly dropsTokens: boolean;
}

const empty: Passwords = { now: "", next: "", again: "", dropsTokens: false };

function ChangePassword({ user }: { readonly user: string }) {
	const [typed, setTyped] = useState(empty);
	const { now, next, again, dropsTokens } = typed;
	const put =
		<Name extends keyof Passwords>(name: Name) =>
		(value: Passwords[Name]) =>
			setTyped((before) => ({ ...before, [name]: value }));
	const changing = usePasswordChange(user, typed, () => setTyped(empty));
	const differs = again !== "" && again !== next;
	return (
		<Panel title="Change my password">
			<Form onSubmit={() => changing.mutate()}>
				<PasswordField
					label="Current password"
					autoComplete="current-password"
					value={now}
					onChange={put("now")}
				/>
				<PasswordField
					label="New password"
					description="At least 8 characters; ends all your other sessions"
					autoComplete="new-password"
					value={next}
					onChange={put("next")}
				/>
				<PasswordField
					label="New password again"
					autoComplete="new-password"
					value={again}
					error={differs ? "The passwords differ." : undefined}
					onChange={put("again")}
				/>
				<CheckField
					label="Also remove my API tokens"
					description="if another person may have known the password; programs that use the tokens stop working"
					value={dropsTokens}
					onChange={put("dropsTokens")}
				/>
				{changing.isSuccess ? <Notice kind="good">The password was changed.</Notice> : null}
				<FormEnd
					refusal="The password was not changed."
					error={changing.error}
					isBusy={changing.isPending}
					action="Change password"
					canSubmit={now !== "" && next.length >= 8 && again === next}
				/>
			</Form>
		</Panel>
	);
}

function usePasswordChange(user: string, { now, next, dropsTokens }: Passwords, onDone: () => void) {
	const queries = useQueryClient();
	return useMutation({
		mutationFn: async () => {
			await client.call(accessRoutes.changePassword, {
				userid: user,
				password: next,
				"confirmation-password": now,
				...(dropsTokens ? { "drop-tokens": 1 } : {}),
			});
			// The sessions of the old password have ended.
			await logIn(user, next);
		},
		onSuccess: () => {
			onDone();
			void queries.invalidateQueries({ queryKey: tokensQuery(user).queryKey });
		},
	});
}
