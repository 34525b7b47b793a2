import { type Picture, sizeText } from "@pathkeeper/model";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import type { StorageAnswer } from "../storage/answers.ts";
import { type StoragesOfLuns, storagesOfLuns, useStorages } from "../storage/storages-of-luns.ts";
import { Icon } from "../ui/icons.tsx";
import { useHotkeys } from "../ui/kit.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { nameOf, shown } from "../ui/shown.ts";

interface Hit {
	readonly kind: "LUN" | "node" | "storage";
	readonly id: string;
	readonly name: string;
	readonly more: string;
	readonly state: string | null;
}

const mostHits = 12;

/** Finds LUNs by WWID, alias and what stands on them, and nodes and storages by name; `/` leads here from anywhere. */
export function Search() {
	const { picture, isKnown } = useFleet();
	const navigate = useNavigate();
	const [text, setText] = useState("");
	const [isOpen, setOpen] = useState(false);
	const [at, setAt] = useState(0);
	const input = useRef<HTMLInputElement>(null);
	const list = useId();
	const stored = useStorages();
	const storages = useMemo(() => storagesOfLuns(stored ?? []), [stored]);
	const hits = useMemo(() => find(picture, stored ?? [], storages, text), [picture, stored, storages, text]);
	useHotkeys([["/", () => input.current?.focus()]]);
	const go = (hit: Hit | undefined) => {
		if (hit === undefined) return;
		setText("");
		setOpen(false);
		input.current?.blur();
		if (hit.kind === "LUN") void navigate({ to: "/luns/$wwid", params: { wwid: hit.id } });
		else if (hit.kind === "node") void navigate({ to: "/nodes/$node", params: { node: hit.id } });
		else void navigate({ to: "/storage/$storage", params: { storage: hit.id } });
	};
	const onKey = (event: KeyboardEvent) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step !== undefined && hits.length > 0) {
			event.preventDefault();
			setAt((at + step + hits.length) % hits.length);
		} else if (event.key === "Enter") go(hits[at]);
		else if (event.key === "Escape") {
			setText("");
			setOpen(false);
		}
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
				{isShown && hits.length === 0 ? (
					<div role="option" aria-selected="false" aria-disabled="true" tabIndex={-1} className="none">
						{isKnown && stored !== null
							? "Nothing of that name. LUNs that nobody allowed are under Configuration."
							: "Nothing of that name so far; not everything is read yet."}
					</div>
				) : null}
				{isShown
					? hits.map((hit, place) => (
							// biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field (ARIA combobox).
							<div
								key={`${hit.kind} ${hit.id}`}
								id={`${list}-${place}`}
								role="option"
								tabIndex={-1}
								aria-selected={place === at}
								className={place === at ? "at" : ""}
								onMouseDown={(event) => event.preventDefault()}
								onClick={() => go(hit)}
							>
								{hit.state === null ? (
									<span className="kind">{hit.kind}</span>
								) : (
									<StateMark state={hit.state} />
								)}
								<span className="name">{hit.name}</span>
								<span className="more">{hit.more}</span>
							</div>
						))
					: null}
			</div>
		</search>
	);
}

function find(
	{ luns, nodes }: Picture,
	stored: readonly StorageAnswer[],
	storages: StoragesOfLuns,
	text: string,
): readonly Hit[] {
	const words = text.trim().toLowerCase();
	if (words === "") return [];
	const hits: Hit[] = [];
	for (const { node } of nodes) {
		if (node.toLowerCase().includes(words))
			hits.push({ kind: "node", id: node, name: shown(node), more: "", state: null });
		if (hits.length >= mostHits / 2) break;
	}
	for (const { storage, type } of stored) {
		if (hits.length >= (mostHits * 2) / 3) break;
		if (storage.toLowerCase().includes(words))
			hits.push({ kind: "storage", id: storage, name: shown(storage), more: shown(type), state: null });
	}
	for (const lun of luns) {
		if (hits.length >= mostHits) break;
		const above = storages.get(lun.wwid) ?? [];
		if (![lun.wwid, lun.alias ?? "", ...above].some((name) => name.toLowerCase().includes(words))) continue;
		const more = [
			...(lun.alias === null ? [] : [shown(lun.wwid)]),
			sizeText(lun.size),
			...(above.length === 0 ? [] : [`storage ${above.map(shown).join(", ")}`]),
		].join(" · ");
		hits.push({ kind: "LUN", id: lun.wwid, name: nameOf(lun), more, state: lun.state });
	}
	return hits;
}
