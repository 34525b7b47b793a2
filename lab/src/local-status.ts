import { type FleetStatus, fleetStatusFrom } from "./fleet/fleet-status.ts";
import { LabError } from "./lab-error.ts";
import type { LocalApi } from "./local-api.ts";

/** What a daemon says of LUNs and nodes. Throws LabError when it gives no answer. */
export async function statusThrough(api: LocalApi): Promise<FleetStatus> {
	const data = await api.get("/cluster/multipath/status");
	const status = fleetStatusFrom(data);
	if (status === undefined) throw new LabError(`the status of the fleet: ${JSON.stringify(data)}`);
	return status;
}
