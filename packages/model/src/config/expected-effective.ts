import { type EffectiveConf, effectiveConf } from "../multipath-conf/effective-conf.ts";
import type { RenderedNode } from "./render-node.ts";

/**
 * What multipathd must hold after a node has applied what was rendered for it. `differences` compares it with what
 * the daemon prints (`readEffective`): a value that differs means that something else won, a later drop-in say, or
 * that the daemon did not read ours.
 */
export function expectedEffective(
	rendered: Pick<RenderedNode, "files">,
	toolsVersion: string | null,
): EffectiveConf {
	return effectiveConf(rendered.files.toSorted(byName), toolsVersion === null ? {} : { toolsVersion });
}

/** multipath-tools reads conf.d in the bytewise order of the names. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
	return a.name < b.name ? -1 : 1;
}
