import { Notice } from "../ui/notice.tsx";
import { Diff } from "./diff.tsx";

/** Shows what another user saved in the meantime; nothing where nobody did. */
export function ChangedMeanwhile({ theirs }: { readonly theirs: string | null }) {
	if (theirs === null) return null;
	return (
		<Notice
			kind="warning"
			title="Somebody else saved in the meantime. Your change is not saved, and nothing that you typed is lost."
		>
			<p>This is their change. Below is your change on top of it.</p>
			<Diff text={theirs} label="What was changed meanwhile" />
		</Notice>
	);
}
