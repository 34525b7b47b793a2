import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { storagesOfLuns, useStorages } from "../storage/storages-of-luns.ts";
import { Icon } from "../ui/icons.tsx";
import { useHotkeys } from "../ui/kit.ts";
import { StateMark } from "../ui/state-mark.tsx";
import "./search.css";
import { type Hit, searchHits } from "./search-hits.ts";

/** Finds LUNs by WWID, alias and storage, and nodes and storages by name; `/` leads here from anywhere. */
export function Search() {
	const [text, setText] = useState("");
	const [isOpen, setOpen] = useState(false);
	const [at, setAt] = useState(0);
	const input = useRef<HTMLInputElement>(null);
	const list = useId();
	const { hits, isComplete } = useHits(text);
	const open = useOpenHit();
	useHotkeys([["/", () => input.current?.focus()]]);
	const clear = () => {
		setText("");
		setOpen(false);
	};
	const go = (hit: Hit | undefined) => {
		if (hit === undefined) return;
		clear();
		input.current?.blur();
		open(hit);
	};
	const onKey = (event: KeyboardEvent) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step !== undefined && hits.length > 0) {
			event.preventDefault();
			setAt((at + step + hits.length) % hits.length);
		} else if (event.key === "Enter") go(hits[at]);
		else if (event.key === "Escape") clear();
	};
	const isShown = isOpen && text.trim() !== "";
	return (
		<search className="search">
			<Icon name="search" size={16} />
			<input
				ref={input}
				type="text"
				role="combobox"
				aria-label="Search LUNs, storages and nodes"
				aria-expanded={isShown}
				aria-controls={list}
				aria-autocomplete="list"
				aria-activedescendant={isShown && hits[at] !== undefined ? `${list}-${at}` : undefined}
				placeholder="Search: alias, WWID, storage, node"
				spellCheck={false}
				value={text}
				onChange={(event) => {
					setText(event.currentTarget.value);
					setAt(0);
					setOpen(true);
				}}
				onFocus={() => setOpen(true)}
				onBlur={() => setOpen(false)}
				onKeyDown={onKey}
			/>
			<div id={list} role="listbox" aria-label="Found" className="hits" hidden={!isShown}>
				{isShown ? <Hits list={list} hits={hits} at={at} isComplete={isComplete} onOpen={go} /> : null}
			</div>
		</search>
	);
}

/** What is found; `isComplete`: everything was read that could be found. */
function useHits(text: string) {
	const { picture, isKnown } = useFleet();
	const stored = useStorages();
	const storages = useMemo(() => storagesOfLuns(stored ?? []), [stored]);
	const hits = useMemo(
		() => searchHits(picture, stored ?? [], storages, text),
		[picture, stored, storages, text],
	);
	return { hits, isComplete: isKnown && stored !== null };
}

function useOpenHit(): (hit: Hit) => void {
	const navigate = useNavigate();
	return ({ kind, id }) => {
		if (kind === "LUN") void navigate({ to: "/luns/$wwid", params: { wwid: id } });
		else if (kind === "node") void navigate({ to: "/nodes/$node", params: { node: id } });
		else void navigate({ to: "/storage/$storage", params: { storage: id } });
	};
}

function Hits({
	list,
	hits,
	at,
	isComplete,
	onOpen,
}: {
	/** ID of the list. */
	readonly list: string;
	readonly hits: readonly Hit[];
	/** Index of the chosen one. */
	readonly at: number;
	readonly isComplete: boolean;
	readonly onOpen: (hit: Hit) => void;
}) {
	if (hits.length === 0)
		return (
			<div role="option" aria-selected="false" aria-disabled="true" tabIndex={-1} className="none">
				{isComplete
					? "Nothing found. LUNs that are not allowed are listed under Configuration."
					: "Nothing found so far; not everything is read yet."}
			</div>
		);
	return hits.map((hit, index) => (
		// biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field (ARIA combobox).
		<div
			key={`${hit.kind} ${hit.id}`}
			id={`${list}-${index}`}
			role="option"
			tabIndex={-1}
			aria-selected={index === at}
			className={index === at ? "at" : ""}
			onMouseDown={(event) => event.preventDefault()}
			onClick={() => onOpen(hit)}
		>
			{hit.state === null ? <span className="kind">{hit.kind}</span> : <StateMark state={hit.state} />}
			<span className="name">{hit.name}</span>
			<span className="more">{hit.more}</span>
		</div>
	));
}
