import { multipathRoutes } from "@pathkeeper/model";
import { useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import type { ConfigAnswer } from "../api/queries.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";

/** Removes a LUN from the allow-list, after a question; shows what still uses it where that is refused. */
export function Forget({
	lun,
	digest,
	onClose,
}: {
	readonly lun: ConfigAnswer["luns"][number];
	readonly digest: string;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	const name = shown(lun.alias ?? lun.wwid);
	return (
		<Confirm
			title={`Forget ${name}?`}
			action={`Forget ${name}`}
			keep="Keep it"
			refusal={`${name} stays.`}
			advice="Stop what uses it there, then try again."
			force={{
				label: "Leave out nodes that cannot be asked",
				description: "They may still use it. A map that is open is never removed.",
			}}
			run={(isForced) =>
				client.call(multipathRoutes.forgetLun, {
					wwid: lun.wwid,
					digest,
					...(isForced ? { force: 1 as const } : {}),
				})
			}
			onDone={() => void queries.invalidateQueries({ queryKey: ["config"] })}
			result={({ verified, log }) => (
				<Notice
					kind={verified === 1 ? "good" : "warning"}
					title={
						verified === 1
							? `${name} is forgotten.`
							: `${name} is off the allow-list; not every node has confirmed it yet.`
					}
				>
					<ul>
						{log.map((line) => (
							<li key={line}>{shown(line)}</li>
						))}
					</ul>
				</Notice>
			)}
			onClose={onClose}
		>
			<p>
				Its maps are removed on every node, then it is removed from the allow-list. Its data is not touched.
				While anything uses it, on any node, nothing is changed.
			</p>
		</Confirm>
	);
}
