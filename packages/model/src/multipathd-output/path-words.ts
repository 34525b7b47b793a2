import type { Transport } from "../topology/path.ts";

/** `dm-N` as told; multipathd says `undef` when it does not know. */
export function devmapper(word: string | null): string | null {
	return word !== null && /^dm-\d+$/.test(word) ? word : null;
}

/** Text of a SCSI INQUIRY without its padding; multipathd says `##` when no path is left to ask. */
export function inquiryText(text: string | null): string | null {
	const trimmed = text?.trim() ?? "";
	return trimmed === "" || trimmed === "##" || trimmed === "undef" ? null : trimmed;
}

/** The wildcards `%n`, `%r`, `%R`, `%a` of a path; `[undef]` and `[unknown]` tell nothing. */
export interface TransportWords {
	readonly targetName: string | null;
	readonly targetPort: string | null;
	readonly hostPort: string | null;
	readonly adapter: string | null;
}

/**
 * The wire as far as multipathd tells it: for iSCSI the IQN and the initiator's address, for FC the port names
 * (multipath-tools libmultipath/print.c snprint_tgt_wwnn and its neighbours). The portal is only in sysfs.
 */
export function transportFrom(words: TransportWords): Transport | null {
	const target = words.targetName ?? "";
	if (/^(?:iqn|eui|naa)\./.test(target)) {
		return { protocol: "iscsi", initiator: unlessUndefined(words.adapter), target, portal: null };
	}
	if (/^0x[0-9a-f]{16}$/i.test(words.targetPort ?? "")) {
		const initiator = unlessUndefined(words.hostPort);
		return { protocol: "fc", initiator, target: words.targetPort, portal: null };
	}
	return null;
}

function unlessUndefined(word: string | null): string | null {
	return word === null || word === "" || /^\[\w+\]$/.test(word) ? null : word;
}
