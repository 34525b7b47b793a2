/**
 * What the host made of an apply, read back from the host itself: applied means that multipathd's own effective
 * configuration says so.
 */
import type { Host } from "@pathkeeper/host";
import {
	differences,
	type EffectiveConf,
	expectedEffective,
	type Finding,
	readEffective,
} from "@pathkeeper/model";
import type { Kernel } from "../observe/sweeps.ts";
import { type RuledLun, ruleAgainst } from "./host-rules.ts";
import { dropInFolder, ourPaths, type Plan } from "./plan.ts";

export interface ReadBackInput {
	readonly plan: Plan;
	readonly withdrawn: ReadonlySet<string>;
	/** What `multipath -a` did not take, with its words. */
	readonly refused: ReadonlyMap<string, string>;
	/** What a recent look saw of the kernel; null: it is asked now. */
	readonly kernel: Pick<Kernel, "kernelMaps" | "candidates"> | null;
}

/** Findings, one for each thing that is not as planned; empty when all is. multipathd must be running. */
export async function readBack(host: Host, input: ReadBackInput): Promise<Finding[]> {
	return [...(await effectiveFindings(host, input.plan)), ...(await listFindings(host, input))];
}

async function effectiveFindings(host: Host, plan: Plan): Promise<Finding[]> {
	const files = [...plan.files].flatMap(([name, text]) => (text === null ? [] : [{ name, text }]));
	if (files.length === 0) return [];
	const held = readEffective(await host.multipathd.configLocal());
	const found = differences(expectedEffective({ files }, plan.toolsVersion), held, { local: true });
	if (found.length === 0) return [];
	const later = await laterDropIns(host);
	const hint =
		later.length === 0
			? "no other drop-in is read after ours, so multipathd may not have read them: systemctl reload multipathd"
			: `${later.join(", ")} ${later.length === 1 ? "is" : "are"} read after ours and may set it`;
	return found.map((text) => ({
		code: "drift-effective",
		severity: "warning",
		subject: null,
		text: `multipathd does not hold what was applied: ${text}; ${hint}`,
	}));
}

/** multipathd reads conf.d in the bytewise order of the names, and of two values the later one counts. */
async function laterDropIns(host: Host): Promise<readonly string[]> {
	const paths = (await host.files.list(dropInFolder))
		.filter((name) => name.endsWith(".conf"))
		.map((name) => `${dropInFolder}/${name}`);
	const first = paths.findIndex((path) => ourPaths.includes(path));
	return paths.slice(first + 1).filter((path) => !ourPaths.includes(path));
}

/**
 * LUNs that a rule of the host keeps from becoming maps. `multipath -a` fails without a word over a WWID rule, and
 * knows nothing of the others, so what counts is the file, and then the map.
 */
async function listFindings(
	host: Host,
	{ plan, withdrawn, refused, kernel }: ReadBackInput,
): Promise<Finding[]> {
	const listed = new Set(await host.tools.listedWwids());
	const kernelMaps = kernel?.kernelMaps ?? (await host.sysfs.kernelMaps());
	const mapped = new Set(kernelMaps.map(({ wwid }) => wwid));
	const bare = plan.wwids.filter((wwid) => !withdrawn.has(wwid) && !(listed.has(wwid) && mapped.has(wwid)));
	if (bare.length === 0) return [];
	const candidates = kernel?.candidates ?? (await host.sysfs.candidates());
	const suspects = bare
		.map((wwid) => {
			const disks = candidates.filter((disk) => disk.wwid === wwid);
			return {
				wwid,
				vendor: disks[0]?.vendor ?? null,
				product: disks[0]?.product ?? null,
				paths: disks.map(({ dev, transport }) => ({ dev, transport })),
			};
		})
		.filter(({ wwid, paths }) => !listed.has(wwid) || paths.length > 0);
	if (suspects.length === 0) return [];
	const conf = readEffective(await host.multipathd.config());
	return suspects.flatMap((lun) => ruleFinding(lun, conf, listed.has(lun.wwid), refused.get(lun.wwid)));
}

function ruleFinding(
	lun: RuledLun,
	conf: EffectiveConf,
	isListed: boolean,
	words: string | undefined,
): Finding[] {
	const { wwid } = lun;
	const rule = ruleAgainst(lun, conf);
	// A listed LUN without a map is shown as missing anyway; only a rule says more.
	if (rule === null && isListed) return [];
	const what = isListed
		? `multipathd makes no map of LUN ${wwid}`
		: `LUN ${wwid} was not taken into /etc/multipath/wwids`;
	const why =
		rule === null
			? `${words ?? "multipath -a did not add it"}; see the rules of this host: multipathd show blacklist`
			: `the rule ${rule} in the blacklist of this host excludes it; remove the rule or add an exception on the host`;
	return [{ code: "blacklisted-by-rule", severity: "error", subject: wwid, text: `${what}: ${why}` }];
}
