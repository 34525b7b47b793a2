import { type Check, warning } from "../diagnosis.ts";
import { known } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import { install } from "./fixes.ts";
import { isAbsent } from "./multipath-tools.ts";

const rebuild = "update-initramfs -u";
const elsewhere = "RHEL and similar: dracut -f; SUSE: the same.";

const root: Check<Facts> = {
	name: "initramfs",
	fine: "the boot image finds the root file system through its map",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const { rootOnMap } = known(facts.luns);
		if (rootOnMap === null) return null;
		const finding = known(facts.initramfs);
		if (finding === null) return [];
		if (finding.code === "initramfs-unknown") throw new Error(finding.text);
		return [
			warning({
				code: finding.code,
				what: finding.text,
				where: finding.subject,
				fix:
					finding.code === "initramfs-without-multipath"
						? [install("multipath-tools-boot"), rebuild]
						: [
								"# a hook that copies conf.d: see /usr/share/initramfs-tools/hooks/multipath for how it copies multipath.conf",
								rebuild,
								"lsinitramfs /boot/initrd.img-$(uname -r) | grep multipath",
							],
				why: `the machine boots with other maps than it runs with, or from a single path. ${elsewhere}`,
			}),
		];
	},
};

const age: Check<Facts> = {
	name: "initramfs-outdated",
	fine: "the boot image knows the configuration of multipath as it is",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		// A boot image that needs no map may have old files: multipathd reads the new ones once root is mounted.
		if (known(facts.luns).rootOnMap === null) return null;
		const { path, takesMultipath, changedSince } = known(facts.bootImage);
		if (!takesMultipath || path === null) return null;
		if (changedSince.length === 0) return [];
		return [
			warning({
				code: "initramfs-outdated",
				what: `the boot image was made before ${changedSince.join(", ")} changed`,
				where: path,
				fix: [rebuild],
				why: `at boot multipath goes by the old files: LUNs that were allowed since get their maps late, and names may differ. ${elsewhere}`,
			}),
		];
	},
};

export const bootChecks: readonly Check<Facts>[] = [root, age];
