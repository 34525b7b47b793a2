import { messageOf, nodeRoutes } from "@pathkeeper/model";
import { useEffect, useState } from "react";
import { client } from "../api/client.ts";
import type { NodeAnswer } from "../api/queries.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { pageRuntime } from "../runtime.ts";
import { counted } from "../ui/counted.ts";
import { Button } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";

type Progress =
	| { readonly kind: "waiting" }
	| { readonly kind: "applied"; readonly seconds: number }
	| { readonly kind: "away" }
	| { readonly kind: "failed"; readonly why: string };

const pollMs = 400;
const atOnce = 6;
/** A failure that a node reports may still be that of an earlier change, until it had time to try this one. */
const triedWithinMs = 3000;

/** Which nodes have applied a saved change. */
export function Rollout({ savedAt, onClose }: { readonly savedAt: number; readonly onClose: () => void }) {
	const { picture } = useFleet();
	const [names] = useState(() => picture.nodes.map(({ node }) => node));
	const [progress, setProgress] = useState<ReadonlyMap<string, Progress>>(new Map());
	useEffect(() => {
		const stop = new AbortController();
		const note = (node: string, now: Progress) => setProgress((before) => new Map(before).set(node, now));
		void watch(names, savedAt, note, stop.signal);
		return () => stop.abort();
	}, [names, savedAt]);
	const all = names.map((node) => ({ node, now: progress.get(node) ?? ({ kind: "waiting" } as const) }));
	const applied = all.flatMap(({ now }) => (now.kind === "applied" ? [now.seconds] : []));
	const open = all.filter(({ now }) => now.kind === "waiting").length;
	const bad = all.filter(({ now }) => now.kind === "failed" || now.kind === "away");
	const longest = Math.max(0, ...applied).toFixed(1);
	const rows = names.length > 12 ? all.filter(({ now }) => now.kind !== "applied").slice(0, 20) : all;
	return (
		<div className="stack">
			<div role="status" className="rollout">
				<strong>
					Saved. Applied on {applied.length} of {counted(names.length, "node")}
					{applied.length > 0 ? ` (${longest} s)` : ""}
					{open > 0 ? " …" : "."}
				</strong>
			</div>
			{names.length === 0 ? (
				<Notice kind="info">No node has joined yet; the first one that does applies it.</Notice>
			) : null}
			{bad.length === 0 ? null : (
				<Notice kind="warning">
					The change is saved: a node that failed retries, and one that does not report applies it when it is
					back.
				</Notice>
			)}
			<ul className="rollout-nodes">
				{rows.map(({ node, now }) => (
					<li key={node}>
						<b>{shown(node)}</b> <Word now={now} />
					</li>
				))}
			</ul>
			<div className="row-of end">
				<Button data-autofocus onClick={onClose}>
					{open > 0 ? "Close; this continues" : "Done"}
				</Button>
			</div>
		</div>
	);
}

function Word({ now }: { readonly now: Progress }) {
	switch (now.kind) {
		case "applied":
			return <StateWord state="optimal" word={`applied after ${now.seconds.toFixed(1)} s`} />;
		case "away":
			return <StateWord state="unknown" word="not reporting; applies it when it is back" />;
		case "failed":
			return (
				<>
					<StateWord state="failed" /> {shown(now.why)}
				</>
			);
		case "waiting":
			return <span className="hint">applying …</span>;
	}
}

/** Asks the nodes that have not applied it yet, a few at a time, until all have or the dialog is closed. */
async function watch(
	names: readonly string[],
	savedAt: number,
	note: (node: string, progress: Progress) => void,
	signal: AbortSignal,
): Promise<void> {
	const open = new Set(names);
	while (open.size > 0 && !signal.aborted) {
		for (const some of chunks([...open], atOnce)) {
			await Promise.all(
				some.map(async (node) => {
					const now = await ask(node, savedAt);
					if (signal.aborted) return;
					note(node, now);
					if (now.kind === "applied") open.delete(node);
				}),
			);
		}
		await pageRuntime.sleep(pollMs);
	}
}

async function ask(node: string, savedAt: number): Promise<Progress> {
	try {
		return progressOf(await client.call(nodeRoutes.nodeStatus, { node }), pageRuntime.now() - savedAt);
	} catch (error) {
		return { kind: "failed", why: `its progress is unknown: ${messageOf(error)}` };
	}
}

function progressOf({ online, applied }: NodeAnswer, waitedMs: number): Progress {
	if (online === 0) return { kind: "away" };
	if (applied.current === 1) return { kind: "applied", seconds: waitedMs / 1000 };
	if (applied.state === "failed" && waitedMs > triedWithinMs)
		return { kind: "failed", why: applied.error ?? "the node reports no reason" };
	return { kind: "waiting" };
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
	return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
		items.slice(at * size, (at + 1) * size),
	);
}
