import { Notice } from "../ui/notice.tsx";
import { Diff } from "./diff.tsx";

/** Shows what was changed since the user began; nothing where nothing was. */
export function ChangedMeanwhile({ theirs }: { readonly theirs: string | null }) {
	if (theirs === null) return null;
	return (
		<Notice
			kind="warning"
			title="It was changed in the meantime. Your change is not saved, and nothing that you typed is lost."
		>
			<p>This is that change. Below is your change on top of it.</p>
			<Diff text={theirs} label="What was changed meanwhile" />
		</Notice>
	);
}
