import { accessRoutes } from "@pathkeeper/model";
import { useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { Confirm } from "../ui/confirm.tsx";
import { shown } from "../ui/shown.ts";
import { tokensQuery } from "./tokens-query.ts";
import { usersQuery } from "./users-query.ts";

/** Removes a token, after a question. */
export function RemoveToken({
	user,
	token,
	onClose,
}: {
	readonly user: string;
	readonly token: string;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	const name = shown(`${user}!${token}`);
	return (
		<Confirm
			title={`Remove token ${name}?`}
			action={`Remove ${shown(token)}`}
			keep="Keep it"
			refusal="The token is still there."
			run={() => client.call(accessRoutes.deleteToken, { userid: user, tokenid: token })}
			onDone={() => {
				void queries.invalidateQueries({ queryKey: tokensQuery(user).queryKey });
				void queries.invalidateQueries({ queryKey: usersQuery.queryKey });
			}}
			onClose={onClose}
		>
			<p>
				Every program that logs in with it is refused from now on. It cannot be restored: another token of
				this name has another secret.
			</p>
		</Confirm>
	);
}
