import { propertyOf, type StorageType } from "@pathkeeper/model";
import { useFleet } from "../live/fleet-context.tsx";
import { NodesChoice } from "../nodes/nodes-choice.tsx";
import type { Draft } from "../review/draft.ts";
import { MoreSettings } from "../ui/more-settings.tsx";
import type { StorageAnswer } from "./answers.ts";
import { BaseChoice } from "./base-choice.tsx";
import { ContentChoice } from "./content-choice.tsx";
import { PropertyField } from "./property-field.tsx";

/** Few set these; they are under "More settings". */
const rare = new Set(["saferemove-stepsize", "saferemove_throughput", "tagged_only", "bwlimit"]);
/** These have a field of their own kind. */
const special = new Set(["nodes", "content", "base"]);

interface StorageFieldsProps {
	readonly type: StorageType;
	readonly isNew: boolean;
	readonly stored: readonly StorageAnswer[];
	/** As stored. */
	readonly values: ReadonlyMap<string, string>;
	readonly draft: Draft;
	/** What is wrong, by property. */
	readonly fields: Readonly<Record<string, string>>;
	readonly onDraft: (change: (before: Draft) => Draft) => void;
}

/** A field for every property of the type; what is fixed can only be set for a new storage. */
export function StorageFields({ stored, ...form }: StorageFieldsProps) {
	const { picture } = useFleet();
	const { type, values, draft, fields, onDraft } = form;
	const put = (changes: Draft) => onDraft((before) => ({ ...before, ...changes }));
	const textOf = (name: string) => draft[name] ?? values.get(name) ?? "";
	const names = namesOf(form);
	const plain = names.filter((name) => !special.has(name));
	const properties = (some: readonly string[]) =>
		some.map((name) => (
			<Property
				key={name}
				type={type}
				name={name}
				value={textOf(name)}
				error={fields[name]}
				onChange={(value) => put({ [name]: value })}
			/>
		));
	const rareNames = plain.filter((name) => rare.has(name));
	return (
		<>
			{names.includes("base") ? (
				<BaseChoice
					stored={stored}
					group={textOf("vgname")}
					base={textOf("base")}
					error={fields["base"]}
					onChoose={(base) => put({ base, shared: base === "" ? "" : "1" })}
					onGroup={(vgname) => put({ vgname })}
				/>
			) : null}
			{properties(plain.filter((name) => !rare.has(name)))}
			<ContentChoice
				type={type}
				value={textOf("content")}
				error={fields["content"]}
				onChange={(content) => put({ content })}
			/>
			<NodesChoice
				legend="Nodes that use it (none chosen: all)"
				known={picture.nodes.map(({ node }) => node)}
				value={textOf("nodes")}
				onChange={(nodes) => put({ nodes })}
			/>
			{rareNames.length === 0 ? null : (
				<MoreSettings summary="More settings" isOpen={rareNames.some((name) => values.has(name))}>
					<div className="stack">{properties(rareNames)}</div>
				</MoreSettings>
			)}
		</>
	);
}

/** The properties that can be set, required ones first. */
function namesOf({ type, isNew }: Pick<StorageFieldsProps, "type" | "isNew">): readonly string[] {
	return Object.entries(type.options)
		.filter(([, option]) => isNew || option.fixed !== true)
		.toSorted(([, a], [, b]) => Number(a.optional === true) - Number(b.optional === true))
		.map(([name]) => name);
}

function Property({
	type,
	name,
	value,
	error,
	onChange,
}: {
	readonly type: StorageType;
	readonly name: string;
	readonly value: string;
	readonly error: string | undefined;
	readonly onChange: (value: string) => void;
}) {
	const property = propertyOf(type, name);
	if (property === null) return null;
	return (
		<PropertyField
			name={name}
			property={property}
			isNeeded={type.options[name]?.optional !== true}
			value={value}
			error={error}
			onChange={onChange}
		/>
	);
}
