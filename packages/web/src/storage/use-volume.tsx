import { storageRoutes } from "@pathkeeper/model";
import { useState } from "react";
import { client } from "../api/client.ts";
import { OrderDialog } from "../tasks/order-dialog.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { shown } from "../ui/shown.ts";
import { NodeChoice } from "./node-choice.tsx";
import { useRefresh } from "./storage-queries.ts";
import type { VolumeDialog } from "./volume-work.ts";

const works = {
	activate: {
		route: storageRoutes.activateVolume,
		title: "Activate",
		text: "The node gets a device for it. If several nodes see the LUN, only one of them may write to a volume at a time. This does not prevent another node from writing.",
		done: "is active",
		refusal: "was not activated",
	},
	deactivate: {
		route: storageRoutes.deactivateVolume,
		title: "Deactivate",
		text: "Its device is removed from the node. The volume and its data stay. While something on the node has it open, nothing is changed.",
		done: "is no longer active",
		refusal: "stays active",
	},
} as const;

/** Activates a volume on a node, or deactivates it there. */
export function UseVolume({
	storage,
	volume,
	node: reporter,
	nodes,
	work,
	onClose,
}: VolumeDialog & { readonly work: keyof typeof works }) {
	const refresh = useRefresh();
	const name = shown(volume.volid.slice(storage.length + 1));
	const [node, setNode] = useState(reporter);
	const { route, title, text, done, refusal } = works[work];
	const order = useOrder(node, async (reference) => {
		await client.call(route, { node, storage, volume: volume.volid.slice(storage.length + 1), reference });
		refresh();
		return null;
	});
	return (
		<OrderDialog
			title={`${title} ${name}`}
			node={node}
			order={order}
			doneText={() => `${name} ${done} on ${shown(node)}.`}
			onEnded={refresh}
			onClose={onClose}
		>
			<Form onSubmit={() => order.mutate()}>
				<p>{text}</p>
				<NodeChoice label="Node" nodes={nodes} value={node} hasFocus onChange={setNode} />
				<FormEnd
					refusal={`${name} ${refusal} on ${shown(node)}.`}
					error={order.error}
					isBusy={order.isPending}
					progress={`${shown(node)} works on it …`}
					action={title}
					onCancel={onClose}
				/>
			</Form>
		</OrderDialog>
	);
}
