import { sizeText } from "@pathkeeper/model";
import { shown } from "../ui/shown.ts";
import type { Usage } from "./storage-state.ts";

const nearlyFull = 0.9;

/** How full a storage is, as numbers and as a bar. */
export function UsageBar({ usage }: { readonly usage: Usage | null }) {
	if (usage === null) return <span className="hint">–</span>;
	const { used, total, node } = usage;
	const share = Math.min(1, used / total);
	const isFull = share >= nearlyFull;
	return (
		<div className={`usage${isFull ? " full" : ""}`}>
			<span title={`${used.toLocaleString("en")} of ${total.toLocaleString("en")} bytes`}>
				{sizeText(used)} of {sizeText(total)} ({Math.floor(share * 100)} %)
				{isFull ? ", nearly full" : ""}
			</span>
			<div className="usage-bar" aria-hidden="true">
				<div style={{ width: `${share * 100}%` }} />
			</div>
			{node === null ? null : <span className="more">on {shown(node)}, the fullest node</span>}
		</div>
	);
}
