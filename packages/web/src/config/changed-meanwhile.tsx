import { Notice } from "../ui/notice.tsx";
import { Diff } from "./diff-view.tsx";

/** Says that a change met one of somebody else's, and what they changed; nothing when it met none. */
export function ChangedMeanwhile({ theirs }: { readonly theirs: string | null }) {
	if (theirs === null) return null;
	return (
		<Notice
			kind="warning"
			title="Somebody else saved in the meantime. Nothing of yours was saved, and nothing that you typed is lost."
		>
			<p>This is what they changed. Below is what your change makes of it now.</p>
			<Diff text={theirs} label="What was changed meanwhile" />
		</Notice>
	);
}
