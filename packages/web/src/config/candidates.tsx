import { sizeText } from "@pathkeeper/model";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { type ConfigAnswer, type DiskAnswer, disksQuery } from "../api/queries.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button } from "../ui/kit.ts";
import { Empty, Notice } from "../ui/notice.tsx";
import { Panel, Scroll } from "../ui/panel.tsx";
import { counted, namesOf, shown } from "../ui/words.ts";

interface Candidate {
	readonly wwid: string;
	readonly sizes: readonly number[];
	readonly array: string;
	readonly carries: readonly string[];
	readonly nodes: readonly string[];
	readonly fewestPaths: number;
	readonly mostPaths: number;
}

/** A node and what it sees. */
interface Asked {
	readonly node: string;
	/** Null: not known, or not yet. */
	readonly disks: readonly DiskAnswer[] | null;
	readonly isPending: boolean;
}

const page = 300;

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
	const { picture, isKnown } = useFleet();
	const [most, setMost] = useState(page);
	const answers = useQueries({
		queries: picture.nodes.map(({ node, online }) => ({
			...disksQuery(node),
			enabled: online === 1,
			refetchInterval: picture.nodes.length <= 8 ? 15_000 : 60_000,
		})),
	});
	const isListed = new Set(allowed.map(({ wwid }) => wwid));
	const asked = picture.nodes.map(({ node, online }, at): Asked => {
		const { data, error = null } = answers[at] ?? {};
		if (online === 0 || error !== null) return { node, disks: null, isPending: false };
		return { node, disks: data ?? null, isPending: data === undefined };
	});
	const seen = asked.flatMap(({ node, disks }) => (disks === null ? [] : [{ node, disks }]));
	const found = candidatesOf(seen).filter(({ wwid }) => !isListed.has(wwid));
	const dark = asked.flatMap(({ node, disks, isPending }) => (disks === null && !isPending ? [node] : []));
	const isPending = !isKnown || asked.some((one) => one.isPending);
	const unheard = dark.length === 0 ? "" : `; ${namesOf(dark)} not known`;
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
					<Notice kind="warning">What LUNs {namesOf(dark)} can see is not known now.</Notice>
				</div>
			)}
			{found.length === 0 ? (
				<NoCandidate isPending={isPending} answered={seen.length} all={asked.length} />
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
							{found.slice(0, most).map((one) => (
								<tr key={one.wwid}>
									<td>
										<code>{shown(one.wwid)}</code>
									</td>
									<td className="number">{one.sizes.map(sizeText).join(" or ")}</td>
									<td>{one.array === "" ? "not reported" : one.array}</td>
									<td title={one.nodes.map(shown).join(", ")}>
										{seen.length === asked.length
											? `${one.nodes.length} of ${counted(asked.length, "node")}`
											: `${one.nodes.length} of ${seen.length} that ${seen.length === 1 ? "answers" : "answer"}${isPending ? ", asking others" : ""}${unheard}`}
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
			{found.length > most ? (
				<Button variant="subtle" m="xs" onClick={() => setMost(most + page)}>
					Show more of {counted(found.length, "LUN")}
				</Button>
			) : null}
		</Panel>
	);
}

function NoCandidate({
	isPending,
	answered,
	all,
}: {
	readonly isPending: boolean;
	readonly answered: number;
	readonly all: number;
}) {
	if (isPending) return <Empty title="Asking the nodes …" />;
	if (all === 0) return <EmptyPlace place="noNode" />;
	return <EmptyPlace place={answered === 0 ? "noAnswer" : "noCandidate"} />;
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
