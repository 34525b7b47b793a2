import { knownHoles, restartNeeded } from "@pathkeeper/host";
import { type Check, type Diagnosis, error, note, warning } from "../diagnosis.ts";
import { known } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import { install, journal } from "./fixes.ts";

const noMaps = "without it no LUN gets a map, and programs see single paths";

const isInstalled: Check<Facts> = {
	name: "multipath-tools-missing",
	fine: "multipath-tools is installed",
	judge: (facts) => {
		if (!forHosts(facts)) return null;
		if (known(facts.installed)) return [];
		return [
			error({
				code: "multipath-tools-missing",
				what: "multipath-tools is not installed",
				where: null,
				fix: [install("multipath-tools"), "systemctl enable --now multipathd.service"],
				why: `${noMaps}. RHEL and similar: dnf install device-mapper-multipath; SUSE: zypper install multipath-tools.`,
			}),
		];
	},
};

const module: Check<Facts> = {
	name: "dm-multipath-missing",
	fine: "the kernel has dm-multipath",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const { dmMultipath, release } = known(facts.kernel);
		if (dmMultipath === "unknown") throw new Error(`/lib/modules/${release} has no list of modules`);
		if (dmMultipath === "absent")
			return [
				error({
					code: "dm-multipath-missing",
					what: `kernel ${release} has no module dm-multipath`,
					where: `/lib/modules/${release}`,
					fix: [
						install("linux-image-$(dpkg --print-architecture)"),
						"reboot",
						"# if this is still the running kernel afterwards: uname -r and ls /lib/modules must agree",
					],
					why: `${noMaps}; a kernel whose modules were removed by an upgrade needs a reboot, and a small (cloud) kernel may lack it.`,
				}),
			];
		if (dmMultipath === "available" && isRunning(facts))
			return [
				error({
					code: "dm-multipath-missing",
					what: "multipathd runs, but the kernel module dm-multipath is not loaded",
					where: null,
					fix: ["modprobe dm-multipath", "echo dm-multipath > /etc/modules-load.d/dm-multipath.conf"],
					why: `${noMaps}; if modprobe refuses it, the end of dmesg says why.`,
				}),
			];
		return [];
	},
};

const commandLine: Check<Facts> = {
	name: "multipath-off-at-boot",
	fine: "the kernel command line does not disable multipath",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const found = known(facts.kernel).commandLine.find(
			(word) => word === "nompath" || word.startsWith("nompath=") || word === "multipath=off",
		);
		if (found === undefined) return [];
		return [
			error({
				code: "multipath-off-at-boot",
				what: `the kernel command line says '${found}', so udev leaves paths alone and systemd starts no multipathd`,
				where: "/proc/cmdline",
				fix: [
					`# take ${found} out of GRUB_CMDLINE_LINUX and GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub`,
					"update-grub",
					"reboot",
				],
				why: `${noMaps}. RHEL and similar: grubby --update-kernel=ALL --remove-args=${found}. Proxmox VE that boots by systemd-boot: /etc/kernel/cmdline and proxmox-boot-tool refresh.`,
			}),
		];
	},
};

const runs: Check<Facts> = {
	name: "multipathd-not-running",
	fine: "multipathd runs",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const liveness = known(facts.daemon.liveness);
		if (liveness.state === "running") return [];
		const unit = facts.units.known ? facts.units.value.get("multipathd.service") : undefined;
		const isMasked = unit?.load === "masked";
		const hasFailed = unit?.active === "failed";
		const state = isMasked
			? "its unit is masked"
			: hasFailed
				? `it failed (${unit?.result})`
				: liveness.problem;
		return [
			error({
				code: "multipathd-not-running",
				what: `multipathd does not run: ${state}`,
				where: "multipathd.service",
				fix: [
					...(hasFailed ? [journal("multipathd.service"), "systemctl reset-failed multipathd.service"] : []),
					...(isMasked ? ["systemctl unmask multipathd.service multipathd.socket"] : []),
					"systemctl enable --now multipathd.service",
				],
				why: "existing maps keep working, but a failed path is not retried and new LUNs get no map.",
			}),
		];
	},
};

const answers: Check<Facts> = {
	name: "multipathd-silent",
	fine: "multipathd answers",
	judge: (facts) => {
		if (!isRunning(facts)) return null;
		const { answer } = facts.daemon;
		if (typeof answer !== "string") return [];
		return [
			error({
				code: "multipathd-silent",
				what: `multipathd runs and does not answer: ${answer}`,
				where: "multipathd.service",
				fix: [
					"multipathd show daemon",
					journal("multipathd.service"),
					"# if it stays silent, in a quiet hour:",
					"systemctl restart multipathd.service",
				],
				why: "it may wait for a dead device, or still be reading its configuration. Maps keep working meanwhile. While multipathd restarts, a map without a path gives errors at once instead of queueing.",
			}),
		];
	},
};

