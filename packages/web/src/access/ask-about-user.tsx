import { Confirm } from "../ui/confirm.tsx";
import { shown } from "../ui/shown.ts";
import type { User } from "./users-query.ts";

const questions = {
	disable: {
		title: "Disable",
		refusal: "stays enabled.",
		text: "The user is logged out everywhere and cannot log in until enabled again. Roles stay.",
		tokens: "Until then these tokens are refused, with every program that uses them:",
	},
	remove: {
		title: "Remove",
		refusal: "is still there.",
		text: "The user is logged out everywhere and loses all roles. A new user of this name starts without any.",
		tokens: "These tokens are removed for good, with every program that uses them:",
	},
} as const;

export interface UserQuestion {
	readonly what: keyof typeof questions;
	readonly user: User;
}

/** What stops working, before a user is locked out. */
export function AskAboutUser({
	what,
	user: { userid, tokens = [] },
	run,
	onDone,
	onClose,
}: UserQuestion & {
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
