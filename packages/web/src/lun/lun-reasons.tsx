import { nextSteps } from "@pathkeeper/model";
import type { LunAnswer } from "../api/answers.ts";
import { Panel } from "../ui/panel.tsx";
import { shown } from "../ui/shown.ts";
import { isWell } from "./lun-headline.ts";

/** Why the LUN is in its state, and what to do. */
export function LunReasons({ lun }: { readonly lun: LunAnswer }) {
	const isAllWell = isWell(lun);
	return (
		<Panel title={isAllWell ? "All is well" : "Why"}>
			{lun.reasons.length === 0 ? (
				<p>{isAllWell ? "Every node that should have it has all its paths." : "No reason is reported."}</p>
			) : (
				<ul className="reasons">
					{lun.reasons.map((reason) => (
						<li key={reason}>{shown(reason)}</li>
					))}
				</ul>
			)}
			<WhatToDo lun={lun} />
		</Panel>
	);
}

/** The next steps, with the same text as in the command line. */
function WhatToDo({ lun: { reasons, nodes } }: { readonly lun: LunAnswer }) {
	const steps = nextSteps([...reasons, ...Object.values(nodes).flatMap((here) => here.reasons)]);
	if (steps.length === 0) return null;
	return (
		<section className="what-to-do">
			<h3>What to do</h3>
			<ul className="reasons">
				{steps.map((step) => (
					<li key={step}>{step}</li>
				))}
			</ul>
		</section>
	);
}
