import { effectiveConf, keyOfKeyword, settableKeywords } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LunAnswer } from "../api/answers.ts";
import { type ConfigAnswer, configQuery } from "../api/queries.ts";
import { counted } from "../ui/counted.ts";
import { CheckField } from "../ui/fields.tsx";
import { type Column, List } from "../ui/list.tsx";
import { Panel } from "../ui/panel.tsx";
import { arrayText, shown } from "../ui/shown.ts";

interface Setting {
	readonly key: string;
	readonly value: string;
	readonly origin: "LUN" | "override" | "default" | "built-in";
	readonly effect: string;
}

/** The settings that apply to the LUN and where each is set, in the order of precedence of multipath-tools. */
function settingsOf(config: ConfigAnswer, wwid: string): readonly Setting[] {
	const lun = new Map<string, unknown>(Object.entries(config.luns.find((one) => one.wwid === wwid) ?? {}));
	const defaults = new Map<string, unknown>(Object.entries(config.defaults));
	const { overrides } = effectiveConf([{ name: "multipath-overrides.conf", text: config.overrides }]);
	return settableKeywords("multipaths").map((keyword): Setting => {
		const key = keyOfKeyword(keyword);
		const { effect } = keyword;
		const own = lun.get(key);
		if (typeof own === "string") return { key, value: own, origin: "LUN", effect };
		const over = overrides[keyword.name];
		if (over !== undefined) return { key, value: over, origin: "override", effect };
		const general = defaults.get(key);
		if (typeof general === "string") return { key, value: general, origin: "default", effect };
		return { key, value: keyword.default ?? "depends on the array", origin: "built-in", effect };
	});
}

/** The settings that apply to the LUN, and where each is set. */
export function LunSettings({ lun: { wwid, vendor, model } }: { readonly lun: LunAnswer }) {
	const { data } = useQuery(configQuery);
	const [isWhole, setWhole] = useState(false);
	if (data === undefined) return null;
	const all = settingsOf(data, wwid);
	const set = all.filter(({ origin }) => origin !== "built-in");
	const rows = isWhole ? all : set;
	const { devices } = effectiveConf([{ name: "multipath-overrides.conf", text: data.overrides }]);
	return (
		<Panel
			title="Settings"
			aside={<CheckField size="xs" label="with built-in values" value={isWhole} onChange={setWhole} />}
			wide
		>
			<List
				label="Settings of the LUN"
				thing="setting"
				rows={rows}
				keyOf={({ key }) => key}
				columns={columns}
				empty={
					<p>
						Nothing is set for it: the built-in values of multipath-tools apply, those for{" "}
						{arrayText(vendor, model, "its array")} first.
					</p>
				}
			/>
			<p className="hint">
				What multipath-tools knows of the array overrides values from <i>default</i> and <i>built-in</i>
				{devices.length > 0
					? `; so do the ${counted(devices.length, "device section")} in the overrides`
					: ""}
				.
			</p>
		</Panel>
	);
}

const columns: readonly Column<Setting>[] = [
	{ head: "Setting", cell: ({ key }) => <code>{key}</code>, title: ({ effect }) => effect },
	{ head: "Value", cell: ({ value }) => shown(value) },
	{ head: "From", cell: ({ origin }) => origin },
];
