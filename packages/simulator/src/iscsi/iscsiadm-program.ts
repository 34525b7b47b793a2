import type { RunProgram, RunResult } from "@pathkeeper/host";
import { PathkeeperError, parsePortal, portalText } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { SimulatedNode } from "../san/node.ts";
import type { San } from "../san/san.ts";

export interface IscsiadmOptions {
	readonly node: SimulatedNode;
	readonly san: San;
	readonly clock: Clock;
	/** Milliseconds that a second lasts. */
	readonly secondMs: number;
}

/**
 * `iscsiadm` of one node, as far as Pathkeeper calls it: discovery that writes nothing down. A portal that is up tells
 * every portal of its target; one that is down, or whose network is, is silent; elsewhere nobody listens.
 */
export function iscsiadmProgram({ node, san, clock, secondMs }: IscsiadmOptions): RunProgram {
	const mode = ["-m", "discovery", "-t", "sendtargets", "-o", "nonpersistent", "-p"];
	return async (program, args, { deadlineMs, signal }) => {
		signal?.throwIfAborted();
		const asked = parsePortal(args.at(-1) ?? "");
		if (asked === null || args.length !== mode.length + 1 || mode.some((word, at) => args[at] !== word))
			return ended(7, "", "iscsiadm: Invalid parameters\n");
		const portal = portalText(asked);
		const port = san.ports.find((each) => each.array.protocol === "iscsi" && each.plan.portal === portal);
		if (port === undefined || !Object.hasOwn(node.plan.initiators, port.fabric.name))
			return ended(11, "", refusedText(asked.host));
		if (!port.up || !port.fabric.up) {
			const { promise, resolve } = Promise.withResolvers<void>();
			clock.schedule((deadlineMs / 1000) * secondMs, resolve);
			await promise;
			throw new PathkeeperError("PROCESS_DEADLINE", { program, seconds: deadlineMs / 1000 });
		}
		const lines = port.array.ports
			.filter(({ target }) => target === port.plan.target)
			.map(({ target, portal: other }) => `${other ?? portal},1 ${target}\n`);
		return ended(0, lines.join(""), "");
	};
}

/** In the words of open-iscsi 2.1.8, 2.1.11 and 2.1.13, which end with 11. */
function refusedText(host: string): string {
	const attempt = `iscsiadm: cannot make connection to ${host}: Connection refused\n`;
	return `${attempt.repeat(6)}iscsiadm: connection login retries (reopen_max) 5 exceeded\niscsiadm: Could not perform SendTargets discovery: iSCSI PDU timed out\n`;
}

function ended(code: number, stdout: string, stderr: string): RunResult {
	return { code, signal: null, stdout, stderr };
}
