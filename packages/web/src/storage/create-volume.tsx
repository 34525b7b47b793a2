import { sizeText, storageRoutes } from "@pathkeeper/model";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../config/draft.ts";
import { OrderDialog } from "../tasks/order-dialog.tsx";
import { OrderEnd } from "../tasks/order-end.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { TextInput } from "../ui/kit.ts";
import { shown } from "../ui/words.ts";
import { NodeChoice } from "./node-choice.tsx";
import { mibOf, noSize, SizeField } from "./size-field.tsx";
import type { OnNode } from "./standing.ts";
import { useRefresh } from "./storage-queries.ts";

/** Makes a volume on a node, and follows the task that does it. */
export function CreateVolume({
	storage,
	nodes,
	places,
	onClose,
}: {
	readonly storage: string;
	/** Nodes that have the storage active. */
	readonly nodes: readonly string[];
	readonly places: readonly OnNode[];
	readonly onClose: () => void;
}) {
	const refresh = useRefresh();
	const [node, setNode] = useState(nodes[0] ?? "");
	const [guest, setGuest] = useState("");
	const [name, setName] = useState("");
	const [size, setSize] = useState(noSize);
	const mib = mibOf(size);
	const making = useOrder(node, async (reference) => {
		const made = await client.call(storageRoutes.allocVolume, {
			node,
			storage,
			vmid: Number(guest),
			filename: name.trim(),
			size: `${mib}M`,
			reference,
		});
		refresh();
		return made;
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		making.mutate();
	};
	const place = places.find((one) => one.node === node);
	const free = place?.kind === "active" ? place.total - place.used : null;
	const isGuest = /^[1-9]\d{2,8}$/.test(guest);
	const fields = fieldsOf(making.error);
	return (
		<OrderDialog
			title={`Create a volume in ${shown(storage)}`}
			node={node}
			order={making}
			doneText={(made) => `Volume ${shown(made)} is made.`}
			onEnded={refresh}
			onClose={onClose}
		>
			<form className="stack" onSubmit={submit}>
				<NodeChoice label="Node that makes it" nodes={nodes} value={node} onChange={setNode} />
				<TextInput
					label="Guest"
					description="Number of the guest that it is for, 100 to 999999999"
					value={guest}
					inputMode="numeric"
					data-autofocus
					error={fields["vmid"] ?? (guest === "" || isGuest ? undefined : "That is no number of a guest.")}
					onChange={(event) => setGuest(event.currentTarget.value)}
				/>
				<SizeField
					label="Size"
					description={free === null ? "How large it is" : `${sizeText(free)} are free`}
					value={size}
					error={fields["size"]}
					onChange={setSize}
				/>
				<TextInput
					label="Name"
					description={`Without one, the first free one is taken, such as vm-${isGuest ? guest : "100"}-disk-0`}
					value={name}
					spellCheck={false}
					error={fields["filename"]}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<OrderEnd
					node={node}
					order={making}
					refusal="No volume was made."
					action="Create"
					canOrder={isGuest && mib !== null}
					onClose={onClose}
				/>
			</form>
		</OrderDialog>
	);
}
