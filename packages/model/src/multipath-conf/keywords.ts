import { compareToolsVersions } from "./tools-version.ts";
import type { ValueType } from "./value-type.ts";

/**
 * Every keyword of multipath.conf that takes a value, as multipath-tools 0.9.4 to 0.15.1 know it
 * (libmultipath/dict.c). The one place to look up what may stand where.
 */
export interface Keyword {
	/** As multipath.conf spells it: snake_case. */
	readonly name: string;
	readonly type: ValueType;
	/** The sections that accept it. */
	readonly sections: readonly ConfSection[];
	/** What multipath takes when nothing sets it; null: unset, or it depends on the device. */
	readonly default: string | null;
	/** First release that knows it; null: every supported one (0.9.4 on). */
	readonly since: string | null;
	/** First release that ignores it; null: none does. */
	readonly until: string | null;
	/** What it does for a user, one sentence. */
	readonly effect: string;
}

/**
 * Where a keyword may stand: `devices`, `multipaths` and `blacklist_device` mean the `device` and `multipath` blocks
 * inside; `blacklist` stands for `blacklist_exceptions` too; `protocol` is the block inside `overrides`.
 */
export type ConfSection =
	| "defaults"
	| "devices"
	| "overrides"
	| "protocol"
	| "multipaths"
	| "blacklist"
	| "blacklist_device";

const dayS = 86_400;
const intMax = 2_147_483_647;

const yesno: ValueType = { kind: "yesno" };
const regex: ValueType = { kind: "regex", invertible: false };
const invertibleRegex: ValueType = { kind: "regex", invertible: true };
const path: ValueType = { kind: "path" };
const ignored: ValueType = { kind: "ignored" };

function integer(
	min: number,
	max: number,
	unit: string | null = null,
	words: readonly string[] = [],
): ValueType {
	return { kind: "integer", min, max, unit, words };
}

function offInt(unit: string | null, min = 1, max = dayS): ValueType {
	return { kind: "off-int", min, max, unit };
}

function oneOf(words: readonly string[], since: Readonly<Record<string, string>> = {}): ValueType {
	return {
		kind: "enum",
		words: words.map((word) => ({ word, since: since[word] ?? null, until: null, instead: null })),
	};
}

/** libmultipath/dict.c renamed the words in 0.9.9; the old ones still work, with a complaint, the new ones not before. */
const flushOnLastDel: ValueType = {
	kind: "enum",
	words: [
		{ word: "always", since: "0.9.9", until: null, instead: "yes" },
		{ word: "unused", since: "0.9.9", until: null, instead: "no" },
		{ word: "never", since: "0.9.9", until: null, instead: "no" },
		{ word: "yes", since: null, until: "0.9.9", instead: "always" },
		{ word: "no", since: null, until: "0.9.9", instead: "unused" },
	],
};

function text(pattern: RegExp, shape: string): ValueType {
	return { kind: "string", pattern, shape };
}

const D: readonly ConfSection[] = ["defaults"];
const Dev: readonly ConfSection[] = ["devices"];
const ddo: readonly ConfSection[] = ["defaults", "devices", "overrides"];
const ddom: readonly ConfSection[] = ["defaults", "devices", "overrides", "multipaths"];
const ddop: readonly ConfSection[] = ["defaults", "devices", "overrides", "protocol"];
const ddm: readonly ConfSection[] = ["defaults", "devices", "multipaths"];
const dm: readonly ConfSection[] = ["defaults", "multipaths"];

/** Transports that `type` of a protocol block may name, and that `protocol` of a blacklist is matched against. */
const protocols = [
	...["fcp", "spi", "ssa", "sbp", "srp", "iscsi", "sas", "adt", "ata", "usb", "unspec"].map(
		(name) => `scsi:${name}`,
	),
	...["pcie", "rdma", "fc", "tcp", "loop", "apple-nvme", "unspec"].map((name) => `nvme:${name}`),
	"ccw",
	"cciss",
	"undef",
];

const pathSelector: ValueType = {
	kind: "argstr",
	countAt: 1,
	words: ["round-robin", "queue-length", "service-time", "historical-service-time"],
};
const features: ValueType = {
	kind: "argstr",
	countAt: 0,
	words: ["pg_init_retries", "pg_init_delay_msecs", "queue_mode"],
};
const hardwareHandler: ValueType = {
	kind: "argstr",
	countAt: 0,
	words: ["alua", "emc", "rdac", "hp_sw", "ana"],
};

