import { type Check, note, warning } from "../diagnosis.ts";
import { known } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import { install } from "./fixes.ts";
import { isAlone } from "./own.ts";

export const clockChecks: readonly Check<Facts>[] = [
	{
		name: "clock-not-synchronised",
		fine: "the clock is synchronised",
		judge: (facts) => {
			const { synchronised, source } = known(facts.clock);
			if (synchronised) return [];
			// Only hosts that are compared with each other depend on it; a fresh virtual machine often has no time service.
			const said = isAlone(facts) ? note : warning;
			return [
				said({
					code: "clock-not-synchronised",
					what: `the clock of this machine is not synchronised (${source})`,
					where: null,
					fix: [
						"timedatectl set-ntp true",
						"# if that says 'NTP not supported':",
						install("systemd-timesyncd"),
						"timedatectl timesync-status",
					],
					why: "certificates, tickets and the order of the log depend on it. RHEL and similar, and Proxmox VE: chrony (chronyc tracking).",
				}),
			];
		},
	},
];
