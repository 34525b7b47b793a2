import type { PreviewAnswer } from "../api/queries.ts";
import { Diff } from "../review/diff.tsx";
import { counted } from "../ui/counted.ts";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";
import { StateMark } from "../ui/state-mark.tsx";

type NodePreview = PreviewAnswer["nodes"][number];

const maxProblems = 30;
const maxNamed = 8;

/** True when the change cannot be saved as it is. */
export function isRefused({ problems }: PreviewAnswer): boolean {
	return problems.some(({ severity }) => severity === "error");
}

/** What the nodes would get; nodes that get the same are shown together. */
export function Preview({ preview }: { readonly preview: PreviewAnswer }) {
	const { problems, nodes } = preview;
	const groups = [...Map.groupBy(nodes, contentOf).values()];
	return (
		<>
			{problems.length === 0 ? null : (
				<Notice
					kind={isRefused(preview) ? "error" : "warning"}
					title={isRefused(preview) ? "This cannot be saved. Nothing was changed." : "Warnings"}
				>
					<ul>
						{problems.slice(0, maxProblems).map(({ text }) => (
							<li key={text}>{shown(text)}</li>
						))}
					</ul>
				</Notice>
			)}
			{nodes.length === 0 && problems.length === 0 ? (
				<p>No node has joined yet; the first one that does gets this.</p>
			) : null}
			{groups.map((same) => (
				<NodeGroup key={same[0]?.node} same={same} all={nodes.length} />
			))}
		</>
	);
}

/** Equal for nodes that would get the same. */
function contentOf({ diff, findings }: NodePreview): string {
	return JSON.stringify([diff.replaceAll(/^(---|\+\+\+).*$/gm, ""), findings.map(({ text }) => text)]);
}

const marks = { error: "failed", warning: "degraded", info: "unmanaged" } as const;

function NodeGroup({
	same,
	all,
}: {
	readonly same: readonly NodePreview[];
	/** How many nodes there are in all groups. */
	readonly all: number;
}) {
	const [first] = same;
	if (first === undefined) return null;
	return (
		<section className="node-class">
			<h3>{namesText(same, all)}</h3>
			{first.findings.length === 0 ? null : (
				<ul className="findings">
					{first.findings.map(({ code, severity, subject, text }) => (
						<li key={`${code} ${subject}`}>
							<StateMark state={marks[severity]} />
							<span>
								<b>{severity}</b> {shown(text)}
							</span>
						</li>
					))}
				</ul>
			)}
			{first.diff === "" ? (
				<p className="hint">Nothing changes here.</p>
			) : (
				<Diff text={first.diff} label={`Changes on ${shown(first.node)}`} />
			)}
		</section>
	);
}

function namesText(same: readonly NodePreview[], all: number): string {
	if (same.length === all && all > 1) return `All ${all} nodes`;
	const names = same
		.slice(0, maxNamed)
		.map(({ node }) => shown(node))
		.join(", ");
	return same.length > maxNamed ? `${names} and ${counted(same.length - maxNamed, "more node")}` : names;
}
