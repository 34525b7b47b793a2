/** What makes a guest one that reaches the array over the two fabrics and nothing else. */
import { fabricCards, fabrics, pciSlotOf } from "../guest/layout.ts";
import { networks } from "./san-luns.ts";

/**
 * Shell commands that leave the disks that only this guest has, and give the cards of the fabrics their addresses,
 * which end with `last`.
 */
export function fabricSetup(last: number): string {
	const own = fabrics.map((fabric) => `*/0000:00:${pciSlotOf[fabric].toString(16)}.0/*`).join("|");
	return `
set -e
for disk in /sys/block/sd*; do
	case $(readlink -f $disk) in ${own}) echo 1 > $disk/device/delete ;; esac
done
${fabrics
	.map((fabric, index) => {
		const { device } = fabricCards[fabric];
		// Every guest begins with the same addresses on its cards.
		return `ip link set ${device} address 52:54:00:00:0${index}:${last}
ip link set ${device} up
ip address add ${networks[fabric].prefix}.${last}/24 dev ${device}`;
	})
	.join("\n")}
`;
}
