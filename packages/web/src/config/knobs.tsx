import { type Keyword, keyOfKeyword } from "@pathkeeper/model";
import type { changeOf } from "../review/draft.ts";
import { KnobField } from "./knob-field.tsx";

/** Fields for settings of multipath-tools. */
export function Knobs({
	keywords,
	textOf,
	change,
	readOnly = false,
	errorOf,
	onChange,
}: {
	readonly keywords: readonly Keyword[];
	/** What is typed or stored, by key; empty: not set. */
	readonly textOf: (key: string) => string;
	/** Settings that differ from what is stored are marked. */
	readonly change: ReturnType<typeof changeOf>;
	readonly readOnly?: boolean;
	readonly errorOf: (key: string) => string | undefined;
	readonly onChange: (key: string, value: string) => void;
}) {
	return (
		<div className="knobs">
			{keywords.map((keyword) => {
				const key = keyOfKeyword(keyword);
				return (
					<KnobField
						key={key}
						keyword={keyword}
						value={textOf(key)}
						isChanged={key in change.set || change.delete.includes(key)}
						readOnly={readOnly}
						error={errorOf(key)}
						onChange={(value) => onChange(key, value)}
					/>
				);
			})}
		</div>
	);
}
