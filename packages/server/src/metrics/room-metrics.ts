import type { StoreSpace } from "@pathkeeper/store";
import { fullnessOf } from "../room/fullness.ts";
import type { Family } from "./exposition.ts";

/** The room of the store as metrics; none when it is not known. */
export function roomFamilies(space: StoreSpace | null): readonly Family[] {
	if (space === null) return [];
	const gauge = (name: string, help: string, value: number): Family => ({
		name,
		help,
		samples: [{ labels: {}, value }],
	});
	const fullness = fullnessOf(space);
	return [
		gauge("pathkeeper_store_used_bytes", "What documents and their kept past take.", space.used),
		gauge("pathkeeper_store_size_bytes", "What of the store counts against its quota.", space.size),
		gauge("pathkeeper_store_quota_bytes", "What the store may take.", space.quota),
		gauge(
			"pathkeeper_store_refuses_changes",
			"Whether changes are refused because the store is nearly full (1) or full (2).",
			fullness === "full" ? 2 : fullness === "reserved" ? 1 : 0,
		),
	];
}
