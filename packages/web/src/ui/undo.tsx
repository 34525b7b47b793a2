import { useSyncExternalStore } from "react";
import { Button } from "./kit.ts";
import { Problem } from "./problem.tsx";
import "./undo.css";

/** What was just done at one click, and how it is undone. */
export interface Undoable {
	/** What was done, in one sentence. */
	readonly text: string;
	readonly undo: () => unknown;
}

type Shown =
	| { readonly kind: "done"; readonly done: Undoable }
	| { readonly kind: "undone"; readonly text: string }
	| { readonly kind: "refused"; readonly text: string; readonly error: unknown };

let shown: Shown | null = null;
const listeners = new Set<() => void>();

function show(next: Shown | null): void {
	shown = next;
	for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

/** Offers to undo what was done; until it is closed, or something else is done. */
export function offerUndo(done: Undoable): void {
	show({ kind: "done", done });
}

/** Does something that can be undone at one click, and offers that. `refusal`: what did not happen when it fails. */
export async function doWithUndo(
	run: () => Promise<unknown>,
	{ refusal, ...done }: Undoable & { readonly refusal: string },
): Promise<void> {
	try {
		await run();
		offerUndo(done);
	} catch (error) {
		show({ kind: "refused", text: refusal, error });
	}
}

async function undoNow({ text, undo }: Undoable): Promise<void> {
	try {
		await Promise.resolve(undo());
		show({ kind: "undone", text: `Undone: ${text}` });
	} catch (error) {
		show({ kind: "refused", text: `It could not be undone: ${text}`, error });
	}
}

/** The offer to undo, on every view. */
export function UndoBar() {
	const now = useSyncExternalStore(subscribe, () => shown);
	return (
		<section className="undo" aria-label="What was just done" hidden={now === null}>
			<div role="status" className="what">
				{now === null ? null : now.kind === "refused" ? (
					<Problem what={now.text} error={now.error} unchanged />
				) : (
					<p>{now.kind === "done" ? now.done.text : now.text}</p>
				)}
			</div>
			{now === null ? null : (
				<div className="row-of">
					{now.kind === "done" ? (
						<Button size="compact-sm" variant="default" onClick={() => void undoNow(now.done)}>
							Undo
						</Button>
					) : null}
					<Button size="compact-sm" variant="subtle" onClick={() => show(null)}>
						Dismiss
					</Button>
				</div>
			)}
		</section>
	);
}
