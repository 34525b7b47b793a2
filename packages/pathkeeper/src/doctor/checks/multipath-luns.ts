import { ruleAgainst } from "@pathkeeper/agent";
import { WWIDS_FILE } from "@pathkeeper/host";
import {
	type ConfFile,
	configDropIn,
	type EffectiveConf,
	effectiveConf,
	readEffective,
} from "@pathkeeper/model";
import { type Check, type Diagnosis, error, warning } from "../diagnosis.ts";
import { known } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import type { LunFacts } from "../facts/luns.ts";
import { confFolder } from "../facts/multipath-files.ts";
import { quoted } from "./fixes.ts";
import { isAbsent } from "./multipath-tools.ts";

/** More LUNs than this are counted. */
const mostNames = 3;

const blacklist: Check<Facts> = {
	name: "blacklist-hides-luns",
	fine: "the blacklist leaves allowed LUNs alone",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const files = known(facts.multipath.conf);
		const luns = known(facts.luns);
		// What an administrator put into the wwids file may well be meant to be hidden.
		const allowed = ourWwids(files);
		if (allowed.length === 0) return null;
		const conf = confOf(facts, files);
		const byRule = new Map<string, string[]>();
		for (const wwid of allowed) {
			const rule = ruleAgainst(ruledLun(wwid, luns), conf);
			if (rule !== null) byRule.set(rule, [...(byRule.get(rule) ?? []), wwid]);
		}
		return [...byRule].map(([rule, wwids]) => hiddenBy(rule, wwids, files));
	},
};

function ourWwids(files: readonly ConfFile[]): readonly string[] {
	const ours = files.filter(({ name }) => name === `${confFolder}/${configDropIn}`);
	return effectiveConf(ours).multipaths.map(({ wwid }) => wwid);
}

/** With what is built in where multipath itself tells, else what the files say. */
function confOf({ lint }: Facts, files: readonly ConfFile[]): EffectiveConf {
	return lint.known && lint.value !== null ? readEffective(lint.value.effective) : effectiveConf(files);
}

function ruledLun(wwid: string, { maps, candidates, transports }: LunFacts) {
	const free = candidates.filter((disk) => disk.wwid === wwid);
	const inMaps = maps.filter((map) => map.wwid === wwid).flatMap(({ slaves }) => slaves);
	return {
		wwid,
		vendor: free[0]?.vendor ?? null,
		product: free[0]?.product ?? null,
		paths: [
			...free.map(({ dev, transport }) => ({ dev, transport })),
			...inMaps.map((dev) => ({ dev, transport: transports.get(dev) ?? null })),
		],
	};
}

function hiddenBy(rule: string, wwids: readonly string[], files: readonly ConfFile[]): Diagnosis {
	const place = placeOfRule(rule, files);
	const [first = ""] = wwids;
	const isAboutWwid = rule.startsWith("wwid ");
	const more = wwids.length - mostNames;
	const names = `${wwids.slice(0, mostNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
	return error({
		code: "blacklist-hides-luns",
		what: `the blacklist rule ${rule} hides LUNs that are allowed: ${names}`,
		where: place,
		fix: [
			isAboutWwid
				? `# in ${place ?? "the file with the rule"}: narrow the rule, or add to blacklist_exceptions: wwid "^${first}$"`
				: `# in ${place ?? "the file with the rule"}: narrow the rule, or add exceptions for these devices in blacklist_exceptions; an exception by WWID does not help against this kind of rule`,
			"multipath -t > /dev/null",
			"multipathd reconfigure",
		],
		why: "multipathd makes no map of them; for one that is open, newer releases even remove its paths at the next reconfigure, so fix this first.",
	});
}

/** Where the rule stands: the first line of a blacklist with its pattern. */
function placeOfRule(rule: string, files: readonly ConfFile[]): string | null {
	const patterns = [...rule.matchAll(/"([^"]*)"/g)].map(([, pattern = ""]) => pattern);
	for (const { name, text } of files) {
		const at = text
			.split("\n")
			.findIndex((line) => patterns.some((pattern) => pattern !== "" && line.includes(pattern)));
		if (at >= 0 && text.includes("blacklist")) return `${name}:${at + 1}`;
	}
	return null;
}

