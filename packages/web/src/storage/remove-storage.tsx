import { storageRoutes } from "@pathkeeper/model";
import { useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { Confirm } from "../ui/confirm.tsx";
import { shown } from "../ui/words.ts";
import type { StorageAnswer } from "./answers.ts";
import { storagesQuery } from "./storage-queries.ts";

/** Takes a storage out of the configuration. What another storage stands on stays. */
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
				It leaves the configuration, on every node, and nothing can use its volumes through it any more. What
				it holds is not touched: its volumes, its volume group and its files stay where they are, and are back
				when it is added again.
			</p>
		</Confirm>
	);
}
