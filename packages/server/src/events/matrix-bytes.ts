import { type Picture, pictureDocument } from "@pathkeeper/model";

/** The matrix as bytes of an answer, made once for each picture, however many ask for it. */
export class MatrixBytes {
	readonly #simulated: boolean;
	#made: { readonly picture: Picture; readonly epoch: string; readonly bytes: Map<boolean, Buffer> } | null =
		null;

	constructor(simulated: boolean) {
		this.#simulated = simulated;
	}

	of(epoch: string, picture: Picture, withCounts: boolean): Buffer {
		if (this.#made?.picture !== picture || this.#made.epoch !== epoch) {
			this.#made = { picture, epoch, bytes: new Map() };
		}
		const known = this.#made.bytes.get(withCounts);
		if (known !== undefined) return known;
		const data = { epoch, ...pictureDocument(picture, withCounts) };
		const bytes = Buffer.from(JSON.stringify({ data, ...(this.#simulated ? { simulated: 1 } : {}) }));
		this.#made.bytes.set(withCounts, bytes);
		return bytes;
	}
}

/** What a client shows to learn whether it has the newest already (RFC 9110, section 8.8.3). */
export function matrixTag(epoch: string, { rev }: Picture, withCounts: boolean): string {
	return `"${epoch}.${rev}${withCounts ? ".counts" : ""}"`;
}
