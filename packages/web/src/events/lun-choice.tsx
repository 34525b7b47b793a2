import type { PictureLun } from "@pathkeeper/model";
import { useId, useMemo, useState } from "react";
import { TextInput } from "../ui/kit.ts";
import { shown } from "../ui/words.ts";

const mostOffered = 50;

/** Chooses a LUN by alias or WWID, out of however many there are; those that fit are offered while it is typed. */
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
						.slice(0, mostOffered),
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
			<TextInput
				label="LUN"
				placeholder="All LUNs"
				list={list}
				value={text}
				spellCheck={false}
				error={isLoose ? looseText(offered.length) : undefined}
				onChange={(event) => type(event.currentTarget.value)}
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
	if (offered === 0) return "No LUN is called that.";
	return offered < mostOffered ? `${offered} fit; choose one` : "Many fit; type more";
}
