import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { Dialog } from "./dialog.tsx";
import { Button, Checkbox, TextInput } from "./kit.ts";
import { Problem } from "./problem.tsx";

/**
 * Asks before something is done that breaks or loses something, does it, and shows why it was refused. The call to the
 * server is made in here and nowhere else, so that no button can make it without the question. Where data are lost,
 * `typed` is to be typed first.
 */
export function Confirm<T>({
	title,
	children,
	action,
	keep = "Cancel",
	typed,
	refusal,
	advice,
	force,
	run,
	onDone = () => undefined,
	result,
	onClose,
}: {
	/** The question, with the name of what it is about. */
	readonly title: string;
	/** What breaks, and what stays. */
	readonly children: ReactNode;
	/** Words of the button that does it. */
	readonly action: string;
	/** Words of the button that leaves everything as it is. */
	readonly keep?: string;
	/** What has to be typed before it can be done. */
	readonly typed?: string;
	/** What did not happen, when the server refuses. */
	readonly refusal: string;
	/** What to do about a refusal. */
	readonly advice?: string;
	/** After a refusal it can be tried again with less caution, if this is checked. */
	readonly force?: { readonly label: string; readonly description: string };
	readonly run: (isForced: boolean) => Promise<T>;
	readonly onDone?: (result: T) => void;
	/** What came of it, shown until it is closed; without this the dialog closes when it is done. */
	readonly result?: (result: T) => ReactNode;
	readonly onClose: () => void;
}) {
	const [text, setText] = useState("");
	const [isForced, setForced] = useState(false);
	const { data, error, isPending, isSuccess, mutate } = useMutation({
		mutationFn: () => run(isForced),
		onSuccess: (done) => {
			if (result === undefined) onClose();
			onDone(done);
		},
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		mutate();
	};
	if (isSuccess && result !== undefined)
		return (
			<Dialog onClose={onClose} title={title.replace(/\?$/, "")} size="lg">
				<div className="stack">
					{result(data)}
					<div className="row-of end">
						<Button variant="default" data-autofocus onClick={onClose}>
							Close
						</Button>
					</div>
				</div>
			</Dialog>
		);
	return (
		<Dialog onClose={onClose} title={title}>
			<form className="stack" onSubmit={submit}>
				<div>{children}</div>
				{typed === undefined ? null : (
					<TextInput
						label={`Type ${typed} to confirm`}
						value={text}
						spellCheck={false}
						autoComplete="off"
						data-autofocus
						onChange={(event) => setText(event.currentTarget.value)}
					/>
				)}
				<Problem what={refusal} error={error} advice={advice} unchanged />
				{error === null || force === undefined ? null : (
					<Checkbox
						label={force.label}
						description={force.description}
						checked={isForced}
						onChange={(event) => setForced(event.currentTarget.checked)}
					/>
				)}
				<div className="row-of end">
					<Button variant="default" data-autofocus={typed === undefined ? true : undefined} onClick={onClose}>
						{keep}
					</Button>
					<Button
						type="submit"
						color="red"
						disabled={typed !== undefined && text !== typed}
						loading={isPending}
					>
						{action}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
