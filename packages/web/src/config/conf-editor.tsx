import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { type Diagnostic, linter, lintGutter, lintKeymap } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { lintOverrides } from "@pathkeeper/model";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { styleNonce } from "../ui/style-nonce.ts";
import { confColours, confLanguage } from "./conf-language.ts";

export interface EditorHandle {
	/** Puts the cursor there; both count from 1. */
	goTo(line: number, column: number): void;
}

/** The text of the overrides; problems are underlined as it is typed, by the parser that the server uses. */
export function ConfEditor({
	ref,
	value,
	readOnly,
	onChange,
}: {
	readonly ref: Ref<EditorHandle>;
	readonly value: string;
	readonly readOnly: boolean;
	readonly onChange: (text: string) => void;
}) {
	const box = useRef<HTMLDivElement>(null);
	const view = useRef<EditorView | null>(null);
	const notify = useRef(onChange);
	notify.current = onChange;
	const begin = useRef({ value, readOnly, editable: new Compartment() });
	useEffect(() => {
		if (box.current === null) return;
		const { value: text, readOnly: isFixed, editable } = begin.current;
		const editor = new EditorView({
			parent: box.current,
			state: EditorState.create({
				doc: text,
				extensions: [
					...extensions((next) => notify.current(next)),
					editable.of(EditorState.readOnly.of(isFixed)),
				],
			}),
		});
		view.current = editor;
		return () => {
			view.current = null;
			editor.destroy();
		};
	}, []);
	useEffect(() => {
		const { editable } = begin.current;
		view.current?.dispatch({ effects: editable.reconfigure(EditorState.readOnly.of(readOnly)) });
	}, [readOnly]);
	useEffect(() => {
		const editor = view.current;
		if (editor === null || editor.state.doc.toString() === value) return;
		editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
	}, [value]);
	useImperativeHandle(ref, () => ({
		goTo: (line, column) => {
			if (view.current !== null) goTo(view.current, line, column);
		},
	}));
	return <div ref={box} className="conf-editor" />;
}

function extensions(onChange: (text: string) => void): readonly Extension[] {
	return [
		EditorView.cspNonce.of(styleNonce()),
		lineNumbers(),
		lintGutter(),
		history(),
		drawSelection(),
		highlightActiveLine(),
		bracketMatching(),
		confLanguage,
		confColours,
		linter((now) => diagnosticsOf(now.state), { delay: 200 }),
		// Tab leaves the editor, as it leaves every other field.
		keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
		EditorView.contentAttributes.of({ "aria-label": "Text of the overrides", spellcheck: "false" }),
		EditorView.updateListener.of((update) => {
			if (update.docChanged) onChange(update.state.doc.toString());
		}),
	];
}

function goTo(editor: EditorView, line: number, column: number): void {
	const { from, length } = editor.state.doc.line(Math.min(Math.max(1, line), editor.state.doc.lines));
	const at = from + Math.min(length, Math.max(0, column - 1));
	editor.dispatch({ selection: { anchor: at }, scrollIntoView: true });
	editor.focus();
}

function diagnosticsOf({ doc }: EditorState): readonly Diagnostic[] {
	return lintOverrides(doc.toString(), {}).map(({ line, column, severity, text }) => {
		const at = doc.line(Math.min(Math.max(1, line), doc.lines));
		const from = at.from + Math.min(at.length, Math.max(0, column - 1));
		const word = /^\S+/.exec(doc.sliceString(from, at.to))?.[0].length ?? 0;
		const to = word > 0 ? from + word : at.to;
		return { from: to > from ? from : at.from, to, severity, message: text };
	});
}
