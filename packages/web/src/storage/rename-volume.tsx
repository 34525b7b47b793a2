import { storageRoutes } from "@pathkeeper/model";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../config/draft.ts";
import { OrderDialog } from "../tasks/order-dialog.tsx";
import { OrderEnd } from "../tasks/order-end.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { TextInput } from "../ui/kit.ts";
import { shown } from "../ui/words.ts";
import { useRefresh } from "./storage-queries.ts";
import type { VolumeDialog } from "./volume-work.ts";

/** Gives a volume another name. */
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
	const submit = (event: FormEvent) => {
		event.preventDefault();
		renaming.mutate();
	};
	return (
		<OrderDialog
			title={`Rename ${shown(volname)}`}
			node={node}
			order={renaming}
			doneText={(renamed) => `It is ${shown(renamed)} now.`}
			onEnded={refresh}
			onClose={onClose}
		>
			<form className="stack" onSubmit={submit}>
				<p>
					Whoever knows it by its old name does not find it any more. While a node uses it, nothing is
					changed.
				</p>
				<TextInput
					label="New name"
					description={
						volume.vmid === undefined
							? "Name in its storage"
							: `Its guest stays: vm-${volume.vmid}-, then letters, digits and -._`
					}
					value={name}
					spellCheck={false}
					data-autofocus
					error={fieldsOf(renaming.error)["name"]}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<OrderEnd
					node={node}
					order={renaming}
					refusal={`${shown(volname)} keeps its name.`}
					action="Rename"
					canOrder={wanted !== ""}
					onClose={onClose}
				/>
			</form>
		</OrderDialog>
	);
}
