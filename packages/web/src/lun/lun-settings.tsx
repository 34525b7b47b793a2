import { effectiveConf, keyOfKeyword, settableKeywords } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ConfigAnswer, configQuery } from "../api/queries.ts";
import { Checkbox } from "../ui/kit.ts";
import { Panel, Scroll } from "../ui/panel.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { shown } from "../ui/words.ts";

interface Setting {
	readonly key: string;
	readonly value: string;
	readonly origin: "LUN" | "override" | "default" | "built-in";
	readonly effect: string;
}

/** What holds for the LUN and where that comes from, in the order in which multipath-tools lets one win. */
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

export function LunSettings({
	wwid,
	vendor,
	model,
}: {
	readonly wwid: string;
	readonly vendor: string | null;
	readonly model: string | null;
}) {
	const { data } = useQuery(configQuery);
	const [isWhole, setWhole] = useState(false);
	if (data === undefined) return null;
	const all = settingsOf(data, wwid);
	const set = all.filter(({ origin }) => origin !== "built-in");
	const rows = isWhole ? all : set;
	const { devices } = effectiveConf([{ name: "multipath-overrides.conf", text: data.overrides }]);
	const array = [vendor, model].filter((text) => text !== null).join(" ");
	return (
		<Panel
			title="Settings"
			aside={
				<Checkbox
					size="xs"
					label="built-in ones, too"
					checked={isWhole}
					onChange={(event) => setWhole(event.currentTarget.checked)}
				/>
			}
			wide
		>
			{rows.length === 0 ? (
				<p>
					Nothing is set for it: multipath-tools' own values hold, those for{" "}
					{array === "" ? "its array" : shown(array)} first.
				</p>
			) : (
				<Scroll label="Settings of the LUN">
					<table className="list">
						<TableHead columns={["Setting", "Value", "From"]} />
						<tbody>
							{rows.map(({ key, value, origin, effect }) => (
								<tr key={key}>
									<td title={effect}>
										<code>{key}</code>
									</td>
									<td>{shown(value)}</td>
									<td>{origin}</td>
								</tr>
							))}
						</tbody>
					</table>
				</Scroll>
			)}
			<p className="hint">
				A value from <i>default</i> or <i>built-in</i> gives way to what multipath-tools knows of the array
				{devices.length > 0 ? ` and to the ${devices.length} device blocks in the overrides` : ""}.
			</p>
		</Panel>
	);
}
