import { type Check, type Diagnosis, error, note, warning } from "../diagnosis.ts";
import { known } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import type { IscsiFacts, IscsiRecord } from "../facts/iscsi-state.ts";
import type { Units } from "../facts/units.ts";
import { install, journal, quoted } from "./fixes.ts";
import { forHosts } from "./multipath-tools.ts";

/** The kernel's own value, which multipathd lowers to fast_io_fail_tmo where it manages the path. */
const longTimeoutS = 120;
const mostRecords = 5;

const initiator: Check<Facts> = {
	name: "iscsi-initiator-name",
	fine: "the iSCSI initiator has a name of its own",
	judge: (facts) => {
		const iscsi = iscsiOf(facts);
		if (iscsi === null || iscsi.records.length + iscsi.sessions.length === 0) return null;
		const where = "/etc/iscsi/initiatorname.iscsi";
		const renew = [
			`echo "InitiatorName=$(iscsi-iname)" > ${where}`,
			`chmod 600 ${where}`,
			"systemctl restart iscsid.service",
			"# give the new name to the array before the next login",
		];
		const [name, ...more] = iscsi.names ?? [];
		if (name === undefined)
			return [
				error({
					code: "iscsi-initiator-name-missing",
					what:
						iscsi.names === null
							? "there is no file with the name of the iSCSI initiator"
							: "no name of the iSCSI initiator is set",
					where,
					fix: renew,
					why: "iscsid logs in to nothing without it. RHEL and similar: the package iscsi-initiator-utils has iscsi-iname.",
				}),
			];
		if (more.length > 0)
			return [
				warning({
					code: "iscsi-initiator-name-twice",
					what: `${iscsi.names?.length} names of the iSCSI initiator are set`,
					where,
					fix: [`# keep one line InitiatorName=… in ${where}`, "systemctl restart iscsid.service"],
					why: "which of them counts depends on the release.",
				}),
			];
		const { nameChangedAt, machineIdChangedAt } = iscsi;
		const isOlder =
			nameChangedAt !== null &&
			machineIdChangedAt !== null &&
			nameChangedAt < machineIdChangedAt - 24 * 3_600_000;
		if (!isOlder) return [];
		return [
			warning({
				code: "iscsi-initiator-name-cloned",
				what: `the name ${name} is older than this machine's identity (/etc/machine-id): it may come from a template, and others may have it too`,
				where,
				fix: [`# compare with the other nodes: cat ${where}; only if another one has the same:`, ...renew],
				why: "two hosts with one name end each other's sessions, or share each other's LUNs.",
			}),
		];
	},
};

const atBoot: Check<Facts> = {
	name: "iscsi-not-at-boot",
	fine: "the services of iSCSI are started at boot",
	judge: (facts) => {
		const iscsi = iscsiOf(facts);
		if (iscsi === null || iscsi.records.length === 0) return null;
		return servicesOf(known(facts.units), iscsi);
	},
};

const startup: Check<Facts> = {
	name: "iscsi-manual-startup",
	fine: "the portals in use are logged in to at boot",
	judge: (facts) => {
		const iscsi = iscsiOf(facts);
		return iscsi === null || iscsi.records.length === 0 ? null : manualRecords(iscsi);
	},
};

function servicesOf(units: Units, { records, sessions }: IscsiFacts): readonly Diagnosis[] {
	const isOn = (name: string) => units.get(name)?.file === "enabled";
	const isActive = (name: string) => units.get(name)?.active === "active";
	// Debian has open-iscsi.service with the alias iscsi.service; RHEL has iscsi.service alone.
	const login = units.get("open-iscsi.service")?.load === "loaded" ? "open-iscsi.service" : "iscsi.service";
	const found: Diagnosis[] = [];
	if (sessions.length > 0 && !isActive("iscsid.service") && !isActive("iscsid.socket"))
		found.push(
			error({
				code: "iscsid-not-running",
				what: `iscsid does not run, but there are ${sessions.length} sessions`,
				where: "iscsid.service",
				fix: [journal("iscsid.service"), "systemctl enable --now iscsid.socket iscsid.service"],
				why: "a session that breaks now is not re-established.",
			}),
		);
	if (!isOn(login) && !isOn("open-iscsi.service"))
		found.push(
			warning({
				code: "iscsi-login-not-at-boot",
				what: `${login}, which logs in at boot, is ${units.get(login)?.file || "not there"}, but there are ${records.length} node records`,
				where: login,
				fix: [`systemctl enable ${login}`],
				why: "after the next boot the LUNs behind them are missing until somebody logs in.",
			}),
		);
	if (!isOn("iscsid.socket") && !isOn("iscsid.service"))
		found.push(
			warning({
				code: "iscsid-not-at-boot",
				what: "neither iscsid.socket nor iscsid.service is enabled",
				where: "iscsid.socket",
				fix: ["systemctl enable iscsid.socket"],
				why: "nothing starts iscsid at boot, so no login works.",
			}),
		);
	return found;
}

