import { type ConfProblem, diffLines, lintOverrides, multipathRoutes } from "@pathkeeper/model";
import { useMemo, useRef, useState } from "react";
import { client } from "../api/client.ts";
import type { ConfigAnswer } from "../api/queries.ts";
import { Diff } from "../review/diff.tsx";
import { useRight } from "../session/use-session.ts";
import { counted } from "../ui/counted.ts";
import { Button } from "../ui/kit.ts";
import { Panel } from "../ui/panel.tsx";
import { shown } from "../ui/shown.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { offerUndo } from "../ui/undo.tsx";
import type { ConfigChange, ReviewChange } from "./change.ts";
import { ConfEditor, type EditorHandle } from "./conf-editor.tsx";

/** multipath.conf text that every node gets verbatim. */
export function OverridesTab({
	config,
	onReview,
}: {
	readonly config: ConfigAnswer;
	readonly onReview: ReviewChange;
}) {
	const mayModify = useRight("Sys.Modify");
	const { text, put, discard } = useKeptText(config.overrides);
	const [withDiff, setWithDiff] = useState(false);
	const editor = useRef<EditorHandle>(null);
	const isChanged = text !== config.overrides;
	const problems = useMemo(() => lintOverrides(text, {}), [text]);
	return (
		<div className="pages">
			<Panel
				title="multipath-overrides.conf"
				aside={
					<div className="row-of">
						<DiffButton isOn={withDiff} canShow={isChanged} onChange={setWithDiff} />
						{mayModify ? (
							<DraftButtons
								isChanged={isChanged}
								isValid={problems.every(({ severity }) => severity !== "error")}
								onDiscard={discard}
								onReview={() => onReview(replacingOverrides(text), () => put(null))}
							/>
						) : null}
					</div>
				}
			>
				<p className="hint">
					Sections <code>devices</code>, <code>overrides</code>, <code>blacklist</code> and{" "}
					<code>blacklist_exceptions</code>; every node gets them verbatim.
				</p>
				<ConfEditor ref={editor} value={text} readOnly={!mayModify} onChange={put} />
				<ProblemList
					problems={problems}
					isEmpty={text.trim() === ""}
					onGo={({ line, column }) => editor.current?.goTo(line, column)}
				/>
				{withDiff && isChanged ? (
					<Diff
						text={diffLines(config.overrides, text, { from: "stored", to: "typed" })}
						label="Your changes to what is stored"
					/>
				) : null}
			</Panel>
		</div>
	);
}

/** A text that is not saved yet is kept while other views are open. */
let kept: string | null = null;

function useKeptText(stored: string) {
	const [draft, setDraft] = useState<string | null>(kept);
	/** Null: the stored text. */
	const put = (next: string | null) => {
		kept = next === stored ? null : next;
		setDraft(kept);
	};
	const discard = () => {
		put(null);
		offerUndo({ text: "The typed text is discarded.", undo: () => put(draft) });
	};
	return { text: draft ?? stored, put, discard };
}

function DiffButton({
	isOn,
	canShow,
	onChange,
}: {
	readonly isOn: boolean;
	readonly canShow: boolean;
	readonly onChange: (isOn: boolean) => void;
}) {
	return (
		<Button
			size="compact-sm"
			variant="default"
			disabled={!canShow}
			aria-pressed={isOn}
			onClick={() => onChange(!isOn)}
		>
			{isOn ? "Hide the difference" : "Show the difference"}
		</Button>
	);
}

function DraftButtons({
	isChanged,
	isValid,
	onDiscard,
	onReview,
}: {
	readonly isChanged: boolean;
	readonly isValid: boolean;
	readonly onDiscard: () => void;
	readonly onReview: () => void;
}) {
	return (
		<>
			{isChanged ? (
				<Button size="compact-sm" variant="default" onClick={onDiscard}>
					Discard
				</Button>
			) : null}
			<Button size="compact-sm" disabled={!isChanged || !isValid} onClick={onReview}>
				Review
			</Button>
		</>
	);
}

function replacingOverrides(text: string): ConfigChange {
	return {
		title: "Replace the overrides",
		document: "overrides",
		proposal: () => ({ overrides: text }),
		save: (base) => client.call(multipathRoutes.putOverrides, { text, digest: base["overrides-digest"] }),
	};
}

function ProblemList({
	problems,
	isEmpty,
	onGo,
}: {
	readonly problems: readonly ConfProblem[];
	readonly isEmpty: boolean;
	readonly onGo: (problem: ConfProblem) => void;
}) {
	return (
		<div className="conf-problems" role="status">
			{problems.length === 0 ? (
				<p className="hint">
					{isEmpty
						? "There are no overrides. Start with a section, such as: devices {"
						: "No problems found."}
				</p>
			) : (
				<>
					<h3>{counted(problems.length, "problem")}</h3>
					<ul className="findings">
						{problems.slice(0, 50).map((problem) => (
							<li key={`${problem.line} ${problem.column} ${problem.text}`}>
								<StateMark state={problem.severity === "error" ? "failed" : "degraded"} />
								<span>
									<button type="button" className="link" onClick={() => onGo(problem)}>
										line {problem.line}, column {problem.column}
									</button>{" "}
									<b>{problem.severity}</b>: {shown(problem.text)}
								</span>
							</li>
						))}
					</ul>
				</>
			)}
		</div>
	);
}
