import { accessRoutes, type ResultOf } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { useSession } from "../session/use-session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button, PasswordInput, TextInput } from "../ui/kit.ts";
import { Panel, Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { counted, shown } from "../ui/words.ts";
import { expiryText } from "./expiry.ts";
import { Tokens } from "./tokens.tsx";
import { useChange } from "./use-change.ts";

type User = ResultOf<typeof accessRoutes.listUsers>[number];

const key = ["users"];

/** Who is known, with their tokens. */
export function Users() {
	const session = useSession();
	const { data, error } = useQuery({
		queryKey: key,
		queryFn: () => client.call(accessRoutes.listUsers, { full: 1 }),
	});
	const [tokensOf, setTokensOf] = useState<string | null>(null);
	const [removed, setRemoved] = useState<string | null>(null);
	const switching = useChange(key, ({ userid, enable }: Pick<User, "userid" | "enable">) =>
		client.call(accessRoutes.putUser, { userid, enable: enable === 1 ? 0 : 1 }),
	);
	const removing = useChange(
		key,
		(userid: string) => client.call(accessRoutes.deleteUser, { userid }),
		() => setRemoved(null),
	);
	return (
		<div className="pages">
			<Panel title="Users" wide>
				<Problem what="The users could not be read." error={error} />
				<Problem what="The user is as before." error={switching.error} unchanged />
				<Scroll label="Table of users">
					<table className="list">
						<TableHead columns={["User", "State", "Until", "Tokens", "Comment"]} hasActions />
						<tbody>
							{(data ?? []).map((user) => (
								<tr key={user.userid}>
									<td>{shown(user.userid)}</td>
									<td>
										{user.enable === 1 ? (
											<StateWord state="optimal" word="enabled" />
										) : (
											<StateWord state="unmanaged" word="disabled" />
										)}
									</td>
									<td>{expiryText(user.expire)}</td>
									<td>
										<Button size="compact-sm" variant="subtle" onClick={() => setTokensOf(user.userid)}>
											{counted(user.tokens?.length ?? 0, "token")}
										</Button>
									</td>
									<td>{shown(user.comment ?? "")}</td>
									<td className="tight">
										{user.userid === session?.user ? (
											<span className="hint">you</span>
										) : (
											<>
												<Button
													size="compact-sm"
													variant="subtle"
													aria-label={`${user.enable === 1 ? "Disable" : "Enable"} ${user.userid}`}
													onClick={() => switching.mutate(user)}
												>
													{user.enable === 1 ? "Disable" : "Enable"}
												</Button>
												<Button
													size="compact-sm"
													variant="subtle"
													color="red"
													aria-label={`Remove ${user.userid}`}
													onClick={() => setRemoved(user.userid)}
												>
													Remove
												</Button>
											</>
										)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</Scroll>
			</Panel>
			<NewUser />
			{tokensOf === null ? null : (
				<Dialog onClose={() => setTokensOf(null)} size="lg" title="Tokens">
					<Tokens user={tokensOf} />
				</Dialog>
			)}
			{removed === null ? null : (
				<Dialog onClose={() => setRemoved(null)} title={`Remove ${shown(removed)}?`}>
					<p>The user goes with all tokens and roles, and is logged out everywhere.</p>
					<Problem what="The user is still there." error={removing.error} unchanged />
					<div className="row-of end">
						<Button variant="default" data-autofocus onClick={() => setRemoved(null)}>
							Keep
						</Button>
						<Button color="red" loading={removing.isPending} onClick={() => removing.mutate(removed)}>
							Remove
						</Button>
					</div>
				</Dialog>
			)}
		</div>
	);
}

function NewUser() {
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [comment, setComment] = useState("");
	const [own, setOwn] = useState("");
	const adding = useChange(
		key,
		() =>
			client.call(accessRoutes.createUser, {
				userid: name.includes("@") ? name : `${name}@local`,
				...(password === "" ? {} : { password, "confirmation-password": own }),
				...(comment === "" ? {} : { comment }),
			}),
		() => {
			setName("");
			setPassword("");
			setComment("");
			setOwn("");
		},
	);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		adding.mutate();
	};
	return (
		<Panel title="New user">
			<form className="stack" onSubmit={submit}>
				<div className="row-of">
					<TextInput
						label="Name"
						description="such as jane@local"
						value={name}
						spellCheck={false}
						onChange={(event) => setName(event.currentTarget.value)}
					/>
					<PasswordInput
						label="Password of the user"
						description="without one, only tokens get in"
						autoComplete="new-password"
						value={password}
						onChange={(event) => setPassword(event.currentTarget.value)}
					/>
					<TextInput
						label="Comment"
						description="for people"
						value={comment}
						onChange={(event) => setComment(event.currentTarget.value)}
					/>
					{password === "" ? null : (
						<PasswordInput
							label="Your own password"
							description="so that nobody else adds users here"
							autoComplete="current-password"
							value={own}
							onChange={(event) => setOwn(event.currentTarget.value)}
						/>
					)}
				</div>
				<p className="hint">A new user may do nothing until a role is given under Roles.</p>
				<Problem what="No user was made." error={adding.error} unchanged />
				<div className="row-of end">
					<Button
						type="submit"
						loading={adding.isPending}
						disabled={name === "" || (password !== "" && own === "")}
					>
						Add user
					</Button>
				</div>
			</form>
		</Panel>
	);
}
