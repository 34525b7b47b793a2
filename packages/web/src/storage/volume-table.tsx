import { sizeText } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ActionsMenu, type MenuAction } from "../ui/actions-menu.tsx";
import { Ago } from "../ui/age.tsx";
import { Button } from "../ui/kit.ts";
import { Scroll } from "../ui/panel.tsx";
import { counted, shown } from "../ui/words.ts";
import type { StorageAnswer, VolumeAnswer } from "./answers.ts";
import { isOfLuns } from "./is-of-luns.ts";
import { LunOfVolume } from "./lun-of-volume.tsx";
import { baseOf } from "./standing.ts";
import type { VolumeWork } from "./volume-work.ts";

const page = 100;

const growing: readonly Action[] = [
	{ value: "grow", text: "Grow" },
	{ value: "rename", text: "Rename" },
];
const activating: readonly Action[] = [
	{ value: "activate", text: "Activate on a node" },
	{ value: "deactivate", text: "Deactivate on a node" },
];

const removing: Action = { value: "remove", text: "Remove", isDanger: true };

type Action = MenuAction<VolumeWork>;

/** A file in a folder is there for whoever mounts that: there is nothing to activate. */
function actionsOf({ type }: StorageAnswer, volume: VolumeAnswer): readonly Action[] {
	if (!isImage(volume)) return [removing];
	return [...(type === "dir" ? [] : activating), ...growing, removing];
}

function isImage({ content }: VolumeAnswer): boolean {
	return content === "images" || content === "rootdir";
}

/** Volumes with their size, whose they are, and the LUN that they are or stand on. */
export function VolumeTable({
	storage,
	stored,
	volumes,
	onWork,
}: {
	readonly storage: StorageAnswer;
	readonly stored: readonly StorageAnswer[];
	readonly volumes: readonly VolumeAnswer[];
	/** Null: who looks may not, or there is nothing to do with them. */
	readonly onWork: ((volume: VolumeAnswer, work: VolumeWork) => void) | null;
}) {
	const [most, setMost] = useState(page);
	const isLuns = isOfLuns(storage);
	const base = baseOf(storage);
	const hasLun = isLuns || base !== null;
	return (
		<>
			<Scroll label="Volumes of the storage">
				<table className="list">
					<thead>
						<tr>
							<th scope="col">Volume</th>
							{hasLun ? <th scope="col">{isLuns ? "LUN" : "On LUN"}</th> : null}
							<th scope="col" className="number">
								Size
							</th>
							<th scope="col">{isLuns ? "What stands on it" : "Kind"}</th>
							{isLuns ? null : (
								<>
									<th scope="col">Guest</th>
									<th scope="col">Made</th>
								</>
							)}
							{onWork === null ? null : (
								<th scope="col">
									<span className="sr-only">Actions</span>
								</th>
							)}
						</tr>
					</thead>
					<tbody>
						{volumes.slice(0, most).map((volume) => {
							const volname = volume.volid.slice(storage.storage.length + 1);
							const lun = isLuns ? volname : base?.volname;
							return (
								<tr key={volume.volid}>
									<td>
										<code>{shown(volname)}</code>
									</td>
									{lun === undefined ? null : (
										<td>
											<LunOfVolume wwid={lun} />
										</td>
									)}
									<td className="number" title={`${volume.size.toLocaleString("en")} bytes`}>
										{sizeText(volume.size)}
									</td>
									<td>
										{isLuns ? (
											<StandingOn stored={stored} storage={storage.storage} wwid={volname} />
										) : (
											`${shown(volume.content)}, ${shown(volume.format)}`
										)}
									</td>
									{isLuns ? null : (
										<>
											<td>{volume.vmid ?? "–"}</td>
											<td className="tight">
												{volume.ctime === undefined ? "–" : <Ago at={volume.ctime * 1000} />}
											</td>
										</>
									)}
									{onWork === null ? null : (
										<td className="tight">
											<ActionsMenu
												label={`More for volume ${shown(volname)}`}
												actions={actionsOf(storage, volume)}
												onChoose={(work) => onWork(volume, work)}
											/>
										</td>
									)}
								</tr>
							);
						})}
					</tbody>
				</table>
			</Scroll>
			{volumes.length > most ? (
				<Button variant="subtle" m="xs" onClick={() => setMost(most + 400)}>
					Show more of {counted(volumes.length, "volume")}
				</Button>
			) : null}
			{volumes.length === 0 ? <p className="hint">None fits the filter.</p> : null}
		</>
	);
}

/** Storages whose base the LUN is. */
function StandingOn({
	stored,
	storage,
	wwid,
}: {
	readonly stored: readonly StorageAnswer[];
	readonly storage: string;
	readonly wwid: string;
}) {
	const above = stored.filter((other) => {
		const base = baseOf(other);
		return base?.volname === wwid && base.storage.toLowerCase() === storage.toLowerCase();
	});
	if (above.length === 0) return <span className="hint">no storage</span>;
	return above.map((other, at) => (
		<span key={other.storage}>
			{at === 0 ? "" : ", "}
			<Link to="/storage/$storage" params={{ storage: other.storage }}>
				{shown(other.storage)}
			</Link>
		</span>
	));
}
