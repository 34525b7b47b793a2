import { lvmContract } from "../../../packages/host/test/contract/lvm-contract.ts";
import { multipathdContract } from "../../../packages/host/test/contract/multipathd-contract.ts";
import { firstLuns, type Suite } from "../../src/index.ts";
import { testsInGuest } from "./in-guest.ts";

const [first, , , , alike] = firstLuns;

/** The real daemon of a release keeps the contract that our simulator keeps. */
export function multipathdTests(suite: Suite): void {
	testsInGuest(suite, "multipathd-contract", multipathdContract, async (guest) => {
		const [version = ""] = /\d+\.\d+\.\d+/.exec(await guest.exec("dpkg-query --show multipath-tools")) ?? [];
		return { RELEASE: version, WWIDS: `${first.wwid},${alike.wwid}` };
	});
}

/** The real LVM of a release keeps the contract that our simulated one keeps, on maps. */
export function lvmTests(suite: Suite): void {
	testsInGuest(suite, "lvm-contract", lvmContract, async (guest) => {
		const devices = [first, alike].map(({ wwid }) => `/dev/disk/by-id/dm-uuid-mpath-${wwid}`);
		await guest.exec(`multipath -a ${first.wwid}; multipath -a ${alike.wwid}; multipathd reconfigure`);
		await guest.until("both maps", async () => {
			return (await guest.tryExec(devices.map((device) => `test -b ${device}`).join(" && "))).code === 0;
		});
		return { DEVICES: devices.join(",") };
	});
}
