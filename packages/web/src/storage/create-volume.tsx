import { sizeText, storageRoutes } from "@pathkeeper/model";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { fieldsOf } from "../config/draft.ts";
import { FollowTask } from "../tasks/follow-task.tsx";
import { useOrder } from "../tasks/use-order.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button, Loader, NativeSelect, TextInput } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/words.ts";
import type { OnNode } from "./standing.ts";

/** What one of each is, in MiB. */
const units = { MiB: 1, GiB: 1024, TiB: 1024 * 1024 } as const;
type Unit = keyof typeof units;

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
	const queries = useQueryClient();
	const [node, setNode] = useState(nodes[0] ?? "");
	const [guest, setGuest] = useState("");
	const [name, setName] = useState("");
	const [size, setSize] = useState("");
	const [unit, setUnit] = useState<Unit>("GiB");
	const refresh = () => void queries.invalidateQueries({ queryKey: ["node"] });
	const mib = Math.round(Number(size.replace(",", ".")) * units[unit]);
	const making = useOrder(node, "imgalloc", async () => {
		const made = await client.call(storageRoutes.allocVolume, {
			node,
			storage,
			vmid: Number(guest),
			filename: name.trim(),
			size: `${mib}M`,
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
	const isSize = Number.isSafeInteger(mib) && mib >= 1;
	const fields = fieldsOf(making.error);
	if (making.data !== undefined)
		return (
			<Dialog onClose={onClose} title={`Create a volume in ${shown(storage)}`}>
				<div className="stack">
					<Notice kind="good" title={`Volume ${shown(making.data)} is made.`} />
					{making.upid === null ? null : <FollowTask node={node} upid={making.upid} />}
					<div className="row-of end">
						<Button data-autofocus onClick={onClose}>
							Done
						</Button>
					</div>
				</div>
			</Dialog>
		);
	if (making.upid !== null)
		return (
			<Dialog onClose={onClose} title={`Create a volume in ${shown(storage)}`}>
				<div className="stack">
					<FollowTask node={node} upid={making.upid} onEnded={refresh} />
					<div className="row-of end">
						{making.isPending ? null : (
							<Button variant="default" onClick={making.reset}>
								Back
							</Button>
						)}
						<Button onClick={onClose}>{making.isPending ? "Close; it goes on" : "Close"}</Button>
					</div>
				</div>
			</Dialog>
		);
	return (
		<Dialog onClose={onClose} title={`Create a volume in ${shown(storage)}`}>
			<form className="stack" onSubmit={submit}>
				<NativeSelect
					label="Node that makes it"
					value={node}
					onChange={(event) => setNode(event.currentTarget.value)}
					data={nodes.map((one) => ({ value: one, label: shown(one) }))}
				/>
				<TextInput
					label="Guest"
					description="Number of the guest that it is for, 100 to 999999999"
					value={guest}
					inputMode="numeric"
					data-autofocus
					error={fields["vmid"] ?? (guest === "" || isGuest ? undefined : "That is no number of a guest.")}
					onChange={(event) => setGuest(event.currentTarget.value)}
				/>
				<div className="size-field">
					<TextInput
						label="Size"
						description={free === null ? "How large it is" : `${sizeText(free)} are free`}
						value={size}
						inputMode="decimal"
						error={fields["size"] ?? (size === "" || isSize ? undefined : "That is no size.")}
						onChange={(event) => setSize(event.currentTarget.value)}
					/>
					<NativeSelect
						aria-label="Unit of the size"
						value={unit}
						onChange={(event) => setUnit(unitOf(event.currentTarget.value))}
						data={Object.keys(units)}
					/>
				</div>
				<TextInput
					label="Name"
					description={`Without one, the first free one is taken, such as vm-${isGuest ? guest : "100"}-disk-0`}
					value={name}
					spellCheck={false}
					error={fields["filename"]}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				{making.isPending ? (
					<p className="row-of" role="status">
						<Loader size="sm" /> {shown(node)} makes it …
					</p>
				) : null}
				{making.error === null ? null : <Problem what="No volume was made." error={making.error} unchanged />}
				<div className="row-of end">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" disabled={!isGuest || !isSize || making.isPending}>
						Create
					</Button>
				</div>
			</form>
		</Dialog>
	);
}

function unitOf(text: string): Unit {
	return text === "MiB" || text === "TiB" ? text : "GiB";
}
