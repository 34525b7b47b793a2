import { sizeText, storageRoutes } from "@pathkeeper/model";
import { useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../api/fields-of.ts";
import { OrderDialog } from "../tasks/order-dialog.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { shown } from "../ui/shown.ts";
import { NodeChoice } from "./node-choice.tsx";
import { mibOf, noSize, SizeField } from "./size-field.tsx";
import { useRefresh } from "./storage-queries.ts";
import type { VolumeDialog } from "./volume-work.ts";

const bytesOfMib = 1024 ** 2;

/** Grows a volume. Volumes never shrink. */
export function GrowVolume({ storage, volume, node: reporter, nodes, onClose }: VolumeDialog) {
	const refresh = useRefresh();
	const volname = volume.volid.slice(storage.length + 1);
	const [node, setNode] = useState(reporter);
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
	return (
		<OrderDialog
			title={`Grow ${shown(volname)}`}
			node={node}
			order={growing}
			doneText={() => `${shown(volname)} was grown.`}
			onEnded={refresh}
			onClose={onClose}
		>
			<Form onSubmit={() => growing.mutate()}>
				<p>
					If it is in use, choose the node that uses it: on any other the guest would keep the old size, so
					that is refused. A file system on the volume has to be grown separately.
				</p>
				<NodeChoice label="Node" nodes={nodes} value={node} onChange={setNode} />
				<SizeField
					label="New size"
					description={`Now ${sizeText(volume.size)}; LVM rounds up to whole extents`}
					value={size}
					hasFocus
					error={
						fieldsOf(growing.error)["size"] ??
						(mib === null || isLarger ? undefined : `It is ${sizeText(volume.size)} already.`)
					}
					onChange={setSize}
				/>
				<FormEnd
					refusal={`${shown(volname)} keeps its size.`}
					error={growing.error}
					isBusy={growing.isPending}
					progress={`${shown(node)} works on it …`}
					action="Grow"
					canSubmit={isLarger}
					onCancel={onClose}
				/>
			</Form>
		</OrderDialog>
	);
}
