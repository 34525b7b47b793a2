import type { ReactNode } from "react";
import { Button, Loader } from "./kit.ts";
import { Problem } from "./problem.tsx";

interface FormEndProps {
	/** What did not happen, where there is an error. */
	readonly refusal: string;
	/** Null: there is none. */
	readonly error: unknown;
	/** What to do about the error. */
	readonly advice?: string | undefined;
	/** Whether a refusal leaves everything as it was, and is to say so. */
	readonly isUnchanged?: boolean;
	readonly isBusy?: boolean;
	/** What is being done while it is busy. */
	readonly progress?: string;
	/** Text of the button that sends the form. */
	readonly action: string;
	readonly kind?: "main" | "plain" | "danger";
	readonly canSubmit?: boolean;
	/** Text of the button that leaves everything as it is. */
	readonly cancel?: string;
	/** The button that has the cursor at first. */
	readonly focus?: "action" | "cancel";
	/** Absent: there is no button to cancel. */
	readonly onCancel?: () => void;
	/** Between the error and the buttons. */
	readonly children?: ReactNode;
}

/** The end of every form: why it was refused, whether it is being carried out, and its buttons. */
export function FormEnd({
	refusal,
	error,
	advice,
	isUnchanged = true,
	isBusy = false,
	progress,
	action,
	kind = "main",
	canSubmit = true,
	cancel = "Cancel",
	focus,
	onCancel,
	children,
}: FormEndProps) {
	return (
		<>
			{isBusy && progress !== undefined ? (
				<p className="row-of" role="status">
					<Loader size="sm" /> {progress}
				</p>
			) : null}
			<Problem what={refusal} error={error} advice={advice} unchanged={isUnchanged} />
			{children}
			<div className="row-of end">
				{onCancel === undefined ? null : (
					<Button variant="default" {...focusIf(focus === "cancel")} onClick={onCancel}>
						{cancel}
					</Button>
				)}
				<Button
					type="submit"
					{...(kind === "danger" ? { color: "red" } : kind === "plain" ? { variant: "default" } : {})}
					{...focusIf(focus === "action")}
					disabled={!canSubmit}
					loading={isBusy}
				>
					{action}
				</Button>
			</div>
		</>
	);
}

function focusIf(hasFocus: boolean) {
	return hasFocus ? { "data-autofocus": true } : {};
}
