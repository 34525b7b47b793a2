import { clusterRoutes } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { client } from "../api/client.ts";
import { removalQuery } from "../api/queries.ts";
import { Ago } from "../ui/age.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { counted, shown } from "../ui/words.ts";

const mostNamed = 20;

/** Takes a node out of the fleet whose host is gone: what was in use there is shown, and its name is typed first. */
export function RemoveNode({ node, onClose }: { readonly node: string; readonly onClose: () => void }) {
	const navigate = useNavigate();
	const name = shown(node);
	const { data, error } = useQuery(removalQuery(node));
	// Nobody decides this without knowing what the node used.
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
				For a host that is off for good. It leaves the fleet with its last report, is no longer counted for
				any LUN, and is no longer asked before a LUN or volume is removed. If its agent starts again, it joins
				as new.
			</p>
			{data.uses.length === 0 ? (
				<p>Nothing was in use there when it was last heard.</p>
			) : (
				<Notice kind="warning" title="If this host is only cut off, it still uses this:">
					<ul>
						{data.uses.slice(0, mostNamed).map((use) => (
							<li key={use}>{shown(use)}</li>
						))}
						{data.uses.length > mostNamed ? (
							<li>and {counted(data.uses.length - mostNamed, "more")}</li>
						) : null}
					</ul>
					{data.reported === null ? null : (
						<p>
							As it reported <Ago at={data.reported} />.
						</p>
					)}
				</Notice>
			)}
			{data.named.length === 0 ? null : (
				<Notice kind="warning" title="Still meant for this node by name:">
					<p>{data.named.map(shown).join(", ")}</p>
				</Notice>
			)}
		</Confirm>
	);
}
