import { checkSetting, keyOfKeyword, multipathRoutes, setDefaults } from "@pathkeeper/model";
import { useMemo, useState } from "react";
import { client } from "../api/client.ts";
import type { ConfigAnswer } from "../api/queries.ts";
import { useRight } from "../session/use-session.ts";
import { Button, TextInput } from "../ui/kit.ts";
import { Panel } from "../ui/panel.tsx";
import { offerUndo } from "../ui/undo.tsx";
import { counted } from "../ui/words.ts";
import type { Change } from "./change.ts";
import { changeOf, type Draft, textsOf } from "./draft.ts";
import { KnobField } from "./knob-field.tsx";
import { topicsOf } from "./topics.ts";

const topics = topicsOf("defaults");

/** Settings that hold for every LUN, by topic. */
export function DefaultsTab({
	config,
	onReview,
}: {
	readonly config: ConfigAnswer;
	readonly onReview: (change: Change, done: () => void) => void;
}) {
	const mayModify = useRight("Sys.Modify");
	const [draft, setDraft] = useState<Draft>({});
	const [filter, setFilter] = useState("");
	const stored = useMemo(() => textsOf(config.defaults), [config.defaults]);
	const change = changeOf(draft, stored);
	const count = Object.keys(change.set).length + change.delete.length;
	const review = () =>
		onReview(
			{
				title: `Change ${counted(count, "default")}`,
				document: "text",
				proposal: (base) => ({ text: setDefaults(base.text, change) }),
				save: (base) =>
					client.call(multipathRoutes.putDefaults, {
						...change.set,
						delete: change.delete.join(","),
						digest: base.digest,
					}),
			},
			() => setDraft({}),
		);
	const discard = () => {
		setDraft({});
		offerUndo({
			text: `${counted(count, "change")} of the defaults discarded. Nothing was saved of it.`,
			undo: () => setDraft(draft),
		});
	};
	return (
		<div className="pages">
			<div className="bar">
				<TextInput
					aria-label="Find a setting"
					placeholder="Find a setting"
					value={filter}
					onChange={(event) => setFilter(event.currentTarget.value)}
				/>
				<span className="hint">
					{counted(stored.size, "setting")} stored; everything else is as multipath-tools has it.
				</span>
				{mayModify ? (
					<span className="row-of push">
						{count > 0 ? (
							<Button variant="default" onClick={discard}>
								Discard
							</Button>
						) : null}
						<Button disabled={count === 0} onClick={review}>
							Review {count > 0 ? counted(count, "change") : "changes"}
						</Button>
					</span>
				) : null}
			</div>
			{topics.map(({ name, keywords }) => {
				const found = keywords.filter((keyword) =>
					`${keyword.name} ${keyOfKeyword(keyword)} ${keyword.effect}`
						.toLowerCase()
						.includes(filter.toLowerCase()),
				);
				return found.length === 0 ? null : (
					<Panel key={name} title={name}>
						<div className="knobs">
							{found.map((keyword) => {
								const key = keyOfKeyword(keyword);
								const value = draft[key] ?? stored.get(key) ?? "";
								const isChanged = key in change.set || change.delete.includes(key);
								return (
									<KnobField
										key={key}
										keyword={keyword}
										value={value}
										isChanged={isChanged}
										readOnly={!mayModify}
										error={isChanged && value.trim() !== "" ? problemOf(key, value.trim()) : undefined}
										onChange={(next) => setDraft((before) => ({ ...before, [key]: next }))}
									/>
								);
							})}
						</div>
					</Panel>
				);
			})}
		</div>
	);
}

function problemOf(key: string, value: string): string | undefined {
	const checked = checkSetting("defaults", key, value);
	return checked !== null && "problem" in checked ? checked.problem : undefined;
}
