import type { LunStatus } from "@pathkeeper/model";

/** A LUN as the API shows it. */
export function lunDocument({ sizeBytes, product, reasons, nodes, ...lun }: LunStatus) {
	return {
		...lun,
		size: sizeBytes,
		model: product,
		reasons: [...reasons],
		nodes: Object.fromEntries(
			[...nodes].map(([node, here]) => [node, { ...here, reasons: [...here.reasons] }]),
		),
	};
}
