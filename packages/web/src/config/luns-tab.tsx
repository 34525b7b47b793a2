import { useState } from "react";
import type { ConfigAnswer } from "../api/queries.ts";
import { useRight } from "../session/use-session.ts";
import { type AllowedLun, AllowList } from "./allow-list.tsx";
import { Candidates } from "./candidates.tsx";
import type { ReviewChange } from "./change.ts";
import { Forget } from "./forget.tsx";
import { LunForm } from "./lun-form.tsx";

/** The allow-list, and the LUNs that could be added to it. */
export function LunsTab({
	config,
	allow,
	edit,
	onClosed,
	onReview,
}: {
	readonly config: ConfigAnswer;
	/** WWID that is to be allowed. */
	readonly allow: string | null;
	/** WWID whose settings are to be changed. */
	readonly edit: string | null;
	/** The form that the address opened is closed. */
	readonly onClosed: () => void;
	readonly onReview: ReviewChange;
}) {
	const mayModify = useRight("Sys.Modify");
	const [form, setForm] = useState<{ readonly wwid: string | null } | null>(null);
	const [forgotten, setForgotten] = useState<AllowedLun | null>(null);
	const asked = form ?? (allow !== null ? { wwid: allow } : edit !== null ? { wwid: edit } : null);
	const close = () => {
		setForm(null);
		onClosed();
	};
	return (
		<div className="pages">
			<AllowList
				luns={config.luns}
				mayModify={mayModify}
				onEdit={(wwid) => setForm({ wwid })}
				onForget={setForgotten}
			/>
			<Candidates
				allowed={config.luns}
				onAllow={mayModify ? (wwid) => setForm({ wwid }) : null}
				onType={mayModify ? () => setForm({ wwid: null }) : null}
			/>
			{asked === null || !mayModify ? null : (
				<LunForm key={asked.wwid} config={config} wwid={asked.wwid} onClose={close} onReview={onReview} />
			)}
			{forgotten === null ? null : (
				<Forget lun={forgotten} digest={config.digest} onClose={() => setForgotten(null)} />
			)}
		</div>
	);
}
