import type { Rules } from "./conf.ts";
import type { Release } from "./release.ts";

/** What each release says of itself when no file says otherwise: data as printed by `show config`. */

/** Keyword and default, in the order of `show config`; numbers and `no`-able counts are printed as the daemon does. */
const common: readonly (readonly [name: string, value: string, quoted: boolean])[] = [
	["verbosity", "2", false],
	["polling_interval", "5", false],
	["max_polling_interval", "20", false],
	["reassign_maps", "no", true],
	["path_selector", "service-time 0", true],
	["path_grouping_policy", "failover", true],
	["uid_attribute", "ID_SERIAL", true],
	["prio", "const", true],
	["prio_args", "", true],
	["features", "0", true],
	["path_checker", "tur", true],
	["alias_prefix", "mpath", true],
	["failback", "manual", true],
	["rr_min_io", "1000", false],
	["rr_min_io_rq", "1", false],
	["max_fds", "max", true],
	["rr_weight", "uniform", true],
	["queue_without_daemon", "no", true],
	["allow_usb_devices", "no", true],
	["flush_on_last_del", "unused", true],
	["user_friendly_names", "no", true],
	["fast_io_fail_tmo", "5", false],
	["bindings_file", "/etc/multipath/bindings", true],
	["wwids_file", "/etc/multipath/wwids", true],
	["prkeys_file", "/etc/multipath/prkeys", true],
	["log_checker_err", "always", true],
	["all_tg_pt", "no", true],
	["retain_attached_hw_handler", "yes", true],
	["detect_prio", "yes", true],
	["detect_checker", "yes", true],
	["detect_pgpolicy", "yes", true],
	["detect_pgpolicy_use_tpg", "no", true],
	["force_sync", "no", true],
	["strict_timing", "no", true],
	["deferred_remove", "no", true],
	["delay_watch_checks", "no", true],
	["delay_wait_checks", "no", true],
	["san_path_err_threshold", "no", true],
	["san_path_err_forget_rate", "no", true],
	["san_path_err_recovery_time", "no", true],
	["marginal_path_err_sample_time", "no", true],
	["marginal_path_err_rate_threshold", "no", true],
	["marginal_path_err_recheck_gap_time", "no", true],
	["marginal_path_double_failed_time", "no", true],
	["find_multipaths", "strict", true],
	["uxsock_timeout", "4000", false],
	["retrigger_tries", "3", false],
	["retrigger_delay", "10", false],
	["missing_uev_wait_timeout", "30", false],
	["skip_kpartx", "no", true],
	["disable_changed_wwids", "ignored", true],
	["purge_disconnected", "no", true],
	["remove_retries", "0", false],
	["ghost_delay", "no", true],
	["auto_resize", "never", true],
	["find_multipaths_timeout", "-10", false],
	["enable_foreign", "NONE", true],
	["marginal_pathgroups", "off", true],
	["recheck_wwid", "no", true],
];

/** Keywords of the common list that a release does not print. */
const absent: Readonly<Record<Release, readonly string[]>> = {
	"0.9.4": ["detect_pgpolicy", "detect_pgpolicy_use_tpg", "purge_disconnected", "auto_resize"],
	"0.11.1": ["bindings_file", "wwids_file", "prkeys_file", "disable_changed_wwids", "purge_disconnected"],
	"0.15.1": [
		"rr_min_io",
		"rr_min_io_rq",
		"rr_weight",
		"bindings_file",
		"wwids_file",
		"prkeys_file",
		"disable_changed_wwids",
	],
};

export interface BuiltInDefault {
	readonly name: string;
	readonly value: string;
	readonly quoted: boolean;
}

export function builtInDefaults(release: Release): readonly BuiltInDefault[] {
	const missing = new Set(absent[release]);
	return common
		.filter(([name]) => !missing.has(name))
		.map(([name, value, quoted]) => ({
			name,
			value: release === "0.9.4" && name === "flush_on_last_del" ? "no" : value,
			quoted,
		}));
}

/** Devices that multipathd leaves alone, whatever the files say. */
export function builtInBlacklist(release: Release): Rules["device"] {
	const late = release === "0.15.1";
	const pairs: readonly (readonly [string, string])[] = [
		["SGI", "Universal Xport"],
		["^DGC", "LUNZ"],
		["EMC", "LUNZ"],
		["DELL", "Universal Xport"],
		["FUJITSU", "Universal Xport"],
		["IBM", "Universal Xport"],
		...(late
			? ([
					["IBM", "S/390 DASD ECKD"],
					["IBM", "S/390 DASD FBA"],
				] as const)
			: ([["IBM", "S/390"]] as const)),
		["LENOVO", "Universal Xport"],
		["(NETAPP|LSI|ENGENIO)", "Universal Xport"],
		["STK", "Universal Xport"],
		["SUN", "Universal Xport"],
		["(Intel|INTEL)", "VTrak V-LUN"],
		["Promise", "VTrak V-LUN"],
		["Promise", "Vess V-LUN"],
		...(late ? ([["Quantum", "cvfsctl"]] as const) : []),
	];
	return pairs.map(([vendor, product]) => ({ vendor, product }));
}

/** Built-in rules on device nodes and on udev properties, of every release. */
export const builtInDevnode = "!^(sd[a-z]|dasd[a-z]|nvme[0-9])";
export const builtInProperty = "(SCSI_IDENT_|ID_WWN)";
