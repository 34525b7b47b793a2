import type { Host } from "@pathkeeper/host";
import { type Look, type LookOptions, Looks } from "../../src/observe/observe.ts";
import { Sweeps } from "../../src/observe/sweeps.ts";
import { fastClock } from "../one-node.ts";

/** The first look at a host. */
export async function lookOnce(host: Host, options: LookOptions): Promise<Look> {
	return await new Looks(host, new Sweeps(host.sysfs, fastClock)).look(options);
}
