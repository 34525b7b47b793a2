import { storageRoutes } from "@pathkeeper/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button } from "../ui/kit.ts";
import { Problem } from "../ui/problem.tsx";
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
	const removing = useMutation({
		mutationFn: () => client.call(storageRoutes.removeStorage, { storage, digest }),
		onSuccess: () => {
			onClose();
			onRemoved();
		},
		onSettled: () => queries.invalidateQueries({ queryKey: storagesQuery.queryKey }),
	});
	return (
		<Dialog onClose={onClose} title={`Remove storage ${name}?`}>
			<div className="stack">
				<p>
					It leaves the configuration, on every node. What it holds is not touched: its volumes, its volume
					group and its files stay where they are, and are back when it is added again.
				</p>
				{removing.error === null ? null : (
					<Problem what={`${name} stays.`} error={removing.error} unchanged />
				)}
				<div className="row-of end">
					<Button variant="default" data-autofocus onClick={onClose}>
						Keep it
					</Button>
					<Button color="red" loading={removing.isPending} onClick={() => removing.mutate()}>
						Remove {name}
					</Button>
				</div>
			</div>
		</Dialog>
	);
}
