import type { Host } from "@pathkeeper/host";
import { messageOf, pathState } from "@pathkeeper/model";

const deadlineMs = 10_000;

/** What a program that reads every device might wait on for ever, in words; null when each map has a path that answers. */
export async function deadDevice(host: Host): Promise<string | null> {
	try {
		const maps = await host.sysfs.kernelMaps();
		if (maps.length === 0) return null;
		const { maps: listed } = await host.multipathd.maps({ deadlineMs });
		for (const map of maps) {
			if (map.suspended) return `map ${map.name}, which is suspended`;
			const paths =
				listed.find(({ wwid }) => wwid === map.wwid)?.groups.flatMap((group) => group.paths) ?? [];
			if (!paths.some((path) => pathState(path) === "usable"))
				return `map ${map.name}, which has no usable path`;
		}
		return null;
	} catch (error) {
		return `a map without paths, of which nothing is known: ${messageOf(error)}`;
	}
}
