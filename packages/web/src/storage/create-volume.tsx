import { sizeText, storageRoutes } from "@pathkeeper/model";
import { useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../api/fields-of.ts";
import { OrderDialog } from "../tasks/order-dialog.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { shown } from "../ui/shown.ts";
import { NodeChoice } from "./node-choice.tsx";
import { mibOf, noSize, SizeField } from "./size-field.tsx";
import { useRefresh } from "./storage-queries.ts";
import type { StorageOnNode } from "./storage-state.ts";

/** Creates a volume on a node, and follows the task that does it. */
export function CreateVolume({
	storage,
	nodes,
	states,
	onClose,
}: {
	readonly storage: string;
	/** Nodes that have the storage active. */
	readonly nodes: readonly string[];
	readonly states: readonly StorageOnNode[];
	readonly onClose: () => void;
}) {
	const refresh = useRefresh();
	const [node, setNode] = useState(nodes[0] ?? "");
	const [guest, setGuest] = useState("");
	const [name, setName] = useState("");
	const [size, setSize] = useState(noSize);
	const creating = useCreation({ storage, node, guest, name, mib: mibOf(size), refresh });
	const isGuest = guestPattern.test(guest);
	const fields = fieldsOf(creating.error);
	return (
		<OrderDialog
			title={`Create a volume in ${shown(storage)}`}
			node={node}
			order={creating}
			doneText={(volume) => `Volume ${shown(volume)} was created.`}
			onEnded={refresh}
			onClose={onClose}
		>
			<Form onSubmit={() => creating.mutate()}>
				<NodeChoice label="Node" nodes={nodes} value={node} onChange={setNode} />
				<GuestField value={guest} error={fields["vmid"]} onChange={setGuest} />
				<SizeField
					label="Size"
					description={freeText(states.find((one) => one.node === node))}
					value={size}
					error={fields["size"]}
					onChange={setSize}
				/>
				<TextField
					label="Name"
					description={`Without one, the first free one is used, such as vm-${isGuest ? guest : "100"}-disk-0`}
					value={name}
					error={fields["filename"]}
					onChange={setName}
				/>
				<FormEnd
					refusal="The volume was not created."
					error={creating.error}
					isBusy={creating.isPending}
					progress={`${shown(node)} works on it …`}
					action="Create"
					canSubmit={isGuest && mibOf(size) !== null}
					onCancel={onClose}
				/>
			</Form>
		</OrderDialog>
	);
}

function useCreation({
	storage,
	node,
	guest,
	name,
	mib,
	refresh,
}: {
	readonly storage: string;
	readonly node: string;
	readonly guest: string;
	readonly name: string;
	/** Null: no size is typed. */
	readonly mib: number | null;
	readonly refresh: () => void;
}) {
	return useOrder(node, async (reference) => {
		const volume = await client.call(storageRoutes.allocVolume, {
			node,
			storage,
			vmid: Number(guest),
			filename: name.trim(),
			size: `${mib}M`,
			reference,
		});
		refresh();
		return volume;
	});
}

/** Numbers of guests, as Proxmox VE has them. */
const guestPattern = /^[1-9]\d{2,8}$/;

function GuestField({
	value,
	error,
	onChange,
}: {
	readonly value: string;
	readonly error: string | undefined;
	readonly onChange: (value: string) => void;
}) {
	const isValid = value === "" || guestPattern.test(value);
	return (
		<TextField
			label="Guest"
			description="Number of the guest that it is for, 100 to 999999999"
			value={value}
			inputMode="numeric"
			hasFocus
			error={error ?? (isValid ? undefined : "This is not a guest number.")}
			onChange={onChange}
		/>
	);
}

function freeText(state: StorageOnNode | undefined): string {
	return state?.kind === "active" ? `${sizeText(state.total - state.used)} free` : "Size of the volume";
}
