import { checkSetting, type Keyword, keyOfKeyword, multipathRoutes, setDefaults } from "@pathkeeper/model";
import { useMemo, useState } from "react";
import { client } from "../api/client.ts";
import type { ConfigAnswer } from "../api/queries.ts";
import { changeOf, type Draft, sizeOf } from "../review/draft.ts";
import { useRight } from "../session/use-session.ts";
import { counted } from "../ui/counted.ts";
import { TextField } from "../ui/fields.tsx";
import { Button } from "../ui/kit.ts";
import { Panel } from "../ui/panel.tsx";
import { offerUndo } from "../ui/undo.tsx";
import type { ConfigChange, ReviewChange } from "./change.ts";
import { textsOf } from "./config-texts.ts";
import { Knobs } from "./knobs.tsx";
import { topicsOf } from "./topics.ts";

const topics = topicsOf("defaults");

/** Settings for every LUN, by topic. */
export function DefaultsTab({
	config,
	onReview,
}: {
	readonly config: ConfigAnswer;
	readonly onReview: ReviewChange;
}) {
	const mayModify = useRight("Sys.Modify");
	const [draft, setDraft] = useState<Draft>({});
	const [filter, setFilter] = useState("");
	const stored = useMemo(() => textsOf(config.defaults), [config.defaults]);
	const change = changeOf(draft, stored);
	const count = sizeOf(change);
	const discard = () => {
		setDraft({});
		offerUndo({
			text: `${counted(count, "change")} of the defaults discarded. Nothing was saved.`,
			undo: () => setDraft(draft),
		});
	};
	return (
		<div className="pages">
			<div className="bar">
				<TextField
					aria-label="Find a setting"
					placeholder="Find a setting"
					value={filter}
					onChange={setFilter}
				/>
				<span className="hint">
					{counted(stored.size, "setting")} stored; all others have the defaults of multipath-tools.
				</span>
				{mayModify ? (
					<DraftButtons
						count={count}
						onDiscard={discard}
						onReview={() => onReview(changingDefaults(change), () => setDraft({}))}
					/>
				) : null}
			</div>
			{topics.map(({ name, keywords }) => {
				const found = keywords.filter((keyword) => textOf(keyword).includes(filter.toLowerCase()));
				return found.length === 0 ? null : (
					<Panel key={name} title={name}>
						<Knobs
							keywords={found}
							textOf={(key) => draft[key] ?? stored.get(key) ?? ""}
							change={change}
							readOnly={!mayModify}
							errorOf={(key) => problemOf(key, change.set[key])}
							onChange={(key, value) => setDraft((before) => ({ ...before, [key]: value }))}
						/>
					</Panel>
				);
			})}
		</div>
	);
}

function DraftButtons({
	count,
	onDiscard,
	onReview,
}: {
	/** Settings that are changed and not saved. */
	readonly count: number;
	readonly onDiscard: () => void;
	readonly onReview: () => void;
}) {
	return (
		<span className="row-of push">
			{count > 0 ? (
				<Button variant="default" onClick={onDiscard}>
					Discard
				</Button>
			) : null}
			<Button disabled={count === 0} onClick={onReview}>
				Review {count > 0 ? counted(count, "change") : "changes"}
			</Button>
		</span>
	);
}

function changingDefaults(change: ReturnType<typeof changeOf>): ConfigChange {
	return {
		title: `Change ${counted(sizeOf(change), "default")}`,
		document: "text",
		proposal: (base) => ({ text: setDefaults(base.text, change) }),
		save: (base) =>
			client.call(multipathRoutes.putDefaults, {
				...change.set,
				delete: change.delete.join(","),
				digest: base.digest,
			}),
	};
}

/** What the search looks through. */
function textOf(keyword: Keyword): string {
	return `${keyword.name} ${keyOfKeyword(keyword)} ${keyword.effect}`.toLowerCase();
}

/** What is wrong with a value that is set; undefined for one that is not, or that is valid. */
function problemOf(key: string, value: string | undefined): string | undefined {
	if (value === undefined) return undefined;
	const checked = checkSetting("defaults", key, value);
	return checked !== null && "problem" in checked ? checked.problem : undefined;
}
