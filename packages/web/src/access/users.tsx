import { accessRoutes, type ResultOf } from "@pathkeeper/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { useSession } from "../session/use-session.ts";
import { ActionsMenu } from "../ui/actions-menu.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Button, PasswordInput, TextInput } from "../ui/kit.ts";
import { Panel, Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { doWithUndo } from "../ui/undo.tsx";
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
	const queries = useQueryClient();
	const [asked, setAsked] = useState<{ readonly what: "disable" | "remove"; readonly user: User } | null>(
		null,
	);
	const readAgain = () => void queries.invalidateQueries({ queryKey: key });
	const setEnabled = async ({ userid }: User, isEnabled: boolean) => {
		await client.call(accessRoutes.putUser, { userid, enable: isEnabled ? 1 : 0 });
		readAgain();
	};
	const enable = (user: User) =>
		void doWithUndo(() => setEnabled(user, true), {
			text: `${shown(user.userid)} is enabled: it can log in, and its tokens work.`,
			refusal: `${shown(user.userid)} stays disabled.`,
			undo: () => setEnabled(user, false),
		});
	return (
		<div className="pages">
			<Panel title="Users" wide>
				<Problem what="The users could not be read." error={error} />
				{data === undefined && error === null ? <p className="hint">Reading …</p> : null}
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
											{user.tokens === undefined ? "tokens" : counted(user.tokens.length, "token")}
										</Button>
									</td>
									<td>{shown(user.comment ?? "")}</td>
									<td className="tight">
										{user.userid === session?.user ? (
											<span className="hint">you</span>
										) : (
											<ActionsMenu
												label={`More for ${shown(user.userid)}`}
												actions={[
													user.enable === 1
														? { value: "disable", text: "Disable", isDanger: true }
														: { value: "enable", text: "Enable" },
													{ value: "remove", text: "Remove", isDanger: true },
												]}
												onChoose={(what) => (what === "enable" ? enable(user) : setAsked({ what, user }))}
											/>
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
			{asked === null ? null : (
				<AskAboutUser
					{...asked}
					run={() =>
						asked.what === "disable"
							? setEnabled(asked.user, false)
							: client.call(accessRoutes.deleteUser, { userid: asked.user.userid })
					}
					onDone={readAgain}
					onClose={() => setAsked(null)}
				/>
			)}
		</div>
	);
}

const questions = {
	disable: {
		title: "Disable",
		refusal: "stays enabled.",
		text: "It is logged out everywhere and cannot log in until it is enabled again. Its roles stay.",
		tokens: "Until then these tokens are refused, with every program that uses them:",
	},
	remove: {
		title: "Remove",
		refusal: "is still there.",
		text: "It is logged out everywhere, and its roles go with it. A new user of this name begins without any.",
		tokens: "These tokens are gone for good, with every program that uses them:",
	},
} as const;

/** What breaks for whom, before a user is locked out. */
function AskAboutUser({
	what,
	user: { userid, tokens = [] },
	run,
	onDone,
	onClose,
}: {
	readonly what: keyof typeof questions;
	readonly user: User;
	readonly run: () => Promise<unknown>;
	readonly onDone: () => void;
	readonly onClose: () => void;
}) {
	const { title, refusal, text, tokens: about } = questions[what];
	const name = shown(userid);
	return (
		<Confirm
			title={`${title} ${name}?`}
			action={`${title} ${name}`}
			keep="Leave as it is"
			refusal={`${name} ${refusal}`}
			run={run}
			onDone={onDone}
			onClose={onClose}
		>
			<p>{text}</p>
			{tokens.length === 0 ? null : (
				<>
					<p>{about}</p>
					<ul className="reasons">
						{tokens.map(({ tokenid, comment }) => (
							<li key={tokenid}>
								{shown(tokenid)}{" "}
								{comment === undefined ? null : <span className="more">{shown(comment)}</span>}
							</li>
						))}
					</ul>
				</>
			)}
		</Confirm>
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
