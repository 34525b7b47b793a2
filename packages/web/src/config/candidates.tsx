import { sizeText } from "@pathkeeper/model";
import { useQueries } from "@tanstack/react-query";
import { type ConfigAnswer, type DiskAnswer, disksQuery } from "../api/queries.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { Button } from "../ui/kit.ts";
import { Empty, Notice } from "../ui/notice.tsx";
import { Panel, Scroll } from "../ui/panel.tsx";
import { counted, shown } from "../ui/words.ts";

interface Candidate {
	readonly wwid: string;
	readonly sizes: readonly number[];
	readonly array: string;
	readonly carries: readonly string[];
	readonly nodes: readonly string[];
	readonly fewestPaths: number;
	readonly mostPaths: number;
}

/** LUNs that nodes see and nobody allowed. */
export function Candidates({
	allowed,
	onAllow,
	onType,
}: {
	readonly allowed: ConfigAnswer["luns"];
	/** Null: who looks may not. */
	readonly onAllow: ((wwid: string) => void) | null;
	readonly onType: (() => void) | null;
}) {
	const { picture } = useFleet();
	const nodes = picture.nodes.filter(({ online }) => online === 1).map(({ node }) => node);
	const answers = useQueries({
		queries: nodes.map((node) => ({ ...disksQuery(node), refetchInterval: 15_000, retry: false })),
	});
	const isListed = new Set(allowed.map(({ wwid }) => wwid));
	const seen = answers.map(({ data }, at) => ({ node: nodes[at] ?? "", disks: data ?? [] }));
	const found = candidatesOf(seen).filter(({ wwid }) => !isListed.has(wwid));
	const dark = answers.flatMap(({ error }, at) => (error === null ? [] : [nodes[at] ?? ""]));
	const isPending = answers.some((answer) => answer.isPending);
	return (
		<Panel
			title={`Seen and not allowed${found.length > 0 ? ` · ${found.length}` : ""}`}
			wide
			aside={
				onType === null ? undefined : (
					<Button size="compact-sm" variant="default" onClick={onType}>
						Allow by WWID
					</Button>
				)
			}
		>
			{dark.length === 0 ? null : (
				<div className="padded">
					<Notice kind="warning">What {dark.map(shown).join(", ")} see is not known now.</Notice>
				</div>
			)}
			{found.length === 0 ? (
				<Empty title={isPending ? "Asking the nodes …" : "No node sees any other LUN."}>
					{isPending
						? ""
						: "Map a LUN to the servers on the array and rescan there; it appears here within seconds."}
				</Empty>
			) : (
				<Scroll label="LUNs that nodes see and nobody allowed">
					<table className="list">
						<thead>
							<tr>
								<th scope="col">WWID</th>
								<th scope="col" className="number">
									Size
								</th>
								<th scope="col">Array</th>
								<th scope="col">Seen on</th>
								<th scope="col">Paths each</th>
								<th scope="col">Carries</th>
								{onAllow === null ? null : (
									<th scope="col">
										<span className="sr-only">Actions</span>
									</th>
								)}
							</tr>
						</thead>
						<tbody>
							{found.slice(0, 300).map((one) => (
								<tr key={one.wwid}>
									<td>
										<code>{shown(one.wwid)}</code>
									</td>
									<td className="number">{one.sizes.map(sizeText).join(" or ")}</td>
									<td>{one.array === "" ? "not told" : one.array}</td>
									<td title={one.nodes.map(shown).join(", ")}>
										{one.nodes.length} of {counted(picture.nodes.length, "node")}
									</td>
									<td>
										{one.fewestPaths === one.mostPaths
											? one.mostPaths
											: `${one.fewestPaths} to ${one.mostPaths}`}
									</td>
									<td>{one.carries.length === 0 ? "nothing known" : one.carries.map(shown).join(", ")}</td>
									{onAllow === null ? null : (
										<td className="tight">
											<Button
												size="compact-sm"
												aria-label={`Allow ${shown(one.wwid)}`}
												onClick={() => onAllow(one.wwid)}
											>
												Allow
											</Button>
										</td>
									)}
								</tr>
							))}
						</tbody>
					</table>
				</Scroll>
			)}
		</Panel>
	);
}

function candidatesOf(
	seen: readonly { readonly node: string; readonly disks: readonly DiskAnswer[] }[],
): readonly Candidate[] {
	const all = seen.flatMap(({ node, disks }) =>
		disks.flatMap((disk) => (disk.wwid === null ? [] : [{ node, disk, wwid: disk.wwid }])),
	);
	const byWwid = Map.groupBy(all, ({ wwid }) => wwid);
	return [...byWwid]
		.map(([wwid, places]): Candidate => {
			const paths = places.map(({ disk }) => disk.devices.length);
			const [first] = places;
			return {
				wwid,
				sizes: [...new Set(places.map(({ disk }) => disk.size))],
				array: [first?.disk.vendor, first?.disk.model]
					.flatMap((text) => (text ? [shown(text)] : []))
					.join(" "),
				carries: [...new Set(places.flatMap(({ disk }) => (disk.carries === null ? [] : [disk.carries])))],
				nodes: places.map(({ node }) => node),
				fewestPaths: Math.min(...paths),
				mostPaths: Math.max(...paths),
			};
		})
		.sort(
			(a, b) => b.nodes.length - a.nodes.length || b.mostPaths - a.mostPaths || (a.wwid < b.wwid ? -1 : 1),
		);
}
