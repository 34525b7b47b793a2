import { sizeText, storageRoutes } from "@pathkeeper/model";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../config/draft.ts";
import { OrderDialog } from "../tasks/order-dialog.tsx";
import { OrderEnd } from "../tasks/order-end.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { shown } from "../ui/words.ts";
import { NodeChoice } from "./node-choice.tsx";
import { mibOf, noSize, SizeField } from "./size-field.tsx";
import { useRefresh } from "./storage-queries.ts";
import type { VolumeDialog } from "./volume-work.ts";

const bytesOfMib = 1024 ** 2;

/** Makes a volume larger. It never gets smaller. */
export function GrowVolume({ storage, volume, node: teller, nodes, onClose }: VolumeDialog) {
	const refresh = useRefresh();
	const volname = volume.volid.slice(storage.length + 1);
	const [node, setNode] = useState(teller);
	const [size, setSize] = useState(noSize);
	const mib = mibOf(size);
	const isLarger = mib !== null && mib * bytesOfMib > volume.size;
	const growing = useOrder(node, async (reference) => {
		await client.call(storageRoutes.resizeVolume, {
			node,
			storage,
			volume: volname,
			size: `${mib}M`,
			reference,
		});
		refresh();
		return null;
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		growing.mutate();
	};
	return (
		<OrderDialog
			title={`Grow ${shown(volname)}`}
			node={node}
			order={growing}
			doneText={() => `${shown(volname)} is grown.`}
			onEnded={refresh}
			onClose={onClose}
		>
			<form className="stack" onSubmit={submit}>
				<p>
					Where it is in use, choose that node: any other would leave its user with the old size, and is
					refused. What is on the volume does not grow by itself.
				</p>
				<NodeChoice label="Node that grows it" nodes={nodes} value={node} onChange={setNode} />
				<SizeField
					label="New size"
					description={`It has ${sizeText(volume.size)}; LVM rounds up to whole extents`}
					value={size}
					hasFocus
					error={
						fieldsOf(growing.error)["size"] ??
						(mib === null || isLarger ? undefined : `It has ${sizeText(volume.size)} already.`)
					}
					onChange={setSize}
				/>
				<OrderEnd
					node={node}
					order={growing}
					refusal={`${shown(volname)} keeps its size.`}
					action="Grow"
					canOrder={isLarger}
					onClose={onClose}
				/>
			</form>
		</OrderDialog>
	);
}
