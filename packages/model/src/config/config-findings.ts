import type { Finding } from "../report.ts";
import type { AllowedLun, FleetConfig } from "./fleet-config.ts";

/** Seconds between two checks where the configuration does not say (multipath-tools libmultipath/defaults.h). */
const defaultPollingIntervalS = 5;

/**
 * What an administrator should know of a configuration without looking at any host. Built-in settings of arrays and
 * the overrides are not in it: what they make of a LUN is only seen in the effective configuration of a node.
 */
export function configFindings(config: FleetConfig): readonly Finding[] {
	const tickS = Number(config.defaults["polling-interval"] ?? defaultPollingIntervalS);
	return [
		...defaultsQueueing(config.defaults, tickS),
		...lunQueueing(config, tickS),
		...outdated(config),
		...incompleteMarginal(config),
	];
}

type Settings = Readonly<Record<string, string>>;

/** How long I/O is held when no path is left: null where the settings do not tell. */
function retryOf(settings: Settings): "off" | "forever" | number | null {
	const retry = settings["no-path-retry"];
	if (retry === "queue") return "forever";
	if (retry === "fail" || retry === "0") return "off";
	if (retry !== undefined) return Number(retry);
	return settings["features"]?.split(" ").includes("queue_if_no_path") === true ? "forever" : null;
}

function defaultsQueueing(defaults: Settings, tickS: number): readonly Finding[] {
	const findings: Finding[] = [];
	const retry = retryOf(defaults);
	const subject = defaults["no-path-retry"] === undefined ? "features" : "no-path-retry";
	if (retry === "forever") findings.push(foreverFinding(subject, "Every LUN that sets nothing else"));
	if (typeof retry === "number") {
		findings.push({
			code: "queues-for",
			severity: "info",
			subject,
			text: `${heldFor(retry, tickS)} Not for arrays that multipath-tools has settings of its own for: most of those set queue. A LUN's own setting and the overrides come before both.`,
		});
	}
	if (defaults["queue-without-daemon"] === "yes") {
		findings.push({
			code: "queues-without-daemon",
			severity: "warning",
			subject: "queue-without-daemon",
			text: "Maps keep holding I/O while multipathd is stopped and does not restore paths: a shutdown can hang. Unset queue-without-daemon unless you need exactly that.",
		});
	}
	return findings;
}

function lunQueueing(config: FleetConfig, tickS: number): readonly Finding[] {
	const forever = config.luns.filter((lun) => retryOf(lun.settings) === "forever");
	const counted = config.luns.filter((lun) => typeof retryOf(lun.settings) === "number");
	const groups = Map.groupBy(counted, (lun) => lun.settings["no-path-retry"] ?? "");
	return [
		...forever.map((lun) => foreverFinding(lun.wwid, `LUN ${nameOf(lun)}`)),
		...[...groups].map(
			([retry, luns]): Finding => ({
				code: "queues-for",
				severity: "info",
				subject: luns.length === 1 ? (luns[0]?.wwid ?? null) : "no-path-retry",
				text: `${heldFor(Number(retry), tickS)} For ${some(luns.map(nameOf))}.`,
			}),
		),
	];
}

function foreverFinding(subject: string, who: string): Finding {
	return {
		code: "queues-forever",
		severity: "warning",
		subject,
		text: `${who} holds I/O for ever when no path is left: programs hang and cannot be killed, and the host may not shut down. Set no-path-retry to a number of checks to survive an outage of known length.`,
	};
}

function heldFor(checks: number, tickS: number): string {
	const seconds = checks * tickS;
	return `no-path-retry ${checks}: I/O is held for about ${words(seconds)} (${checks} checks, one every ${tickS} s) when no path is left; then it gives errors.`;
}

/** `90 s`, `10 min`, `2.5 h`, `3 days`. */
function words(seconds: number): string {
	if (seconds < 120) return `${seconds} s`;
	if (seconds < 7200) return `${round(seconds / 60)} min`;
	if (seconds < 172_800) return `${round(seconds / 3600)} h`;
	return `${round(seconds / 86_400)} days`;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

/** Keywords that still act and that their makers tell everybody to leave (multipath.conf(5)). */
const outdatedKeys: Readonly<Record<string, string>> = {
	"delay-watch-checks": "san-path-err-forget-rate",
	"delay-wait-checks": "san-path-err-recovery-time",
};

function outdated(config: FleetConfig): readonly Finding[] {
	return Object.entries(outdatedKeys).flatMap(([key, better]): Finding[] => {
		const users = usersOf(config, key);
		if (users.length === 0) return [];
		return [
			{
				code: "deprecated-keyword",
				severity: "info",
				subject: key,
				text: `${key} is outdated: use ${better} (${some(users)}).`,
			},
		];
	});
}

const marginalKeys = [
	"marginal-path-err-sample-time",
	"marginal-path-err-rate-threshold",
	"marginal-path-err-recheck-gap-time",
	"marginal-path-double-failed-time",
];

/** multipath-tools tests for marginal paths only when all four are set. */
function incompleteMarginal(config: FleetConfig): readonly Finding[] {
	const places: readonly { readonly who: string; readonly settings: Settings }[] = [
		{ who: "defaults", settings: config.defaults },
		...config.luns.map((lun) => ({ who: nameOf(lun), settings: { ...config.defaults, ...lun.settings } })),
	];
	const lacking = places.filter(({ settings }) => {
		const set = marginalKeys.filter((key) => isOn(settings[key])).length;
		return set > 0 && set < marginalKeys.length;
	});
	if (lacking.length === 0) return [];
	return [
		{
			code: "marginal-incomplete",
			severity: "warning",
			subject: "marginal-path-err-sample-time",
			text: `Marginal paths are detected only when all of ${marginalKeys.join(", ")} are set; some are missing (${some(lacking.map(({ who }) => who))}).`,
		},
	];
}

function isOn(value: string | undefined): boolean {
	return value !== undefined && value !== "no" && value !== "0";
}

function usersOf(config: FleetConfig, key: string): readonly string[] {
	return [
		...(config.defaults[key] === undefined ? [] : ["defaults"]),
		...config.luns.filter((lun) => lun.settings[key] !== undefined).map(nameOf),
	];
}

function nameOf(lun: AllowedLun): string {
	return lun.alias ?? lun.wwid;
}

/** At most three names, then how many more. */
function some(names: readonly string[]): string {
	return names.length <= 3
		? names.join(", ")
		: `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
