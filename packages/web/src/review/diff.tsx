import { visible } from "@pathkeeper/model";
import "./diff.css";

const maxLines = 400;

/** A unified diff; its signs say what is new and what goes, not only the colours. */
export function Diff({ text, label }: { readonly text: string; readonly label: string }) {
	const lines = text.replace(/\n$/, "").split("\n");
	return (
		<pre className="diff" aria-label={label} role="region" tabIndex={0}>
			{lines.slice(0, maxLines).map((line, at) => (
				<span key={at} className={classOf(line)}>
					{shownLine(line)}
					{"\n"}
				</span>
			))}
			{lines.length > maxLines ? <span>… and {lines.length - maxLines} more lines</span> : null}
		</pre>
	);
}

/** Tabs indent the documents, and hide nothing. */
function shownLine(line: string): string {
	return line
		.split("\t")
		.map((part) => visible(part, 2000))
		.join("\t");
}

function classOf(line: string): string {
	if (line.startsWith("+++") || line.startsWith("---")) return "file";
	if (line.startsWith("@@")) return "place";
	return line.startsWith("+") ? "new" : line.startsWith("-") ? "gone" : "";
}
