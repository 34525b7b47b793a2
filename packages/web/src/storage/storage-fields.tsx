import { propertyOf, type StorageType } from "@pathkeeper/model";
import type { Draft } from "../config/draft.ts";
import { NodesChoice } from "../config/nodes-choice.tsx";
import { useFleet } from "../live/fleet-context.tsx";
import type { StorageAnswer } from "./answers.ts";
import { BaseChoice } from "./base-choice.tsx";
import { ContentChoice } from "./content-choice.tsx";
import { PropertyField } from "./property-field.tsx";

/** Looked at by few; what most set stands above it. */
const rare = new Set(["saferemove-stepsize", "saferemove_throughput", "tagged_only", "bwlimit"]);
/** These have a field of their own kind. */
const special = new Set(["nodes", "content", "base"]);

/** A field for every property that the type takes; what is fixed can only be given to a new storage. */
export function StorageFields({
	type,
	isNew,
	stored,
	values,
	draft,
	fields,
	onDraft,
}: {
	readonly type: StorageType;
	readonly isNew: boolean;
	readonly stored: readonly StorageAnswer[];
	/** As stored. */
	readonly values: ReadonlyMap<string, string>;
	readonly draft: Draft;
	/** What is wrong, by property. */
	readonly fields: Readonly<Record<string, string>>;
	readonly onDraft: (change: (before: Draft) => Draft) => void;
}) {
	const { picture } = useFleet();
	const put = (changes: Draft) => onDraft((before) => ({ ...before, ...changes }));
	const textOf = (name: string) => draft[name] ?? values.get(name) ?? "";
	const names = Object.entries(type.options)
		.filter(([, option]) => isNew || option.fixed !== true)
		.toSorted(([, a], [, b]) => Number(a.optional === true) - Number(b.optional === true))
		.map(([name]) => name);
	const field = (name: string) => {
		const property = propertyOf(type, name);
		return property === null ? null : (
			<PropertyField
				key={name}
				name={name}
				property={property}
				isNeeded={type.options[name]?.optional !== true}
				value={textOf(name)}
				error={fields[name]}
				onChange={(value) => put({ [name]: value })}
			/>
		);
	};
	const plain = names.filter((name) => !special.has(name));
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
			{plain.filter((name) => !rare.has(name)).map(field)}
			<ContentChoice
				type={type}
				value={textOf("content")}
				error={fields["content"]}
				onChange={(content) => put({ content })}
			/>
			<NodesChoice
				legend="Nodes that have it (none chosen: all)"
				known={picture.nodes.map(({ node }) => node)}
				value={textOf("nodes")}
				onChange={(nodes) => put({ nodes })}
			/>
			{rareNames.length === 0 ? null : (
				<details className="more-settings" open={rareNames.some((name) => values.has(name))}>
					<summary>More settings</summary>
					<div className="stack">{rareNames.map(field)}</div>
				</details>
			)}
		</>
	);
}
