import { accessRoutes } from "@pathkeeper/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client, logIn } from "../api/client.ts";
import { Button, Checkbox, PasswordInput } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Tokens } from "./tokens.tsx";

/** One's own password and tokens. */
export function MyAccess({ user }: { readonly user: string }) {
	const [now, setNow] = useState("");
	const [next, setNext] = useState("");
	const [again, setAgain] = useState("");
	const [dropTokens, setDropTokens] = useState(false);
	const queries = useQueryClient();
	const changing = useMutation({
		mutationFn: async () => {
			await client.call(accessRoutes.changePassword, {
				userid: user,
				password: next,
				"confirmation-password": now,
				...(dropTokens ? { "drop-tokens": 1 } : {}),
			});
			// The sessions of the old password have ended.
			await logIn(user, next);
		},
		onSuccess: () => {
			setNow("");
			setNext("");
			setAgain("");
			setDropTokens(false);
			void queries.invalidateQueries({ queryKey: ["tokens", user] });
		},
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		changing.mutate();
	};
	const differs = again !== "" && again !== next;
	return (
		<div className="pages side-by-side">
			<Panel title="Change my password">
				<form className="stack" onSubmit={submit}>
					<PasswordInput
						label="Password now"
						autoComplete="current-password"
						value={now}
						onChange={(event) => setNow(event.currentTarget.value)}
					/>
					<PasswordInput
						label="New password"
						description="At least 8 characters; all other sessions of yours end"
						autoComplete="new-password"
						value={next}
						onChange={(event) => setNext(event.currentTarget.value)}
					/>
					<PasswordInput
						label="New password again"
						autoComplete="new-password"
						value={again}
						error={differs ? "It is not the same." : undefined}
						onChange={(event) => setAgain(event.currentTarget.value)}
					/>
					<Checkbox
						label="Remove my API tokens as well"
						description="when somebody else may have known the password; programs that use them stop working"
						checked={dropTokens}
						onChange={(event) => setDropTokens(event.currentTarget.checked)}
					/>
					{changing.error === null ? null : (
						<Problem what="The password is the old one." error={changing.error} unchanged />
					)}
					{changing.isSuccess ? <Notice kind="good">The password is changed.</Notice> : null}
					<div className="row-of end">
						<Button
							type="submit"
							loading={changing.isPending}
							disabled={now === "" || next.length < 8 || again !== next}
						>
							Change it
						</Button>
					</div>
				</form>
			</Panel>
			<Tokens user={user} />
		</div>
	);
}
