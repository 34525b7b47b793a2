import { sizeText } from "@pathkeeper/model";
import type { LunAnswer } from "../api/answers.ts";
import { Facts, Panel } from "../ui/panel.tsx";
import { arrayText, shown } from "../ui/shown.ts";
import { queueingText } from "./queueing-text.ts";

/** The identity of a LUN. */
export function LunFacts({ lun, comment }: { readonly lun: LunAnswer; readonly comment: string | null }) {
	return (
		<Panel title="Properties">
			<Facts
				rows={[
					["WWID", <code key="wwid">{shown(lun.wwid)}</code>],
					["Array", arrayText(lun.vendor, lun.model, "not reported")],
					["Size", <Size key="size" bytes={lun.size} />],
					["Queues I/O without a path", queueingText(lun.queueing)],
					...(comment === null ? [] : [["Comment", shown(comment)] as const]),
				]}
			/>
		</Panel>
	);
}

function Size({ bytes }: { readonly bytes: number | null }) {
	if (bytes === null) return "unknown";
	return <span title={`${bytes.toLocaleString("en")} bytes`}>{sizeText(bytes)}</span>;
}