const startsAtBoot: Check<Facts> = {
	name: "multipathd-not-at-boot",
	fine: "multipathd is started at boot",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const units = known(facts.units);
		const service = units.get("multipathd.service");
		if (service === undefined || service.load === "not-found")
			throw new Error("systemd knows no multipathd.service");
		if (service.file !== "disabled" && service.file !== "masked") return [];
		const bySocket = units.get("multipathd.socket")?.file === "enabled";
		return [
			warning({
				code: bySocket ? "multipathd-only-by-socket" : "multipathd-not-at-boot",
				what: bySocket
					? "multipathd is started only when somebody asks its socket: its service is not enabled"
					: `multipathd is not started at boot: its service is ${service.file}`,
				where: "multipathd.service",
				fix: [
					...(service.file === "masked" ? ["systemctl unmask multipathd.service"] : []),
					"systemctl enable --now multipathd.service",
				],
				why: "after the next boot LVM, mounts and guests may start on single paths before maps exist.",
			}),
		];
	},
};

const udevRules: Check<Facts> = {
	name: "multipath-udev-rules",
	fine: "udev has the rules of multipath",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const { shipped, masks } = known(facts.multipath.udev);
		const effect =
			"udev does not mark paths as multipath's, so that LVM, file systems and installers take single paths.";
		const hidden = masks.filter(({ empty }) => empty);
		if (hidden.length > 0)
			return hidden.map(({ path }) =>
				error({
					code: "multipath-udev-rules-hidden",
					what: `${path} takes the place of the udev rules of multipath and is empty`,
					where: path,
					fix: [`rm ${path}`, "udevadm control --reload", "udevadm trigger --subsystem-match=block"],
					why: effect,
				}),
			);
		if (shipped.length > 0 || masks.length > 0) return [];
		return [
			error({
				code: "multipath-udev-rules-missing",
				what: "the udev rules of multipath are missing",
				where: "/usr/lib/udev/rules.d",
				fix: ["apt-get install --reinstall multipath-tools", "udevadm control --reload"],
				why: effect,
			}),
		];
	},
};

const restart: Check<Facts> = {
	name: "multipathd-restart-needed",
	fine: "the running multipathd is the installed one",
	judge: (facts) => {
		if (!isRunning(facts)) return null;
		const finding = restartNeeded(runningVersion(facts), facts.tools.known ? facts.tools.value : null);
		// A distribution mends its package under the old number; then only the files tell.
		const replaced = finding === null ? known(facts.daemon.replacedFiles) : [];
		if (finding === null && replaced.length === 0) return [];
		return [
			warning({
				code: "multipathd-restart-needed",
				what:
					finding?.text.split(";")[0] ??
					`multipathd still runs files that were replaced on disk: ${replaced.join(", ")}`,
				where: "multipathd.service",
				fix: ["# in a quiet hour:", "systemctl restart multipathd.service"],
				why: "the fixes of the newer package are not in the running process. While it restarts, a map without a path gives errors at once instead of queueing, and paths that were failed by hand come back: do it when every map has its paths.",
			}),
		];
	},
};

const holes: Check<Facts> = {
	name: "multipath-tools-known-holes",
	fine: "multipath-tools has no known security holes",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const version = facts.tools.known ? facts.tools.value : (runningVersion(facts) ?? known(facts.tools));
		if (version === null) return null;
		const found: Diagnosis[] = [];
		if (version === "0.14.1" || version === "0.14.2")
			found.push(
				warning({
					code: "multipath-tools-bad-release",
					what: `multipath-tools ${version} is marked 'do not use' by its authors: maps may be missing at boot`,
					where: null,
					fix: ["apt-get update", "apt-get install --only-upgrade multipath-tools"],
					why: "0.14.3 fixes it.",
				}),
			);
		const finding = knownHoles(version);
		if (finding?.code === "multipath-tools-version-unknown") throw new Error(finding.text);
		if (finding !== null)
			// The number tells nothing of what the distribution mended under it: each Debian host would be warned for ever.
			found.push(
				note({
					code: "multipath-tools-known-holes",
					what: finding.text,
					where: null,
					fix: [
						"apt-get update",
						"apt-get install --only-upgrade multipath-tools kpartx",
						"apt-get changelog multipath-tools | grep -m5 -E 'CVE|GHSA'",
					],
					why: "a target or a local user may attack multipathd, which runs as root. Distributions fix holes without a new version number: if the changelog names them, nothing is left to do.",
				}),
			);
		return found;
	},
};

/** A machine that only serves has no LUNs to look after. */
export function forHosts({ own }: Facts): boolean {
	return !own.known || own.value.roles.some((role) => role !== "server");
}

/** Not installed, or no host at all: what follows from that is not said again. */
export function isAbsent(facts: Facts): boolean {
	return !forHosts(facts) || (facts.installed.known && !facts.installed.value);
}

function isRunning({ daemon }: Facts): boolean {
	return daemon.liveness.known && daemon.liveness.value.state === "running";
}

function runningVersion({ daemon: { answer } }: Facts): string | null {
	return answer === null || typeof answer === "string" ? null : answer.version;
}

/** Without these nothing of the rest can work. */
export const multipathPresenceChecks: readonly Check<Facts>[] = [isInstalled, commandLine, module];

export const multipathToolsChecks: readonly Check<Facts>[] = [
	runs,
	answers,
	udevRules,
	startsAtBoot,
	restart,
	holes,
];
