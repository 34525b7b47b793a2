import { sizeText, storageRoutes } from "@pathkeeper/model";
import { client } from "../api/client.ts";
import { FollowTask } from "../tasks/follow-task.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";
import { useRefresh } from "./storage-queries.ts";
import type { VolumeDialog } from "./volume-work.ts";

/** Removes a volume with its data: its name is typed first, every node is asked, and the task is followed. */
export function FreeVolume({ storage, node, volume, onClose }: VolumeDialog) {
	const refresh = useRefresh();
	const volname = volume.volid.slice(storage.length + 1);
	const name = shown(volname);
	return (
		<Confirm
			title={`Remove volume ${name}?`}
			action={`Remove ${name}`}
			keep="Keep it"
			typed={name}
			refusal={`${name} stays.`}
			force={{
				label: "Leave out nodes that cannot be asked",
				description: "They may still use it. A volume that a node reports as used is never removed.",
			}}
			run={(isForced) =>
				client.call(storageRoutes.freeVolume, {
					node,
					storage,
					volume: volname,
					...(isForced ? { force: 1 as const } : {}),
				})
			}
			onDone={refresh}
			result={(upid) =>
				upid === null ? (
					<Notice kind="good" title={`${name} was removed.`} />
				) : (
					<FollowTask node={node} upid={upid} onEnded={refresh} />
				)
			}
			onClose={onClose}
		>
			<p>
				{sizeText(volume.size)}
				{volume.vmid === undefined ? "" : ` of guest ${volume.vmid}`}. Its data is lost for good. While any
				node uses it, nothing is changed.
			</p>
		</Confirm>
	);
}
