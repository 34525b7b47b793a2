import { storageRoutes } from "@pathkeeper/model";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { OrderDialog } from "../tasks/order-dialog.tsx";
import { OrderEnd } from "../tasks/order-end.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { shown } from "../ui/words.ts";
import { NodeChoice } from "./node-choice.tsx";
import { useRefresh } from "./storage-queries.ts";
import type { VolumeDialog } from "./volume-work.ts";

const works = {
	activate: {
		route: storageRoutes.activateVolume,
		title: "Activate",
		text: "The node gets a device for it. On a LUN that several nodes see, only one of them may write to a volume at a time; that another one does is not prevented here.",
		done: "is active",
		refusal: "was not activated",
	},
	deactivate: {
		route: storageRoutes.deactivateVolume,
		title: "Deactivate",
		text: "Its device leaves the node. The volume and what is on it stay. While something on the node has it open, nothing is changed.",
		done: "is not active any more",
		refusal: "stays active",
	},
} as const;

/** Makes a volume usable on a node, or takes it from there. */
export function UseVolume({
	storage,
	volume,
	node: teller,
	nodes,
	work,
	onClose,
}: VolumeDialog & { readonly work: keyof typeof works }) {
	const refresh = useRefresh();
	const name = shown(volume.volid.slice(storage.length + 1));
	const [node, setNode] = useState(teller);
	const { route, title, text, done, refusal } = works[work];
	const order = useOrder(node, async (reference) => {
		await client.call(route, { node, storage, volume: volume.volid.slice(storage.length + 1), reference });
		refresh();
		return null;
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		order.mutate();
	};
	return (
		<OrderDialog
			title={`${title} ${name}`}
			node={node}
			order={order}
			doneText={() => `${name} ${done} on ${shown(node)}.`}
			onEnded={refresh}
			onClose={onClose}
		>
			<form className="stack" onSubmit={submit}>
				<p>{text}</p>
				<NodeChoice label="Node" nodes={nodes} value={node} hasFocus onChange={setNode} />
				<OrderEnd
					node={node}
					order={order}
					refusal={`${name} ${refusal} on ${shown(node)}.`}
					action={title}
					canOrder
					onClose={onClose}
				/>
			</form>
		</OrderDialog>
	);
}
