import type { Host } from "@pathkeeper/host";
import { HostReader, type Observation, type ObserveOptions } from "../../src/observe/observe.ts";
import { Sweeps } from "../../src/observe/sweeps.ts";
import { fastClock } from "../one-node.ts";

/** The first look at a host. */
export async function lookOnce(host: Host, options: ObserveOptions): Promise<Observation> {
	return await new HostReader(host, new Sweeps(host.sysfs, fastClock)).observe(options);
}
