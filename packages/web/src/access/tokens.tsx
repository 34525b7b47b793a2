import { accessRoutes } from "@pathkeeper/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { Confirm } from "../ui/confirm.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button, Checkbox, PasswordInput, TextInput } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { shown } from "../ui/words.ts";
import { expiryText } from "./expiry.ts";
import { useChange } from "./use-change.ts";

/** What programs log in with in the name of a user. */
export function Tokens({ user }: { readonly user: string }) {
	const key = ["tokens", user];
	const { data, error } = useQuery({
		queryKey: key,
		queryFn: () => client.call(accessRoutes.listTokens, { userid: user }),
	});
	const [name, setName] = useState("");
	const [comment, setComment] = useState("");
	const [password, setPassword] = useState("");
	const [separate, setSeparate] = useState(true);
	const adding = useChange(
		key,
		() =>
			client.call(accessRoutes.createToken, {
				userid: user,
				tokenid: name,
				privsep: separate ? 1 : 0,
				"confirmation-password": password,
				...(comment === "" ? {} : { comment }),
			}),
		() => {
			setName("");
			setComment("");
			setPassword("");
		},
	);
	const [removed, setRemoved] = useState<string | null>(null);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		adding.mutate();
	};
	return (
		<Panel title={`API tokens of ${shown(user)}`}>
			<div className="stack">
				<Problem what="The tokens could not be read." error={error} />
				{adding.data === undefined ? null : (
					<Notice kind="good" title="The secret is shown this once.">
						<p>
							<code>
								PVEAPIToken={adding.data["full-tokenid"]}={adding.data.value}
							</code>
						</p>
					</Notice>
				)}
				{data === undefined && error === null ? <p className="hint">Reading …</p> : null}
				{data?.length === 0 ? <EmptyPlace place="noToken">the form below makes one</EmptyPlace> : null}
				{data === undefined || data.length === 0 ? null : (
					<table className="list">
						<TableHead columns={["Token", "Rights", "Until"]} hasActions />
						<tbody>
							{data.map((token) => (
								<tr key={token.tokenid}>
									<td>
										{shown(token.tokenid)}{" "}
										{token.comment === undefined ? null : (
											<span className="more">{shown(token.comment)}</span>
										)}
									</td>
									<td>{token.privsep === 1 ? "its own, at most the user's" : "the user's"}</td>
									<td>{expiryText(token.expire)}</td>
									<td className="tight">
										<Button
											size="compact-sm"
											variant="subtle"
											color="red"
											aria-label={`Remove token ${token.tokenid}`}
											onClick={() => setRemoved(token.tokenid)}
										>
											Remove
										</Button>
									</td>
								</tr>
							))}
						</tbody>
					</table>
				)}
				<form className="stack" onSubmit={submit}>
					<div className="row-of">
						<TextInput
							label="Name of a new token"
							value={name}
							spellCheck={false}
							onChange={(event) => setName(event.currentTarget.value)}
						/>
						<TextInput
							label="Comment"
							value={comment}
							onChange={(event) => setComment(event.currentTarget.value)}
						/>
						<PasswordInput
							label="Your own password"
							autoComplete="current-password"
							value={password}
							onChange={(event) => setPassword(event.currentTarget.value)}
						/>
					</div>
					<Checkbox
						label="Rights of its own"
						description="It may do nothing until a role is given to it; else it may do what the user may"
						checked={separate}
						onChange={(event) => setSeparate(event.currentTarget.checked)}
					/>
					<Problem what="No token was made." error={adding.error} unchanged />
					<div className="row-of end">
						<Button
							type="submit"
							variant="default"
							loading={adding.isPending}
							disabled={name === "" || password === ""}
						>
							Add token
						</Button>
					</div>
				</form>
			</div>
			{removed === null ? null : <RemoveToken user={user} token={removed} onClose={() => setRemoved(null)} />}
		</Panel>
	);
}

function RemoveToken({
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
				void queries.invalidateQueries({ queryKey: ["tokens", user] });
				void queries.invalidateQueries({ queryKey: ["users"] });
			}}
			onClose={onClose}
		>
			<p>
				Every program that logs in with it is refused from now on. It cannot be brought back: another token of
				this name has another secret.
			</p>
		</Confirm>
	);
}
