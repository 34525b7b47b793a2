/** Colours for multipath.conf: line based, with comments from `#` or `!` on, sections by their braces. */
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { keywordNamed } from "@pathkeeper/model";

const sections = new Set([
	"defaults",
	"devices",
	"device",
	"overrides",
	"protocol",
	"blacklist",
	"blacklist_exceptions",
	"multipaths",
	"multipath",
]);

export const confLanguage = StreamLanguage.define<{ isFirst: boolean }>({
	startState: () => ({ isFirst: true }),
	token(stream, state) {
		if (stream.sol()) state.isFirst = true;
		if (stream.eatSpace()) return null;
		if (stream.match(/^[#!].*/)) return "comment";
		if (stream.match(/^"(?:[^"]|"")*"?/)) return "string";
		if (stream.match(/^[{}]/)) {
			state.isFirst = true;
			return "brace";
		}
		const word = stream.match(/^[^\s{}"#]+/);
		if (!word) {
			stream.next();
			return null;
		}
		const { isFirst } = state;
		state.isFirst = false;
		const text = stream.current();
		if (!isFirst) return /^\d+$/.test(text) ? "number" : "atom";
		if (sections.has(text)) return "typeName";
		return keywordNamed(text) === null ? "invalid" : "keyword";
	},
	languageData: { commentTokens: { line: "#" } },
});

export const confColours = syntaxHighlighting(
	HighlightStyle.define([
		{ tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
		{ tag: tags.typeName, color: "var(--accent)", fontWeight: "600" },
		{ tag: tags.keyword, color: "var(--state-missing)" },
		{ tag: tags.string, color: "var(--state-optimal)" },
		{ tag: tags.number, color: "var(--state-degraded)" },
	]),
);