/** Records of portals that a session uses now and that no boot logs in to. */
function manualRecords({ records, sessions }: IscsiFacts): readonly Diagnosis[] {
	const used = records.filter(
		({ target, portal, startup, connectionStartup }) =>
			startup !== "automatic" &&
			connectionStartup !== "automatic" &&
			sessions.some(
				(session) => session.target === target && (session.portal === null || session.portal === portal),
			),
	);
	if (used.length === 0) return [];
	const more = used.length - mostRecords;
	return [
		warning({
			code: "iscsi-manual-startup",
			what: `${used.length} of the iSCSI portals in use ${used.length === 1 ? "is" : "are"} not logged in to at boot (node.startup = manual): ${used
				.slice(0, mostRecords)
				.map(({ target, portal }) => `${target} at ${portal}`)
				.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
			where: used[0]?.path ?? null,
			fix: used.slice(0, mostRecords).flatMap(automatic),
			why: "manual is Debian's default: after the next boot these paths are missing. RHEL's default is automatic.",
		}),
	];
}

function automatic({ target, portal }: IscsiRecord): readonly string[] {
	const record = `iscsiadm -m node -T ${quoted(target)} -p ${quoted(portal)}`;
	return [
		`${record} -o update -n node.startup -v automatic`,
		`${record} -o update -n 'node.conn[0].startup' -v automatic`,
	];
}

const timeouts: Check<Facts> = {
	name: "iscsi-long-timeout",
	fine: "iSCSI paths fail in time for the others to take over",
	judge: (facts) => {
		const iscsi = iscsiOf(facts);
		if (iscsi === null || iscsi.sessions.length === 0) return null;
		const unread = iscsi.sessions.filter(({ recoveryTimeoutS }) => recoveryTimeoutS === null);
		if (unread.length > 0) throw new Error(`the kernel does not report recovery_tmo of ${unread[0]?.name}`);
		const slow = iscsi.sessions.filter(({ recoveryTimeoutS }) => (recoveryTimeoutS ?? 0) >= longTimeoutS);
		if (slow.length === 0) return [];
		// Before the first LUN is allowed every session is like that.
		const said = known(facts.luns).maps.length === 0 ? note : warning;
		return [
			said({
				code: "iscsi-long-timeout",
				what: `${slow.length} iSCSI sessions hold I/O for ${slow[0]?.recoveryTimeoutS} s before their path fails: ${slow
					.slice(0, mostRecords)
					.map(({ name }) => name)
					.join(", ")}`,
				where: `/sys/class/iscsi_session/${slow[0]?.name}/recovery_tmo`,
				fix: [
					"pathkeeper config set fast-io-fail-tmo=5",
					"# or on this host alone, for sessions that multipathd does not manage:",
					"iscsiadm -m node -o update -n node.session.timeo.replacement_timeout -v 15",
				],
				why: "I/O hangs that long when a path fails, although other paths work. multipathd lowers it to fast_io_fail_tmo (5 s) for paths in its maps, but not while that is off. The update counts from the next login on.",
			}),
		];
	},
};

const passwords: Check<Facts> = {
	name: "iscsi-password-readable",
	fine: "no iSCSI password is readable by everybody",
	judge: (facts) => {
		const iscsi = iscsiOf(facts);
		if (iscsi === null) return null;
		if (!iscsi.readablePassword) return [];
		return [
			warning({
				code: "iscsi-password-readable",
				what: "a CHAP password is in /etc/iscsi/iscsid.conf, which every user of this host may read",
				where: "/etc/iscsi/iscsid.conf",
				fix: ["chmod 600 /etc/iscsi/iscsid.conf"],
				why: "Debian ships the file readable. Node records are kept 0600, so a password belongs there.",
			}),
		];
	},
};

const isInstalled: Check<Facts> = {
	name: "iscsi-not-installed",
	fine: "open-iscsi is installed where it has work",
	judge: (facts) => {
		if (!forHosts(facts)) return null;
		const { installed, records } = known(facts.iscsi);
		if (installed || records.length === 0) return installed ? [] : null;
		return [
			error({
				code: "iscsi-not-installed",
				what: `there are ${records.length} iSCSI node records, but open-iscsi is not installed`,
				where: records[0]?.path ?? null,
				fix: [install("open-iscsi"), "systemctl enable --now open-iscsi.service"],
				why: "nothing logs in to these targets. RHEL and similar: dnf install iscsi-initiator-utils.",
			}),
		];
	},
};

/** Null: iSCSI is not used here. */
function iscsiOf(facts: Facts): IscsiFacts | null {
	if (!forHosts(facts)) return null;
	const iscsi = known(facts.iscsi);
	return iscsi.installed ? iscsi : null;
}

export const iscsiChecks: readonly Check<Facts>[] = [
	isInstalled,
	initiator,
	atBoot,
	startup,
	timeouts,
	passwords,
];
