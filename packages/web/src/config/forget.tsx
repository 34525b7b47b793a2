import { messageOf, multipathRoutes } from "@pathkeeper/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import type { ConfigAnswer } from "../api/queries.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button, Checkbox } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/words.ts";

/** Gives up a LUN; what keeps it is told in plain words. */
export function Forget({
	lun,
	digest,
	onClose,
}: {
	readonly lun: ConfigAnswer["luns"][number];
	readonly digest: string;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	const [force, setForce] = useState(false);
	const name = shown(lun.alias ?? lun.wwid);
	const forgetting = useMutation({
		mutationFn: () =>
			client.call(multipathRoutes.forgetLun, {
				wwid: lun.wwid,
				digest,
				...(force ? { force: 1 as const } : {}),
			}),
		onSuccess: () => void queries.invalidateQueries({ queryKey: ["config"] }),
	});
	const { data, error } = forgetting;
	return (
		<Dialog onClose={onClose} title={`Forget ${name}`} size="lg">
			<div className="stack">
				{data === undefined ? (
					<p>
						Its maps are removed on every node, then it leaves the allow-list. The data on it are not touched.
						While anything stands on it, on any node, nothing is changed.
					</p>
				) : (
					<Notice
						kind={data.verified === 1 ? "good" : "warning"}
						title={
							data.verified === 1
								? `${name} is forgotten.`
								: `${name} is off the list; not every node has confirmed it yet.`
						}
					>
						<ul>
							{data.log.map((line) => (
								<li key={line}>{shown(line)}</li>
							))}
						</ul>
					</Notice>
				)}
				{error === null ? null : (
					<Notice kind="error" title={`${name} stays.`}>
						<p>{messageOf(error)}</p>
						<p>Stop what stands on it there, then try again. Nothing was changed.</p>
					</Notice>
				)}
				{error === null || data !== undefined ? null : (
					<Checkbox
						label="Leave out nodes that cannot be asked"
						description="They may still use it. A map that is open is never removed."
						checked={force}
						onChange={(event) => setForce(event.currentTarget.checked)}
					/>
				)}
				<div className="row-of end">
					<Button variant="default" data-autofocus onClick={onClose}>
						{data === undefined ? "Keep it" : "Close"}
					</Button>
					{data === undefined ? (
						<Button color="red" loading={forgetting.isPending} onClick={() => forgetting.mutate()}>
							Forget {name}
						</Button>
					) : null}
				</div>
			</div>
		</Dialog>
	);
}
