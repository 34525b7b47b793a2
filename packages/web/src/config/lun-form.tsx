import { lunProperties } from "@pathkeeper/model";
import { useMemo, useState } from "react";
import { fieldsOf } from "../api/fields-of.ts";
import type { ConfigAnswer } from "../api/queries.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { NodesChoice } from "../nodes/nodes-choice.tsx";
import { changeOf, type Draft, sizeOf } from "../review/draft.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { MoreSettings } from "../ui/more-settings.tsx";
import { shown } from "../ui/shown.ts";
import type { ReviewChange } from "./change.ts";
import { textsOf } from "./config-texts.ts";
import { Knobs } from "./knobs.tsx";
import { allowing, changingLun } from "./lun-change.ts";
import { topicsOf } from "./topics.ts";

const topics = topicsOf("multipaths");

/** Allows a LUN, or changes the settings of one that is allowed. */
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
	readonly onReview: ReviewChange;
}) {
	const { picture } = useFleet();
	const form = useLunDraft(config, given);
	const { known, error, textOf, put } = form;
	const fields = fieldsOf(error);
	return (
		<Dialog
			onClose={onClose}
			size="lg"
			title={known === undefined ? "Allow a LUN" : `Change ${shown(known.alias ?? known.wwid)}`}
		>
			<Form onSubmit={() => form.check((change) => onReview(change, onClose))}>
				{given === null ? (
					<WwidField form={form} error={fields["wwid"]} />
				) : (
					<p>
						WWID <code>{shown(given)}</code>
					</p>
				)}
				{texts.map(({ key, label, description }) => (
					<TextField
						key={key}
						label={label}
						description={description}
						value={textOf(key)}
						error={fields[key]}
						onChange={put(key)}
					/>
				))}
				<NodesChoice
					legend="Nodes that should have it (none chosen: all)"
					known={picture.nodes.map(({ node }) => node)}
					value={textOf("nodes")}
					onChange={put("nodes")}
				/>
				<LunKnobs form={form} fields={fields} />
				<FormEnd
					refusal="This is not valid yet."
					error={error}
					action="Review"
					canSubmit={form.hasChange}
					onCancel={onClose}
				/>
			</Form>
		</Dialog>
	);
}

function WwidField({
	form: { typed, setTyped },
	error,
}: {
	readonly form: ReturnType<typeof useLunDraft>;
	readonly error: string | undefined;
}) {
	return (
		<TextField
			label="WWID"
			description="As udev reports it (ID_SERIAL); the nodes do not have to see the LUN yet"
			value={typed}
			error={error}
			hasFocus
			onChange={setTyped}
		/>
	);
}

const texts = [
	{
		key: "alias",
		label: "Alias",
		description: "Name of its map on every node; without one, the map is named after the WWID",
	},
	{ key: "comment", label: "Comment", description: "A note for administrators" },
	{
		key: "expected-paths",
		label: "Expected paths",
		description: "Without it: as many as the node that sees the most",
	},
] as const;

function LunKnobs({
	form: { stored, textOf, change, put },
	fields,
}: {
	readonly form: ReturnType<typeof useLunDraft>;
	readonly fields: Readonly<Record<string, string>>;
}) {
	const isSet = [...stored.keys()].some(
		(key) => key !== "wwid" && !lunProperties.some((name) => name === key),
	);
	return (
		<MoreSettings summary="multipath-tools settings for this LUN alone" isOpen={isSet}>
			{topics.map(({ name, keywords }) => (
				<section key={name}>
					<h3>{name}</h3>
					<Knobs
						keywords={keywords}
						textOf={textOf}
						change={change}
						errorOf={(key) => fields[key]}
						onChange={(key, value) => put(key)(value)}
					/>
				</section>
			))}
		</MoreSettings>
	);
}

/** What was typed into the form, and the change that it makes. */
function useLunDraft(config: ConfigAnswer, given: string | null) {
	const known = config.luns.find((lun) => lun.wwid === given);
	const stored = useMemo(() => textsOf(known), [known]);
	const [typed, setTyped] = useState("");
	const [draft, setDraft] = useState<Draft>({});
	const [error, setError] = useState<unknown>(null);
	const wwid = (given ?? typed).trim();
	const change = changeOf(draft, stored);
	/** Calls `use` with the change when it is valid on top of what is stored now. */
	const check = (use: (change: ReturnType<typeof allowing>) => void) => {
		const proposed = known === undefined ? allowing(wwid, change) : changingLun(known, change);
		try {
			proposed.proposal(config);
		} catch (problem) {
			setError(problem);
			return;
		}
		setError(null);
		use(proposed);
	};
	return {
		...{ known, stored, typed, setTyped, change, error, check },
		hasChange: known === undefined ? wwid !== "" : sizeOf(change) > 0,
		textOf: (key: string) => draft[key] ?? stored.get(key) ?? "",
		put: (key: string) => (value: string) => setDraft((before) => ({ ...before, [key]: value })),
	};
}