const groupingPolicy = oneOf(
	["failover", "multibus", "group_by_serial", "group_by_prio", "group_by_node_name", "group_by_tpg"],
	{ group_by_tpg: "0.9.6" },
);
const prioritizer = oneOf([
	"const",
	"sysfs",
	"alua",
	"ana",
	"emc",
	"rdac",
	"ontap",
	"hp_sw",
	"hds",
	"iet",
	"datacore",
	"path_latency",
	"weightedpath",
	"random",
	"none",
]);
const checker = oneOf([
	"tur",
	"directio",
	"rdac",
	"emc_clariion",
	"hp_sw",
	"readsector0",
	"cciss_tur",
	"none",
]);
const udevProperty = text(/^\w*$/, "the name of a udev property, or nothing for the sysfs method");
const plainName = text(
	/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
	"a letter or digit, then letters, digits and _.- (63 characters at most)",
);
const reservationKey = text(
	/^(?:file|(?!(?:0x)?0+(?::|$))(?:0x)?[0-9A-Fa-f]{1,16}(?::aptpl)?)$/,
	"'file', or a hexadecimal number of 64 bits other than 0, followed by ':aptpl' where needed",
);

/** Every keyword. Names may repeat where a section gives one another meaning (`wwid`, `vendor`, `product`). */
export const keywords: readonly Keyword[] = [
	// --- how paths are checked and I/O is spread
	keyword("polling_interval", integer(1, 3600, "s"), D, "5", "Seconds between two checks of a path."),
	keyword(
		"max_polling_interval",
		integer(1, 3600, "s"),
		D,
		null,
		"Longest time between two checks of a path that stays healthy; 4 times polling_interval if unset.",
	),
	keyword(
		"path_selector",
		pathSelector,
		ddom,
		"service-time 0",
		"How I/O is spread over the paths of a group.",
	),
	keyword(
		"path_grouping_policy",
		groupingPolicy,
		ddom,
		"failover",
		"Which paths form a group; only one group carries I/O at a time.",
	),
	keyword(
		"detect_pgpolicy",
		yesno,
		ddo,
		"yes",
		"Group by priority automatically if the array supports ALUA.",
		"0.9.6",
	),
	keyword(
		"detect_pgpolicy_use_tpg",
		yesno,
		ddo,
		"no",
		"With detect_pgpolicy, group by target port group instead of by priority.",
		"0.9.6",
	),
	keyword("prio", prioritizer, ddom, "const", "Which routine gives paths their priority."),
	keyword(
		"prio_args",
		text(/^[\x20-\x7e]*$/, "printable text"),
		ddom,
		"",
		"Arguments of the priority routine.",
	),
	keyword(
		"detect_prio",
		yesno,
		ddo,
		"yes",
		"Use the ALUA priority routine automatically if the array supports ALUA.",
	),
	keyword("path_checker", checker, ddo, "tur", "How a path is checked."),
	keyword("checker", checker, ddo, null, "Another name for path_checker."),
	keyword(
		"detect_checker",
		yesno,
		ddo,
		"yes",
		"Choose the checker automatically if the array supports ALUA.",
	),
	keyword(
		"checker_timeout",
		integer(0, dayS, "s"),
		D,
		null,
		"Seconds until an unanswered check counts as a dead path; the SCSI device's timeout if unset.",
	),
	keyword("force_sync", yesno, D, "no", "Check paths one after another instead of side by side."),
	keyword(
		"strict_timing",
		yesno,
		D,
		"no",
		"Start a round of checks every second exactly, and warn when it takes longer.",
	),
	keyword(
		"log_checker_err",
		oneOf(["always", "once"]),
		D,
		"always",
		"Log every failed check, or only the first one of a path.",
	),
	keyword(
		"features",
		features,
		ddom,
		"0",
		"Features of the kernel's multipath target, preceded by their count.",
	),
	keyword(
		"hardware_handler",
		hardwareHandler,
		Dev,
		null,
		"Kernel module that switches the array's controllers, preceded by the count of its words.",
	),
	keyword(
		"retain_attached_hw_handler",
		yesno,
		ddo,
		"yes",
		"Keep the hardware handler that the kernel attached.",
	),
	keyword(
		"rr_min_io",
		integer(1, intMax, "requests"),
		ddom,
		"1000",
		"Requests sent down a path before the next path is used (kernels before 2.6.31).",
		null,
		"0.15.0",
	),
	keyword(
		"rr_min_io_rq",
		integer(1, intMax, "requests"),
		ddom,
		"1",
		"Requests sent down a path before the next path is used.",
		null,
		"0.15.0",
	),
	keyword(
		"rr_weight",
		oneOf(["uniform", "priorities"]),
		ddom,
		"uniform",
		"Whether round-robin gives a path of higher priority more requests.",
		null,
		"0.15.0",
	),

	// --- what happens when paths fail and come back
	keyword(
		"no_path_retry",
		integer(1, 500_000, "checks", ["fail", "queue", "0"]),
		ddom,
		null,
		"With no path left: give errors at once (fail), hold I/O forever (queue), or hold it for this many checks.",
	),
	keyword(
		"failback",
		integer(1, dayS, "s", ["manual", "immediate", "followover"]),
		ddom,
		"manual",
		"When I/O goes back to a better group of paths that has come up again.",
	),
	keyword(
		"fast_io_fail_tmo",
		integer(0, dayS, "s", ["off"]),
		ddop,
		"5",
		"Seconds until I/O on a lost port gives an error and can go down another path.",
	),
	keyword(
		"dev_loss_tmo",
		integer(1, intMax, "s", ["infinity"]),
		ddop,
		null,
		"Seconds until the kernel removes the devices of a lost port.",
	),
	keyword(
		"eh_deadline",
		integer(0, dayS, "s", ["off"]),
		ddop,
		null,
		"Seconds of SCSI error handling after which the whole host bus adapter is reset.",
	),
	keyword(
		"max_retries",
		integer(0, 5, null, ["off"]),
		D,
		null,
		"How often the kernel repeats a SCSI command before it counts as failed.",
		"0.9.7",
	),
	keyword("queue_without_daemon", yesno, D, "no", "Keep holding I/O while multipathd is stopped."),
	keyword(
		"flush_on_last_del",
		flushOnLastDel,
		ddom,
		"unused",
		"Whether a map stops holding I/O when its last path is deleted.",
	),
	keyword(
		"deferred_remove",
		yesno,
		ddom,
		"no",
		"Remove a map whose last path was deleted as soon as its last user closes it.",
	),
	keyword(
		"purge_disconnected",
		yesno,
		ddom,
		"no",
		"Delete path devices whose LUN the array says it has unmapped.",
		"0.14.0",
	),
	keyword("recheck_wwid", yesno, ddo, "no", "Check the WWID of a path again when it comes back."),
	keyword("delay_watch_checks", offInt("checks"), ddom, "no", "Outdated: use san_path_err_forget_rate."),
	keyword("delay_wait_checks", offInt("checks"), ddom, "no", "Outdated: use san_path_err_recovery_time."),
	keyword(
		"san_path_err_threshold",
		offInt("failures", 1, intMax),
		ddom,
		"no",
		"Failures after which a path counts as shaky.",
	),
	keyword(
		"san_path_err_forget_rate",
		offInt("checks", 1, intMax),
		ddom,
		"no",
		"Good checks after which one failure is forgotten.",
	),
	keyword("san_path_err_recovery_time", offInt("s", 1), ddom, "no", "How long a shaky path is kept out."),
	keyword(
		"marginal_path_err_sample_time",
		offInt("s", 120),
		ddom,
		"no",
		"How long a suspicious path is tested; all four marginal_path keywords must be set.",
	),
	keyword(
		"marginal_path_err_rate_threshold",
		offInt("per mille", 1, 1000),
		ddom,
		"no",
		"Share of failed test reads that makes a path marginal.",
	),
	keyword(
		"marginal_path_err_recheck_gap_time",
		offInt("s"),
		ddom,
		"no",
		"How long a marginal path is kept out before it is tested again.",
	),
	keyword(
		"marginal_path_double_failed_time",
		offInt("s"),
		ddom,
		"no",
		"Two failures within this time make a path suspicious.",
	),
	keyword(
		"marginal_pathgroups",
		// fpin came with 0.9.0, but Debian's 0.9.4 is built without it
		oneOf(["off", "on", "fpin"], { fpin: "0.11.1" }),
		D,
		"off",
		"Keep shaky paths in a group of their own that is used last, instead of keeping them out; to and from fpin only with a restart of multipathd.",
	),
	keyword(
		"ghost_delay",
		offInt("s"),
		ddom,
		"no",
		"How long a new map with only standby paths waits for an active one.",
	),

	// --- which devices are joined, and how they are named
	keyword(
		"find_multipaths",
		oneOf(["strict", "off", "on", "greedy", "smart", "yes", "no"]),
		D,
		"strict",
		"Which devices get maps: with strict, only known WWIDs.",
	),
	keyword(
		"find_multipaths_timeout",
		integer(-dayS, dayS, "s"),
		D,
		"-10",
		"With find_multipaths smart, how long a first path waits for a second.",
	),
	keyword("allow_usb_devices", yesno, D, "no", "Allow USB disks too."),
	keyword(
		"enable_foreign",
		regex,
		D,
		"NONE",
		"Which kinds of multipathing outside device-mapper are shown (nvme).",
	),
	keyword("uid_attribute", udevProperty, ddo, "ID_SERIAL", "The udev property that holds the WWID."),
	keyword(
		"uid_attrs",
		text(/^[a-z]\w*:\w+(?: [a-z]\w*:\w+)*$/, "pairs such as 'sd:ID_SERIAL nvme:ID_WWN'"),
		D,
		null,
		"The udev property that holds the WWID, by kind of device; needs a restart of multipathd.",
	),
	keyword("user_friendly_names", yesno, ddom, "no", "Name maps mpatha, mpathb, … instead of by WWID."),
	keyword("alias_prefix", plainName, ddo, "mpath", "Prefix of user friendly names."),
	keyword(
		"partition_delimiter",
		text(/^[A-Za-z0-9_.-]{0,16}$/, "at most 16 letters, digits and _.- ('/' crashes multipathd)"),
		D,
		null,
		"Text between a map's name and the number of its partition.",
	),
	keyword("skip_kpartx", yesno, ddom, "no", "Create no devices for the partitions of a map."),
	keyword(
		"auto_resize",
		oneOf(["never", "grow_only", "grow_shrink"]),
		D,
		"never",
		"Resize maps automatically when their paths change size.",
		"0.9.7",
	),
	keyword(
		"max_sectors_kb",
		integer(4, intMax, "KiB"),
		ddom,
		null,
		"Largest request to a path, set when the map is made.",
	),

	// --- the daemon itself
	keyword("verbosity", integer(0, 4), D, "2", "How much is logged."),
	keyword(
		"reassign_maps",
		yesno,
		D,
		"no",
		"Make other device-mapper devices use the map instead of a path below it.",
	),
	keyword(
		"max_fds",
		integer(4096, 1_000_000, null, ["max"]),
		D,
		"max",
		"How many files multipathd may have open.",
	),
	keyword(
		"uxsock_timeout",
		integer(4000, 300_000, "ms"),
		D,
		"4000",
		"How long a command to multipathd may wait for its turn.",
	),
	keyword(
		"retrigger_tries",
		integer(0, 3600),
		D,
		"3",
		"How many times udev is asked again for a missing WWID.",
	),
	keyword("retrigger_delay", integer(0, dayS, "s"), D, "10", "Time between two of these attempts."),
	keyword(
		"missing_uev_wait_timeout",
		integer(0, dayS, "s"),
		D,
		"30",
		"How long a new map waits for its udev event before it is changed again.",
	),
	keyword(
		"remove_retries",
		integer(0, 3600),
		D,
		"0",
		"How often, once a second, removing a busy map is tried again.",
	),

	// --- persistent reservations
	keyword(
		"reservation_key",
		reservationKey,
		dm,
		null,
		"Key that mpathpersist uses for SCSI-3 persistent reservations.",
	),
	keyword("all_tg_pt", yesno, ddo, "no", "Register a reservation key on all target ports at once."),

	// --- blocks
	keyword(
		"wwid",
		text(/^(?!.*\.\.)[0-9A-Za-z#+.:=@_-]{1,127}$/, "1 to 127 letters, digits and #+.:=@_- without '..'"),
		["multipaths"],
		null,
		"The LUN that the block is about, exactly.",
	),
	keyword(
		"alias",
		text(
			/^(?!dm-\d+$)(?!mpath)[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
			"a letter or digit, then letters, digits and _.- (63 characters at most), not dm-N and not mpath…",
		),
		["multipaths"],
		null,
		"Name of the map.",
	),
	keyword("vendor", regex, Dev, null, "SCSI vendor of the devices that the block is about."),
	keyword("product", regex, Dev, null, "SCSI product of the devices that the block is about."),
	keyword("revision", regex, Dev, null, "SCSI revision of the devices that the block is about."),
	// becomes a blacklist rule, with its `!`
	keyword("product_blacklist", invertibleRegex, Dev, null, "Products of this vendor that never get a map."),
	keyword(
		"vpd_vendor",
		oneOf(["hp3par"]),
		Dev,
		null,
		"Kind of vendor page that is read for 'show … format %g'.",
	),
	keyword("type", oneOf(protocols), ["protocol"], null, "The transport that the block is about, exactly."),
	keyword(
		"devnode",
		invertibleRegex,
		["blacklist"],
		null,
		"Kernel names of devices, as a regular expression.",
	),
	keyword(
		"wwid",
		invertibleRegex,
		["blacklist"],
		null,
		"WWIDs, as a regular expression that may match anywhere in them.",
	),
	keyword(
		"property",
		invertibleRegex,
		["blacklist"],
		null,
		"Names of udev properties, as a regular expression.",
	),
	keyword(
		"protocol",
		invertibleRegex,
		["blacklist"],
		null,
		"Transports such as scsi:fcp, as a regular expression.",
	),
	keyword("vendor", invertibleRegex, ["blacklist_device"], null, "SCSI vendor, as a regular expression."),
	keyword("product", invertibleRegex, ["blacklist_device"], null, "SCSI product, as a regular expression."),

	// --- keywords that Pathkeeper refuses (refusals.ts says why)
	keyword("mode", integer(0, 777), dm, null, "Access mode of the map's device node."),
	keyword("uid", integer(0, intMax), dm, null, "Owner of the map's device node."),
	keyword("gid", integer(0, intMax), dm, null, "Group of the map's device node."),
	keyword("bindings_file", path, D, "/etc/multipath/bindings", "File of user friendly names.", null, "0.9.7"),
	keyword("wwids_file", path, D, "/etc/multipath/wwids", "File of known WWIDs.", null, "0.9.7"),
	keyword("prkeys_file", path, D, "/etc/multipath/prkeys", "File of reservation keys.", null, "0.9.7"),
	keyword("multipath_dir", path, D, null, "Folder of checker and priority libraries.", null, "0.9.0"),
	keyword("config_dir", path, D, null, "Folder of further configuration files.", null, "0.9.0"),
	keyword(
		"getuid_callout",
		path,
		["defaults", "devices"],
		null,
		"Program that prints the WWID of a device.",
		null,
		"0.9.0",
	),
	keyword("pg_timeout", ignored, ddm, null, "No effect any longer.", null, "0.9.0"),
	keyword("disable_changed_wwids", ignored, D, null, "No effect any longer.", null, "0.9.0"),
];

function keyword(
	name: string,
	type: ValueType,
	sections: readonly ConfSection[],
	standard: string | null,
	effect: string,
	since: string | null = null,
	until: string | null = null,
): Keyword {
	return { name, type, sections, default: standard, since, until, effect };
}

/**
 * The keyword of a name in kebab-case or snake_case; null when there is none. A name with two meanings gives the one
 * that fits `section`, or without a section the one outside of blacklists.
 */
export function keywordNamed(name: string, section?: ConfSection): Keyword | null {
	const snake = name.replaceAll("-", "_");
	return (section === undefined ? byName.get(snake) : bySection.get(`${section} ${snake}`)) ?? null;
}

const byName = new Map([...keywords].reverse().map((keyword) => [keyword.name, keyword]));
const bySection = new Map(
	keywords.flatMap((keyword) => keyword.sections.map((section) => [`${section} ${keyword.name}`, keyword])),
);

/**
 * Whether a multipath-tools release acts on the keyword, and on this value of it where one is given. False both for
 * a release that does not know it yet and for one that ignores it.
 */
export function knownIn(keyword: Keyword, toolsVersion: string, value?: string): boolean {
	if (!isWithin(keyword, toolsVersion)) return false;
	if (value === undefined || keyword.type.kind !== "enum") return true;
	const word = keyword.type.words.find(({ word }) => word === value);
	return word === undefined || isWithin(word, toolsVersion);
}

/**
 * How to write a value so that a release takes it without a complaint: mostly as it is, another word where the
 * release spells it differently (`flush_on_last_del`), null where keyword or value mean nothing to it.
 */
export function spelledFor(keyword: Keyword, value: string, toolsVersion: string): string | null {
	if (!knownIn(keyword, toolsVersion)) return null;
	if (keyword.type.kind !== "enum") return value;
	const word = keyword.type.words.find(({ word }) => word === value);
	if (word === undefined) return null;
	return isWithin(word, toolsVersion) ? value : word.instead;
}

function isWithin(
	range: { readonly since: string | null; readonly until: string | null },
	toolsVersion: string,
): boolean {
	return (
		(range.since === null || compareToolsVersions(toolsVersion, range.since) >= 0) &&
		(range.until === null || compareToolsVersions(toolsVersion, range.until) < 0)
	);
}
