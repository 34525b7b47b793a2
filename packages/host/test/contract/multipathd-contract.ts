import { configChecks } from "./config-checks.ts";
import type { Check } from "./contract-host.ts";
import { listingChecks } from "./listing-checks.ts";
import { pathChecks } from "./path-checks.ts";
import { protocolChecks } from "./protocol-checks.ts";

export type { Check, ContractHost, ContractLun } from "./contract-host.ts";

/**
 * What holds for every release of multipathd, 0.9.4 to 0.15.1, real or simulated. Checks run one after another on one
 * host; each begins by bringing the host to the configuration it needs.
 */
export const multipathdContract: readonly Check[] = [
	...protocolChecks,
	...listingChecks,
	...configChecks,
	...pathChecks,
];
