import { clusterRoutes, messageOf } from "@pathkeeper/model";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { removalQuery } from "../api/queries.ts";
import { Ago } from "../ui/age.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Button, TextInput } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { counted, shown } from "../ui/words.ts";

const mostNamed = 20;

/** Takes a node out of the fleet whose host is gone: what was in use there is shown, and its name is typed first. */
export function RemoveNode({ node, onClose }: { readonly node: string; readonly onClose: () => void }) {
	const navigate = useNavigate();
	const name = shown(node);
	const [typed, setTyped] = useState("");
	const { data, error } = useQuery(removalQuery(node));
	const removing = useMutation({
		mutationFn: () => client.call(clusterRoutes.removeNode, { node, confirm: typed }),
		onSuccess: () => void navigate({ to: "/" }),
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		removing.mutate();
	};
	return (
		<Dialog onClose={onClose} title={`Remove node ${name}?`} size="lg">
			<form className="stack" onSubmit={submit}>
				<p>
					For a host that is off for good. It leaves the fleet with its last report, is no more counted for
					any LUN, and is not asked any more before a LUN or volume is removed. If its agent starts again, it
					joins as new.
				</p>
				{error === null ? null : <Problem what="What it used could not be read." error={error} />}
				{data === undefined || data.uses.length === 0 ? null : (
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
				{data === undefined || data.uses.length > 0 ? null : (
					<p>Nothing was in use there when it was last heard.</p>
				)}
				{data === undefined || data.named.length === 0 ? null : (
					<Notice kind="warning" title="Still meant for this node by name:">
						<p>{data.named.map(shown).join(", ")}</p>
					</Notice>
				)}
				<TextInput
					label={`Type ${name} to confirm`}
					value={typed}
					spellCheck={false}
					autoComplete="off"
					data-autofocus
					onChange={(event) => setTyped(event.currentTarget.value)}
				/>
				{removing.error === null ? null : (
					<Notice kind="error" title={`${name} stays.`}>
						<p>{messageOf(removing.error)}</p>
						<p>Nothing was changed.</p>
					</Notice>
				)}
				<div className="row-of end">
					<Button variant="default" onClick={onClose}>
						Keep it
					</Button>
					<Button
						type="submit"
						color="red"
						disabled={typed !== node || data === undefined}
						loading={removing.isPending}
					>
						Remove {name}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
