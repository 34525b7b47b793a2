import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Dialog } from "./dialog.tsx";
import { CheckField, TextField } from "./fields.tsx";
import { Form } from "./form.tsx";
import { FormEnd } from "./form-end.tsx";
import { Button } from "./kit.ts";

export interface ConfirmProps<T> {
	/** The question, with the name of what it is about. */
	readonly title: string;
	/** What breaks, and what stays. */
	readonly children: ReactNode;
	/** Text of the button that does it. */
	readonly action: string;
	/** Text of the button that leaves everything as it is. */
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
}

/**
 * Asks before something is done that breaks or loses something, does it, and shows why it was refused. The call to the
 * server is made in here and nowhere else, so that no button can make it without the question. Where data are lost,
 * `typed` has to be typed first.
 */
export function Confirm<T>({ run, onDone = () => undefined, result, ...question }: ConfirmProps<T>) {
	const { title, typed, force, keep = "Cancel", onClose } = question;
	const [text, setText] = useState("");
	const [isForced, setForced] = useState(false);
	const doing = useMutation({
		mutationFn: () => run(isForced),
		onSuccess: (done) => {
			if (result === undefined) onClose();
			onDone(done);
		},
	});
	if (doing.isSuccess && result !== undefined)
		return <Outcome title={title} text={result(doing.data)} onClose={onClose} />;
	return (
		<Dialog onClose={onClose} title={title}>
			<Form onSubmit={() => doing.mutate()}>
				<div>{question.children}</div>
				{typed === undefined ? null : (
					<TextField
						label={`Type ${typed} to confirm`}
						value={text}
						autoComplete="off"
						hasFocus
						onChange={setText}
					/>
				)}
				<FormEnd
					refusal={question.refusal}
					error={doing.error}
					advice={question.advice}
					isBusy={doing.isPending}
					action={question.action}
					kind="danger"
					canSubmit={typed === undefined || text === typed}
					cancel={keep}
					{...(typed === undefined ? { focus: "cancel" } : {})}
					onCancel={onClose}
				>
					{doing.error === null || force === undefined ? null : (
						<CheckField {...force} value={isForced} onChange={setForced} />
					)}
				</FormEnd>
			</Form>
		</Dialog>
	);
}

function Outcome({
	title,
	text,
	onClose,
}: {
	readonly title: string;
	readonly text: ReactNode;
	readonly onClose: () => void;
}) {
	return (
		<Dialog onClose={onClose} title={title.replace(/\?$/, "")} size="lg">
			<div className="stack">
				{text}
				<div className="row-of end">
					<Button variant="default" data-autofocus onClick={onClose}>
						Close
					</Button>
				</div>
			</div>
		</Dialog>
	);
}
