import { allowLun, keyOfKeyword, lunProperties, multipathRoutes, updateLun } from "@pathkeeper/model";
import { type FormEvent, useMemo, useState } from "react";
import { client } from "../api/client.ts";
import type { ConfigAnswer } from "../api/queries.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextInput } from "../ui/kit.ts";
import { ReviewEnd } from "../ui/review-end.tsx";
import { shown } from "../ui/words.ts";
import type { Change } from "./change.ts";
import { changeOf, type Draft, fieldsOf, textsOf } from "./draft.ts";
import { KnobField } from "./knob-field.tsx";
import { NodesChoice } from "./nodes-choice.tsx";
import { topicsOf } from "./topics.ts";

const topics = topicsOf("multipaths");

/** Allows a LUN, or changes what is set for one that is allowed. */
export function LunForm({
	config,
	wwid: given,
	onClose,
	onReview,
}: {
	readonly config: ConfigAnswer;
	/** Null: it is typed. */
	readonly wwid: string | null;
	readonly onClose: () => void;
	readonly onReview: (change: Change, done: () => void) => void;
}) {
	const { picture } = useFleet();
	const known = config.luns.find((lun) => lun.wwid === given);
	const stored = useMemo(() => textsOf(known), [known]);
	const [typed, setTyped] = useState("");
	const [draft, setDraft] = useState<Draft>({});
	const [error, setError] = useState<unknown>(null);
	const wwid = (given ?? typed).trim();
	const isNew = known === undefined;
	const textOf = (key: string) => draft[key] ?? stored.get(key) ?? "";
	const put = (key: string) => (value: string) => setDraft((before) => ({ ...before, [key]: value }));
	const change = changeOf(draft, stored);
	const fields = fieldsOf(error);
	const proposal = (base: ConfigAnswer) => ({
		text: isNew ? allowLun(base.text, wwid, change.set) : updateLun(base.text, wwid, change),
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		try {
			proposal(config);
		} catch (problem) {
			setError(problem);
			return;
		}
		setError(null);
		const { "expected-paths": expected, ...texts } = change.set;
		const set = { ...texts, ...(expected === undefined ? {} : { "expected-paths": Number(expected) }) };
		onReview(
			{
				title: isNew
					? `Allow ${shown(textOf("alias") || wwid)}`
					: `Change ${shown(stored.get("alias") ?? wwid)}`,
				document: "text",
				proposal,
				save: (base) =>
					isNew
						? client.call(multipathRoutes.allowLun, { wwid, ...set, digest: base.digest })
						: client.call(multipathRoutes.putLun, {
								wwid,
								...set,
								delete: change.delete.join(","),
								digest: base.digest,
							}),
			},
			onClose,
		);
	};
	const hasChange = isNew ? wwid !== "" : Object.keys(change.set).length + change.delete.length > 0;
	const field = (key: string, label: string, description: string) => (
		<TextInput
			label={label}
			description={description}
			value={textOf(key)}
			spellCheck={false}
			error={fields[key]}
			onChange={(event) => put(key)(event.currentTarget.value)}
		/>
	);
	return (
		<Dialog
			onClose={onClose}
			size="lg"
			title={isNew ? "Allow a LUN" : `Change ${shown(stored.get("alias") ?? wwid)}`}
		>
			<form className="stack" onSubmit={submit}>
				{given === null ? (
					<TextInput
						label="WWID"
						description="As udev gives it (ID_SERIAL); the nodes need not see the LUN yet"
						value={typed}
						spellCheck={false}
						error={fields["wwid"]}
						data-autofocus
						onChange={(event) => setTyped(event.currentTarget.value)}
					/>
				) : (
					<p>
						WWID <code>{shown(given)}</code>
					</p>
				)}
				{field("alias", "Alias", "Name of its map on every node; without one the map is named by its WWID")}
				{field("comment", "Comment", "For people")}
				{field("expected-paths", "Expected paths", "Without it: as many as the node that sees most")}
				<NodesChoice
					legend="Nodes that carry it (none chosen: all)"
					known={picture.nodes.map(({ node }) => node)}
					value={textOf("nodes")}
					onChange={put("nodes")}
				/>
				<details
					className="more-settings"
					open={[...stored.keys()].some(
						(key) => key !== "wwid" && !lunProperties.some((name) => name === key),
					)}
				>
					<summary>Settings of multipath-tools for this LUN alone</summary>
					{topics.map(({ name, keywords }) => (
						<section key={name}>
							<h3>{name}</h3>
							<div className="knobs">
								{keywords.map((keyword) => {
									const key = keyOfKeyword(keyword);
									return (
										<KnobField
											key={key}
											keyword={keyword}
											value={textOf(key)}
											isChanged={key in change.set || change.delete.includes(key)}
											error={fields[key]}
											onChange={put(key)}
										/>
									);
								})}
							</div>
						</section>
					))}
				</details>
				<ReviewEnd error={error} canReview={hasChange} onClose={onClose} />
			</form>
		</Dialog>
	);
}
