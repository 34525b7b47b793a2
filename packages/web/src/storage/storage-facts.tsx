import { commonProperties, propertyOf } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Facts } from "../ui/panel.tsx";
import { shown } from "../ui/shown.ts";
import type { StorageAnswer } from "./answers.ts";
import { isOfLuns } from "./is-of-luns.ts";
import { LunOfVolume } from "./lun-of-volume.tsx";
import { useStorageTypes } from "./storage-queries.ts";
import { baseOf } from "./storage-state.ts";
import { valuesOf } from "./storage-text.ts";

const hasOwnRow = new Set(["content", "shared", "disable", "nodes", "base"]);

const names: Readonly<Record<string, string>> = { vgname: "Volume group", path: "Folder" };

/** The properties of a storage, and what it is built on. */
export function StorageFacts({
	storage,
	stored,
}: {
	readonly storage: StorageAnswer;
	readonly stored: readonly StorageAnswer[];
}) {
	const values = valuesOf(storage);
	const base = baseOf(storage);
	const above = stored.filter((other) => baseOf(other)?.storage === storage.storage);
	const rest = [...values].filter(([name]) => !hasOwnRow.has(name));
	const rows: (readonly [string, ReactNode])[] = [
		["Type", shown(storage.type)],
		["Content", shown(storage.content.replaceAll(",", ", "))],
		["Nodes", values.has("nodes") ? shown(values.get("nodes")?.replaceAll(",", ", ") ?? "") : "all"],
		["Shared", storage.shared === 1 ? "yes: every node sees the same volumes" : "no"],
		...(values.get("disable") === "1" ? [["Disabled", "yes: no node uses it"] as const] : []),
		...(base === null
			? []
			: [
					["On LUN", <LunOfVolume key="lun" wwid={base.volname} />] as const,
					[
						"of storage",
						<Link key="base" to="/storage/$storage" params={{ storage: base.storage }}>
							{shown(base.storage)}
						</Link>,
					] as const,
				]),
		...rest.map(
			([name, value]) =>
				[names[name] ?? name, <Value key={name} storage={storage} name={name} value={value} />] as const,
		),
		...(isOfLuns(storage)
			? [
					[
						"Active means",
						"multipathd answers on the node; the state of each LUN is shown in the list of volumes",
					] as const,
				]
			: []),
		...(above.length === 0
			? []
			: [["Used by", above.map((other) => shown(other.storage)).join(", ")] as const]),
	];
	return <Facts rows={rows} />;
}

function Value({
	storage,
	name,
	value,
}: {
	readonly storage: StorageAnswer;
	readonly name: string;
	readonly value: string;
}) {
	const type = useStorageTypes().find((known) => known.type === storage.type);
	const property = type === undefined ? commonProperties[name] : propertyOf(type, name);
	const text = property?.kind === "flag" ? (value === "1" ? "yes" : "no") : shown(value);
	return <span title={property?.description}>{text}</span>;
}
