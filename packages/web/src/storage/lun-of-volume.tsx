import { Link } from "@tanstack/react-router";
import { useFleet } from "../live/fleet-context.tsx";
import { nameOf, shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";

/** The LUN that a volume is or is on, with its state. */
export function LunOfVolume({ wwid }: { readonly wwid: string }) {
	const { picture } = useFleet();
	const lun = picture.luns.find((one) => one.wwid === wwid);
	return (
		<span className="lun-of-volume">
			<Link to="/luns/$wwid" params={{ wwid }}>
				{lun === undefined ? shown(wwid) : nameOf(lun)}
			</Link>
			<StateWord state={lun?.state ?? "unknown"} />
		</span>
	);
}
