import { storageRoutes } from "@pathkeeper/model";
import { useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../api/fields-of.ts";
import { OrderDialog } from "../tasks/order-dialog.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { shown } from "../ui/shown.ts";
import { useRefresh } from "./storage-queries.ts";
import type { VolumeDialog } from "./volume-work.ts";

/** Renames a volume. */
export function RenameVolume({ storage, volume, node, onClose }: VolumeDialog) {
	const refresh = useRefresh();
	const volname = volume.volid.slice(storage.length + 1);
	const [name, setName] = useState("");
	const wanted = name.trim();
	const renaming = useOrder(node, async (reference) => {
		const renamed = await client.call(storageRoutes.renameVolume, {
			node,
			storage,
			volume: volname,
			name: wanted,
			reference,
		});
		refresh();
		return renamed;
	});
	return (
		<OrderDialog
			title={`Rename ${shown(volname)}`}
			node={node}
			order={renaming}
			doneText={(renamed) => `The new name is ${shown(renamed)}.`}
			onEnded={refresh}
			onClose={onClose}
		>
			<Form onSubmit={() => renaming.mutate()}>
				<p>
					Guests and programs that use the old name no longer find it. While a node uses it, nothing is
					changed.
				</p>
				<TextField
					label="New name"
					description={
						volume.vmid === undefined
							? "Name in the storage"
							: `It stays with its guest: vm-${volume.vmid}-, then letters, digits and -._`
					}
					value={name}
					hasFocus
					error={fieldsOf(renaming.error)["name"]}
					onChange={setName}
				/>
				<FormEnd
					refusal={`${shown(volname)} keeps its name.`}
					error={renaming.error}
					isBusy={renaming.isPending}
					progress={`${shown(node)} works on it …`}
					action="Rename"
					canSubmit={wanted !== ""}
					onCancel={onClose}
				/>
			</Form>
		</OrderDialog>
	);
}
