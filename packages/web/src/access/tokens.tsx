import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { type Column, List } from "../ui/list.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { shown } from "../ui/shown.ts";
import { expiryText } from "./expiry.ts";
import { NewToken } from "./new-token.tsx";
import { RemoveToken } from "./remove-token.tsx";
import { type Token, tokensQuery } from "./tokens-query.ts";

/** Tokens that programs log in with on behalf of a user. */
export function Tokens({ user }: { readonly user: string }) {
	const tokens = useQuery(tokensQuery(user));
	const [removed, setRemoved] = useState<string | null>(null);
	return (
		<Panel title={`API tokens of ${shown(user)}`}>
			<div className="stack">
				<Loaded answer={tokens} problem="The tokens could not be read.">
					{(rows) => (
						<List
							label="API tokens"
							thing="token"
							rows={rows}
							keyOf={({ tokenid }) => tokenid}
							columns={columns}
							empty={<EmptyPlace place="noToken">the form below creates one</EmptyPlace>}
							actions={({ tokenid }) => (
								<RowButton
									text="Remove"
									kind="danger"
									label={`Remove token ${tokenid}`}
									onClick={() => setRemoved(tokenid)}
								/>
							)}
						/>
					)}
				</Loaded>
				<NewToken user={user} />
			</div>
			{removed === null ? null : <RemoveToken user={user} token={removed} onClose={() => setRemoved(null)} />}
		</Panel>
	);
}

const columns: readonly Column<Token>[] = [
	{
		head: "Token",
		cell: ({ tokenid, comment }) => (
			<>
				{shown(tokenid)} {comment === undefined ? null : <span className="more">{shown(comment)}</span>}
			</>
		),
	},
	{
		head: "Privileges",
		cell: ({ privsep }) => (privsep === 1 ? "its own, at most the user's" : "the user's"),
	},
	{ head: "Expires", cell: ({ expire }) => expiryText(expire) },
];
