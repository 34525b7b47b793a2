import { messageOf, sizeText, storageRoutes } from "@pathkeeper/model";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { FollowTask } from "../tasks/follow-task.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Button, Checkbox, TextInput } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/words.ts";
import { useRefresh } from "./storage-queries.ts";
import type { VolumeDialog } from "./volume-dialogs.tsx";

/** Removes a volume with what is on it: its name is typed first, every node is asked, and the task is followed. */
export function FreeVolume({ storage, node, volume, onClose }: VolumeDialog) {
	const refresh = useRefresh();
	const volname = volume.volid.slice(storage.length + 1);
	const name = shown(volname);
	const [typed, setTyped] = useState("");
	const [force, setForce] = useState(false);
	const freeing = useMutation({
		mutationFn: () =>
			client.call(storageRoutes.freeVolume, {
				node,
				storage,
				volume: volname,
				...(force ? { force: 1 as const } : {}),
			}),
		onSuccess: refresh,
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		freeing.mutate();
	};
	if (freeing.data !== undefined)
		return (
			<Dialog onClose={onClose} title={`Remove volume ${name}`}>
				<div className="stack">
					{freeing.data === null ? (
						<Notice kind="good" title={`${name} is removed.`} />
					) : (
						<FollowTask node={node} upid={freeing.data} onEnded={refresh} />
					)}
					<div className="row-of end">
						<Button data-autofocus onClick={onClose}>
							Close
						</Button>
					</div>
				</div>
			</Dialog>
		);
	return (
		<Dialog onClose={onClose} title={`Remove volume ${name}?`}>
			<form className="stack" onSubmit={submit}>
				<p>
					{sizeText(volume.size)}
					{volume.vmid === undefined ? "" : ` of guest ${volume.vmid}`}. What is on it is gone for good. While
					any node uses it, nothing is changed.
				</p>
				<TextInput
					label={`Type ${name} to confirm`}
					value={typed}
					spellCheck={false}
					autoComplete="off"
					data-autofocus
					onChange={(event) => setTyped(event.currentTarget.value)}
				/>
				{freeing.error === null ? null : (
					<>
						<Notice kind="error" title={`${name} stays.`}>
							<p>{messageOf(freeing.error)}</p>
							<p>Nothing was changed.</p>
						</Notice>
						<Checkbox
							label="Leave out nodes that cannot be asked"
							description="They may still use it. A volume that a node says it uses is never removed."
							checked={force}
							onChange={(event) => setForce(event.currentTarget.checked)}
						/>
					</>
				)}
				<div className="row-of end">
					<Button variant="default" onClick={onClose}>
						Keep it
					</Button>
					<Button type="submit" color="red" disabled={typed !== volname} loading={freeing.isPending}>
						Remove {name}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
