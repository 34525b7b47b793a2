import type { Check } from "../diagnosis.ts";
import type { Facts } from "../facts/facts.ts";
import { bootChecks } from "./boot.ts";
import { certificateChecks } from "./certificates.ts";
import { clockChecks } from "./clock.ts";
import { iscsiChecks } from "./iscsi.ts";
import { lvmChecks } from "./lvm.ts";
import { confReadableCheck, multipathConfChecks } from "./multipath-conf.ts";
import { multipathLunChecks } from "./multipath-luns.ts";
import { multipathPresenceChecks, multipathToolsChecks } from "./multipath-tools.ts";
import { ownChecks } from "./own.ts";
import { spaceChecks } from "./space.ts";
import { storeChecks } from "./store.ts";

/** In the order of urgency among equals: what keeps the host's I/O, then the fleet, then what bites at the next boot. */
export const allChecks: readonly Check<Facts>[] = [
	...spaceChecks,
	...multipathPresenceChecks,
	confReadableCheck,
	...multipathToolsChecks,
	...multipathConfChecks,
	...multipathLunChecks,
	...lvmChecks,
	...iscsiChecks,
	...ownChecks,
	...certificateChecks,
	...storeChecks,
	...clockChecks,
	...bootChecks,
];
