import { storageRoutes } from "@pathkeeper/model";
import { useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { Confirm } from "../ui/confirm.tsx";
import { shown } from "../ui/shown.ts";
import type { StorageAnswer } from "./answers.ts";
import { storagesQuery } from "./storage-queries.ts";

/** Removes a storage from the configuration, after a question; refused while another storage is built on it. */
export function RemoveStorage({
	storage: { storage, digest },
	onRemoved = () => undefined,
	onClose,
}: {
	readonly storage: StorageAnswer;
	readonly onRemoved?: () => void;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	const name = shown(storage);
	const readAgain = () => void queries.invalidateQueries({ queryKey: storagesQuery.queryKey });
	return (
		<Confirm
			title={`Remove storage ${name}?`}
			action={`Remove ${name}`}
			keep="Keep it"
			refusal={`${name} stays.`}
			// Also after a refusal: the next try needs the digest of now.
			run={() => client.call(storageRoutes.removeStorage, { storage, digest }).finally(readAgain)}
			onDone={onRemoved}
			onClose={onClose}
		>
			<p>
				It is removed from the configuration of every node, and its volumes can no longer be used through it.
				Its contents are not touched: volumes, volume group and files stay where they are, and are available
				again when it is added again.
			</p>
		</Confirm>
	);
}
