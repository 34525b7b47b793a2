import { diffLines, multipathRoutes } from "@pathkeeper/model";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, isConflict } from "../api/client.ts";
import { type ConfigAnswer, configQuery, type PreviewAnswer } from "../api/queries.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button, Loader } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { counted, shown } from "../ui/words.ts";
import type { Change } from "./change.ts";
import { ChangedMeanwhile } from "./changed-meanwhile.tsx";
import { Diff } from "./diff-view.tsx";
import { Rollout } from "./rollout.tsx";

/**
 * Before a change is saved: what every node would get from it. Afterwards: how far the nodes are. When somebody else
 * saved in between, their change is shown and ours is worked out anew on top of it.
 */
export function Review({
	change,
	stored,
	onSaved,
	onClose,
}: {
	readonly change: Change;
	readonly stored: ConfigAnswer;
	readonly onSaved: () => void;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	// What is looked at stays what it was, whatever comes in behind the dialog.
	const [base, setBase] = useState(stored);
	const [theirs, setTheirs] = useState<string | null>(null);
	const [savedAt, setSavedAt] = useState<number | null>(null);
	const preview = useQuery({
		queryKey: ["preview", change.title, base.digest, base["overrides-digest"], proposalKey(change, base)],
		queryFn: () => client.call(multipathRoutes.preview, change.proposal(base)),
		retry: false,
		gcTime: 0,
		enabled: savedAt === null,
	});
	const saving = useMutation({
		mutationFn: () => change.save(base),
		onSuccess: () => {
			setSavedAt(Date.now());
			onSaved();
			void queries.invalidateQueries({ queryKey: ["config"] });
		},
		onError: async (error) => {
			if (!isConflict(error)) return;
			const now = await queries.fetchQuery({ ...configQuery, staleTime: 0 });
			setTheirs(
				diffLines(base[change.document], now[change.document], { from: "when you began", to: "saved since" }),
			);
			setBase(now);
		},
	});
	const refused = preview.data?.problems.some(isError) ?? true;
	return (
		<Dialog onClose={onClose} size="xl" title={change.title}>
			{savedAt !== null ? (
				<Rollout savedAt={savedAt} onClose={onClose} />
			) : (
				<div className="stack">
					<ChangedMeanwhile theirs={theirs} />
					{preview.isPending ? (
						<div className="row-of">
							<Loader size="sm" /> Working out what every node would get …
						</div>
					) : null}
					{preview.error === null ? null : (
						<Problem what="This change is refused." error={preview.error} unchanged />
					)}
					{preview.data === undefined ? null : <Preview preview={preview.data} />}
					{saving.error === null || isConflict(saving.error) ? null : (
						<Problem what="It was not saved." error={saving.error} unchanged />
					)}
					<div className="row-of end">
						<Button variant="default" onClick={onClose}>
							Back
						</Button>
						<Button
							data-autofocus
							disabled={preview.data === undefined || refused || preview.isFetching}
							loading={saving.isPending}
							onClick={() => saving.mutate()}
						>
							Apply
						</Button>
					</div>
				</div>
			)}
		</Dialog>
	);
}

function proposalKey(change: Change, base: ConfigAnswer): string {
	try {
		return JSON.stringify(change.proposal(base));
	} catch {
		return "refused";
	}
}

function isError({ severity }: PreviewAnswer["problems"][number]): boolean {
	return severity === "error";
}

/** Nodes that get the same are told once. */
function Preview({ preview }: { readonly preview: PreviewAnswer }) {
	const { problems, nodes } = preview;
	const classes = [
		...Map.groupBy(nodes, ({ diff, findings }) =>
			JSON.stringify([diff.replaceAll(/^(---|\+\+\+).*$/gm, ""), findings.map(({ text }) => text)]),
		).values(),
	];
	return (
		<>
			{problems.length === 0 ? null : (
				<Notice
					kind={problems.some(isError) ? "error" : "warning"}
					title={problems.some(isError) ? "This cannot be saved. Nothing was changed." : "To be known"}
				>
					<ul>
						{problems.slice(0, 30).map(({ text }) => (
							<li key={text}>{shown(text)}</li>
						))}
					</ul>
				</Notice>
			)}
			{nodes.length === 0 && problems.length === 0 ? (
				<p>No node has joined yet; the first one that does gets this.</p>
			) : null}
			{classes.map((same) => {
				const [first] = same;
				if (first === undefined) return null;
				return (
					<section key={first.node} className="node-class">
						<h3>
							{same.length === nodes.length && nodes.length > 1
								? `All ${nodes.length} nodes`
								: same
										.slice(0, 8)
										.map(({ node }) => shown(node))
										.join(", ")}
							{same.length > 8 && same.length < nodes.length
								? ` and ${counted(same.length - 8, "more node")}`
								: ""}
						</h3>
						{first.findings.length === 0 ? null : (
							<ul className="findings">
								{first.findings.map(({ code, severity, subject, text }) => (
									<li key={`${code} ${subject}`}>
										<StateMark
											state={
												severity === "error" ? "failed" : severity === "warning" ? "degraded" : "unmanaged"
											}
										/>
										<span>
											<b>{severity}</b> {shown(text)}
										</span>
									</li>
								))}
							</ul>
						)}
						{first.diff === "" ? (
							<p className="hint">Nothing changes here.</p>
						) : (
							<Diff text={first.diff} label={`Changes on ${shown(first.node)}`} />
						)}
					</section>
				);
			})}
		</>
	);
}