const listed: Check<Facts> = {
	name: "lun-not-listed",
	fine: "every LUN that the fleet allows here is in the wwids file",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const allowed = ourWwids(known(facts.multipath.conf));
		if (allowed.length === 0) return null;
		const present = new Set(known(facts.multipath.wwids));
		const missing = allowed.filter((wwid) => !present.has(wwid));
		if (missing.length === 0) return [];
		const more = missing.length - mostNames;
		return [
			error({
				code: "lun-not-listed",
				what: `LUNs that are allowed are not in the wwids file: ${missing.slice(0, mostNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
				where: WWIDS_FILE,
				fix: [
					...missing.slice(0, mostNames).map((wwid) => `multipath -a ${quoted(wwid)}`),
					"multipathd reconfigure",
				],
				why: "with find_multipaths strict they get no map, and one that is open loses its settings at the next reconfigure. The agent puts them back while it runs.",
			}),
		];
	},
};

const localDisks: Check<Facts> = {
	name: "local-disk-in-map",
	fine: "no local disk is in a map",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const { maps, transports } = known(facts.luns);
		// What the fleet allowed is a LUN, whatever bus the kernel names.
		const allowed = new Set(ourWwids(known(facts.multipath.conf)));
		return maps
			.filter(({ wwid }) => !allowed.has(wwid))
			.flatMap(({ name, wwid, slaves, users }) => {
				const local = slaves.filter((dev) => {
					const protocol = transports.get(dev)?.protocol;
					return protocol === "usb" || (protocol === "nvme" && slaves.length === 1);
				});
				// A virtual or SATA disk has no transport that the kernel names, and no second path.
				const isLocal = local.length > 0 || (slaves.length === 1 && isPlain(transports, slaves[0] ?? ""));
				if (!isLocal) return [];
				return [
					warning({
						code: "local-disk-in-map",
						what: `map ${name} joins nothing: ${slaves.join(", ")} is a local disk`,
						where: slaves.join(", "),
						fix: [
							...(users.length > 0
								? [`# in use now (${users.join("; ")}): stop its users first, or leave it`]
								: []),
							`multipath -f ${name}`,
							`multipath -w ${wwid}`,
							"multipathd reconfigure",
						],
						why: "another multipath.conf (find_multipaths no, or a WWID that was added by hand) let multipath claim it. Local disks in maps change their names and stop boot scripts.",
					}),
				];
			});
	},
};

function isPlain(transports: LunFacts["transports"], dev: string): boolean {
	return transports.has(dev) && transports.get(dev)?.protocol === "other";
}

const names: Check<Facts> = {
	name: "alias-conflict",
	fine: "names of maps do not clash",
	judge: (facts) => {
		if (isAbsent(facts)) return null;
		const files = known(facts.multipath.conf);
		const bindings = bindingsIn(known(facts.multipath.bindings) ?? "");
		const aliases = effectiveConf(files).multipaths.flatMap(({ wwid, settings }) => {
			const { alias } = settings;
			return alias === undefined ? [] : [{ alias, wwid }];
		});
		return [
			...[...Map.groupBy(bindings, ({ alias }) => alias)]
				.filter(([, lines]) => new Set(lines.map(({ wwid }) => wwid)).size > 1)
				.map(([alias, lines]) =>
					warning({
						code: "bindings-duplicate",
						what: `the name ${alias} stands for ${lines.map(({ wwid }) => wwid).join(" and ")}`,
						where: `/etc/multipath/bindings:${lines[1]?.line ?? 1}`,
						fix: [
							`# take the line with the wrong LUN out of /etc/multipath/bindings`,
							"multipathd reconfigure",
						],
						why: "the one that is found first gets the name, so a mount by name may get the other LUN.",
					}),
				),
			...aliases.flatMap(({ alias, wwid }) =>
				[...bindings, ...aliases.map((other) => ({ ...other, line: 0 }))]
					.filter(
						(other, at, all) => other.alias === alias && other.wwid !== wwid && all.indexOf(other) === at,
					)
					.slice(0, 1)
					.map((other) =>
						error({
							code: "alias-conflict",
							what: `the alias ${alias} of LUN ${wwid} is the name of LUN ${other.wwid} as well`,
							where: other.line === 0 ? confFolder : `/etc/multipath/bindings:${other.line}`,
							fix: [
								other.line === 0
									? "# give one of them another alias: pathkeeper lun set WWID alias=NAME"
									: `# take line ${other.line} out of /etc/multipath/bindings`,
								"multipathd reconfigure",
							],
							why: "only one map can have the name; the other one is called by its WWID, or is not made.",
						}),
					),
			),
		];
	},
};

interface Binding {
	readonly alias: string;
	readonly wwid: string;
	/** 1-based. */
	readonly line: number;
}

function bindingsIn(text: string): readonly Binding[] {
	return text.split("\n").flatMap((raw, at) => {
		const [, alias, wwid] = /^\s*([^#\s]\S*)\s+(\S+)/.exec(raw) ?? [];
		return alias === undefined || wwid === undefined ? [] : [{ alias, wwid, line: at + 1 }];
	});
}

export const multipathLunChecks: readonly Check<Facts>[] = [listed, blacklist, names, localDisks];
