/**
 * What the host made of an apply, read back from the host itself: applied means that multipathd's own effective
 * configuration says so.
 */
import type { Host } from "@pathkeeper/host";
import { differences, effectiveConf, type Finding, readEffective } from "@pathkeeper/model";
import type { Plan } from "./plan.ts";

/** Findings, one for each thing that is not as planned; empty when all is. multipathd must be running. */
export async function readBack(host: Host, plan: Plan, withdrawn: ReadonlySet<string>): Promise<Finding[]> {
	return [...(await effectiveFindings(host, plan)), ...(await listFindings(host, plan, withdrawn))];
}

async function effectiveFindings(host: Host, plan: Plan): Promise<Finding[]> {
	const files = [...plan.files].flatMap(([name, text]) => (text === null ? [] : [{ name, text }]));
	if (files.length === 0) return [];
	const wanted = effectiveConf(files, plan.toolsVersion === null ? {} : { toolsVersion: plan.toolsVersion });
	const held = readEffective(await host.multipathd.configLocal());
	return differences(wanted, held, { local: true }).map((text) => ({
		code: "drift-effective",
		severity: "warning",
		subject: null,
		text: `multipathd does not hold what was applied: ${text}; look for a file in /etc/multipath/conf.d that is read after ours`,
	}));
}

/** `multipath -a` fails without a word when a rule of the host blacklists the LUN, so the file is what counts. */
async function listFindings(host: Host, plan: Plan, withdrawn: ReadonlySet<string>): Promise<Finding[]> {
	const listed = new Set(await host.tools.listedWwids());
	const absent = plan.wwids.filter((wwid) => !listed.has(wwid) && !withdrawn.has(wwid));
	if (absent.length === 0) return [];
	const { blacklist } = readEffective(await host.multipathd.config());
	return absent.map((wwid) => ({
		code: "blacklisted-by-rule",
		severity: "error",
		subject: wwid,
		text: `LUN ${wwid} was not taken into /etc/multipath/wwids: ${ruleText(wwid, blacklist.wwid)}`,
	}));
}

function ruleText(wwid: string, rules: readonly string[]): string {
	const rule = rules.find((pattern) => matches(pattern, wwid));
	return rule === undefined
		? "a blacklist rule of this host (devnode, property, protocol or device) takes it out; see: multipathd show blacklist"
		: `the rule wwid "${rule}" in the blacklist of this host takes it out; remove the rule or add an exception on the host`;
}

/** The rules are POSIX expressions; one that JavaScript does not read is not named. */
function matches(pattern: string, wwid: string): boolean {
	const inverted = pattern.startsWith("!");
	try {
		return new RegExp(inverted ? pattern.slice(1) : pattern).test(wwid) !== inverted;
	} catch {
		return false;
	}
}
