import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { logIn } from "../api/client.ts";
import { Button, PasswordInput, TextInput } from "../ui/kit.ts";
import { Problem } from "../ui/problem.tsx";

/** What a stranger sees. */
export function LogIn() {
	return (
		<main className="log-in">
			<div className="card">
				<h1>
					<img src="/mark.svg" alt="" width="36" height="36" /> Pathkeeper
				</h1>
				<p>Every path to every LUN of your servers, in one view.</p>
				<LogInForm user="root@local" isFixed={false} />
				<p className="hint">
					The first administrator is <code>root@local</code>; the password was shown on the terminal at the
					first start, or lies in <code>first-administrator</code> in the state folder of the server. Lost it?
					On the server: <code>pathkeeper user passwd root@local</code>
				</p>
			</div>
		</main>
	);
}

/** Asks for a password, and for the user unless that is fixed. */
export function LogInForm({
	user,
	isFixed,
	onDone = () => undefined,
}: {
	readonly user: string;
	readonly isFixed: boolean;
	readonly onDone?: () => void;
}) {
	const [name, setName] = useState(user);
	const [password, setPassword] = useState("");
	const entering = useMutation({ mutationFn: () => logIn(name, password), onSuccess: onDone });
	const submit = (event: FormEvent) => {
		event.preventDefault();
		entering.mutate();
	};
	return (
		<form onSubmit={submit} className="stack">
			<TextInput
				label="User"
				value={name}
				readOnly={isFixed}
				autoComplete="username"
				onChange={(event) => setName(event.currentTarget.value)}
			/>
			<PasswordInput
				label="Password"
				value={password}
				autoComplete="current-password"
				data-autofocus
				autoFocus
				onChange={(event) => setPassword(event.currentTarget.value)}
			/>
			{entering.isError ? <Problem what="You are not logged in." error={entering.error} /> : null}
			<Button type="submit" loading={entering.isPending} disabled={password === ""}>
				Log in
			</Button>
		</form>
	);
}
