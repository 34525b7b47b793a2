import { clusterRoutes } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { client } from "../api/client.ts";
import { removalQuery } from "../api/queries.ts";
import { Ago } from "../ui/age.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { counted } from "../ui/counted.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/shown.ts";

const maxNamed = 20;

/** Removes a node whose host is gone: what was in use there is shown, and its name is typed first. */
export function RemoveNode({ node, onClose }: { readonly node: string; readonly onClose: () => void }) {
	const navigate = useNavigate();
	const name = shown(node);
	const { data, error } = useQuery(removalQuery(node));
	// It cannot be confirmed before what the node used is known.
	if (data === undefined)
		return (
			<Dialog onClose={onClose} title={`Remove node ${name}?`}>
				{error === null ? <p>Reading what it used …</p> : null}
				<Problem what="What it used could not be read." error={error} unchanged />
			</Dialog>
		);
	return (
		<Confirm
			title={`Remove node ${name}?`}
			action={`Remove ${name}`}
			keep="Keep it"
			typed={node}
			refusal={`${name} stays.`}
			run={() => client.call(clusterRoutes.removeNode, { node, confirm: node })}
			onDone={() => void navigate({ to: "/" })}
			onClose={onClose}
		>
			<p>
				For a host that is off for good. It is removed from the fleet with its last report, no longer counts
				for any LUN, and is no longer asked before a LUN or volume is removed. If its agent starts again, it
				joins as a new node.
			</p>
			{data.uses.length === 0 ? (
				<p>Nothing was in use there at its last report.</p>
			) : (
				<Notice kind="warning" title="If this host is only disconnected, it still uses:">
					<ul>
						{data.uses.slice(0, maxNamed).map((use) => (
							<li key={use}>{shown(use)}</li>
						))}
						{data.uses.length > maxNamed ? <li>and {counted(data.uses.length - maxNamed, "more")}</li> : null}
					</ul>
					{data.reported === null ? null : (
						<p>
							Reported <Ago at={data.reported} />.
						</p>
					)}
				</Notice>
			)}
			{data.named.length === 0 ? null : (
				<Notice kind="warning" title="Configured for this node by name:">
					<p>{data.named.map(shown).join(", ")}</p>
				</Notice>
			)}
		</Confirm>
	);
}
