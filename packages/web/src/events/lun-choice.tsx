import type { PictureLun } from "@pathkeeper/model";
import { useId, useMemo, useState } from "react";
import { TextField } from "../ui/fields.tsx";
import { shown } from "../ui/shown.ts";

const maxOffered = 50;

/** Chooses a LUN by alias or WWID; those that match are offered while it is typed. */
export function LunChoice({
	luns,
	value,
	onChange,
}: {
	readonly luns: readonly PictureLun[];
	/** WWID; empty: all. */
	readonly value: string;
	readonly onChange: (wwid: string) => void;
}) {
	const list = useId();
	const chosen = luns.find(({ wwid }) => wwid === value);
	const [typed, setTyped] = useState<string | null>(null);
	const text = typed ?? chosen?.alias ?? value;
	const words = text.trim().toLowerCase();
	const offered = useMemo(
		() =>
			words === ""
				? []
				: luns
						.filter(({ alias, wwid }) => `${alias ?? ""} ${wwid}`.toLowerCase().includes(words))
						.slice(0, maxOffered),
		[luns, words],
	);
	const type = (next: string) => {
		setTyped(next);
		const name = next.trim();
		const found = luns.find(({ alias, wwid }) => alias === name || wwid === name);
		if (name === "" || found !== undefined) onChange(found?.wwid ?? "");
	};
	const isLoose = words !== "" && chosen?.alias !== text.trim() && value !== text.trim();
	return (
		<>
			<TextField
				label="LUN"
				placeholder="All LUNs"
				list={list}
				value={text}
				error={isLoose ? looseText(offered.length) : undefined}
				onChange={type}
			/>
			<datalist id={list}>
				{offered.map(({ wwid, alias }) => (
					<option key={wwid} value={alias ?? wwid}>
						{alias === null ? "" : shown(wwid)}
					</option>
				))}
			</datalist>
		</>
	);
}

function looseText(offered: number): string {
	if (offered === 0) return "No LUN matches.";
	return offered < maxOffered ? `${offered} match; choose one` : "Many match; type more";
}
