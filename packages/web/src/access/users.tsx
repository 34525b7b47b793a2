import { accessRoutes } from "@pathkeeper/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { useSession } from "../session/use-session.ts";
import { ActionsMenu } from "../ui/actions-menu.tsx";
import { byName } from "../ui/by-name.ts";
import { counted } from "../ui/counted.ts";
import { Dialog } from "../ui/dialog.tsx";
import { type Column, List } from "../ui/list.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import { doWithUndo } from "../ui/undo.tsx";
import { AskAboutUser, type UserQuestion } from "./ask-about-user.tsx";
import { expiryText } from "./expiry.ts";
import { NewUser } from "./new-user.tsx";
import { Tokens } from "./tokens.tsx";
import { type User, usersQuery } from "./users-query.ts";

/** All users, with their tokens. */
export function Users() {
	const users = useQuery(usersQuery);
	const [tokensOf, setTokensOf] = useState<string | null>(null);
	const [question, setQuestion] = useState<UserQuestion | null>(null);
	const { readAgain, setEnabled } = useUserChanges();
	return (
		<div className="pages">
			<Panel title="Users" wide>
				<Loaded answer={users} problem="The users could not be read.">
					{(rows) => (
						<List
							label="Table of users"
							thing="user"
							rows={rows}
							keyOf={({ userid }) => userid}
							columns={columnsOf(setTokensOf)}
							actions={(user) => (
								<UserActions
									user={user}
									onEnable={() => enable(user, setEnabled)}
									onAsk={(what) => setQuestion({ what, user })}
								/>
							)}
						/>
					)}
				</Loaded>
			</Panel>
			<NewUser />
			{tokensOf === null ? null : (
				<Dialog onClose={() => setTokensOf(null)} size="lg" title="Tokens">
					<Tokens user={tokensOf} />
				</Dialog>
			)}
			{question === null ? null : (
				<AskAboutUser
					{...question}
					run={() =>
						question.what === "disable"
							? setEnabled(question.user, false)
							: client.call(accessRoutes.deleteUser, { userid: question.user.userid })
					}
					onDone={readAgain}
					onClose={() => setQuestion(null)}
				/>
			)}
		</div>
	);
}

type SetEnabled = (user: User, isEnabled: boolean) => Promise<void>;

function useUserChanges(): { readonly readAgain: () => void; readonly setEnabled: SetEnabled } {
	const queries = useQueryClient();
	const readAgain = () => void queries.invalidateQueries({ queryKey: usersQuery.queryKey });
	return {
		readAgain,
		setEnabled: async ({ userid }, isEnabled) => {
			await client.call(accessRoutes.putUser, { userid, enable: isEnabled ? 1 : 0 });
			readAgain();
		},
	};
}

function enable(user: User, setEnabled: SetEnabled): void {
	const name = shown(user.userid);
	void doWithUndo(() => setEnabled(user, true), {
		text: `${name} is enabled: it can log in, and its tokens work.`,
		refusal: `${name} stays disabled.`,
		undo: () => setEnabled(user, false),
	});
}

function columnsOf(onTokens: (userid: string) => void): readonly Column<User>[] {
	return [
		{
			head: "User",
			cell: ({ userid }) => shown(userid),
			compare: (a, b) => byName(a.userid, b.userid),
		},
		{
			head: "State",
			cell: ({ enable: isEnabled }) =>
				isEnabled === 1 ? (
					<StateWord state="optimal" word="enabled" />
				) : (
					<StateWord state="unmanaged" word="disabled" />
				),
		},
		{ head: "Expires", cell: ({ expire }) => expiryText(expire) },
		{
			head: "Tokens",
			cell: ({ userid, tokens }) => (
				<RowButton
					text={tokens === undefined ? "tokens" : counted(tokens.length, "token")}
					onClick={() => onTokens(userid)}
				/>
			),
		},
		{ head: "Comment", cell: ({ comment }) => shown(comment ?? "") },
	];
}

function UserActions({
	user: { userid, enable: isEnabled },
	onEnable,
	onAsk,
}: {
	readonly user: User;
	readonly onEnable: () => void;
	readonly onAsk: (what: UserQuestion["what"]) => void;
}) {
	const session = useSession();
	if (userid === session?.user) return <span className="hint">you</span>;
	return (
		<ActionsMenu
			label={`More for ${shown(userid)}`}
			actions={[
				isEnabled === 1
					? { value: "disable", text: "Disable", isDanger: true }
					: { value: "enable", text: "Enable" },
				{ value: "remove", text: "Remove", isDanger: true },
			]}
			onChoose={(what) => (what === "enable" ? onEnable() : onAsk(what))}
		/>
	);
}
