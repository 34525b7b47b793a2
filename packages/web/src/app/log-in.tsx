import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { logIn } from "../api/client.ts";
import { PasswordField, TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { Button } from "../ui/kit.ts";
import { Problem } from "../ui/problem.tsx";
import "./log-in.css";

/** The page before the log-in. */
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
					first start, or is in the file <code>first-administrator</code> in the state folder of the server.
					To set a new one, run on the server: <code>pathkeeper user passwd root@local</code>
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
	return (
		<Form onSubmit={() => entering.mutate()}>
			<TextField label="User" value={name} readOnly={isFixed} autoComplete="username" onChange={setName} />
			<PasswordField
				label="Password"
				value={password}
				autoComplete="current-password"
				hasFocus
				autoFocus
				onChange={setPassword}
			/>
			<Problem what="You are not logged in." error={entering.error} />
			<Button type="submit" loading={entering.isPending} disabled={password === ""}>
				Log in
			</Button>
		</Form>
	);
}
