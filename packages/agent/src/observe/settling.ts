/**
 * Whether maps may be judged: after start, reconfigure or rescan only once multipathd was seen calm twice in a row
 * (one calm look can fall between two bursts of path checks). Later a busy moment is everyday life and no reason not
 * to judge.
 */
export class Settling {
	#calmLooks = 0;

	/** Something happened that makes maps change. */
	stir(): void {
		this.#calmLooks = 0;
	}

	/** Notes a look; true while maps are still settling. A daemon that does not answer is not settling, but unknown. */
	note(look: { readonly calm: boolean; readonly answered: boolean }): boolean {
		if (!look.answered) {
			this.#calmLooks = 0;
			return false;
		}
		if (this.#calmLooks < 2) this.#calmLooks = look.calm ? this.#calmLooks + 1 : 0;
		return this.#calmLooks < 2;
	}
}
