/**
 * What the kernel shows of block devices, and when to ask it again. A sweep through sysfs costs many times what
 * multipathd's own list costs, and what it shows hardly ever changes by itself. So the last one stands until
 *
 * - somebody says that the host was changed (`stir`): the next look sweeps;
 * - the daemon lists other maps, or other paths in them, than when it was made: this look sweeps, since list and
 *   kernel laid over each other must be of one time;
 * - a block event came (`suspect`), or the daemon says of a path something else than then: the next look sweeps that
 *   keeps the pace, which is that sweeps take a tenth of the time at most, however many events there are;
 * - the signs of use changed, which are looked at every half minute, and at each look while the daemon does not answer;
 * - it is five minutes old.
 *
 * So a report may be behind the kernel: by half a minute in who uses a map where no event tells of it (a mount, an
 * opened device), and by five minutes in the address, state or content of a device of which neither an event nor the
 * daemon tells. What multipathd says is always of now, and where it says something else of a path than at the sweep,
 * the state that the kernel showed then is dropped. Nothing is ever removed on the strength of this: whoever changes
 * the host reads the kernel afresh.
 */

import { isDeepStrictEqual } from "node:util";
import type { Host, PathFacts } from "@pathkeeper/host";
import type { Candidate, KernelMap, MultipathMap } from "@pathkeeper/model";
import { pathsOf } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import { differenceOf } from "./list-difference.ts";

/** What a sweep found. */
export interface Kernel {
	readonly kernelMaps: readonly KernelMap[];
	readonly candidates: readonly Candidate[];
	readonly foreignDmNames: readonly string[];
}

/** A sweep with what the daemon listed at its time. */
export interface Sweep extends Kernel {
	/** Of the paths that the daemon listed. */
	readonly facts: ReadonlyMap<string, PathFacts>;
	readonly listed: readonly MultipathMap[];
}

/** The part of what the daemon says that tells whether the kernel is worth asking. */
export interface Listed {
	/** False when it gave no list: it does not answer, or reads its configuration. */
	readonly isList: boolean;
	readonly maps: readonly MultipathMap[];
}

const oldestMs = 300_000;
const signsMs = 30_000;
/** A sweep is followed by a pause this many times as long. */
const pauseFactor = 9;

export class Sweeps {
	readonly #sysfs: Host["sysfs"];
	readonly #clock: Clock;
	#last: Sweep | null = null;
	#stirred = true;
	#suspected = false;
	/** When the last one was begun, and when the next may begin that only an event asks for. */
	#begun = 0;
	#pausedUntil = 0;
	#signs = "";
	#signsAt = 0;

	constructor(sysfs: Host["sysfs"], clock: Clock) {
		this.#sysfs = sysfs;
		this.#clock = clock;
	}

	/** The host was changed, or is about to be. */
	stir(): void {
		this.#stirred = true;
	}

	/** Something happened on the host. */
	suspect(): void {
		this.#suspected = true;
	}

	/**
	 * What holds now, from a sweep or from the last one. Throws what the kernel's files throw when they do not tell.
	 * `onStep` is called before each question.
	 */
	async current(daemon: Listed, onStep?: () => void): Promise<Sweep> {
		const last = this.#last;
		onStep?.();
		if (last === null || (await this.#isDue(last, daemon))) return await this.#sweep(daemon.maps, onStep);
		return last;
	}

	/** What the last sweep found, when it is good enough to see that nothing is to be done; else null. */
	recent(): Kernel | null {
		const isRecent =
			!this.#stirred && !this.#suspected && this.#clock.monotonic() - this.#signsAt < 2 * signsMs;
		return isRecent ? this.#last : null;
	}

	async #isDue(last: Sweep, { isList, maps }: Listed): Promise<boolean> {
		const now = this.#clock.monotonic();
		if (this.#stirred || now - this.#begun >= oldestMs) return true;
		if (this.#suspected && now >= this.#pausedUntil) return true;
		const difference = isList ? differenceOf(last.listed, maps) : null;
		if (difference === "maps") return true;
		if (difference === "states") this.#suspected = true;
		if (isList && now - this.#signsAt < signsMs) return false;
		this.#signsAt = now;
		return (await this.#sysfs.signs()) !== this.#signs;
	}

	async #sweep(listed: readonly MultipathMap[], onStep?: () => void): Promise<Sweep> {
		const sysfs = this.#sysfs;
		const begun = this.#clock.monotonic();
		// What happens from here on may be missed by this sweep and asks for another one.
		this.#stirred = false;
		this.#suspected = false;
		try {
			onStep?.();
			const signs = await sysfs.signs();
			onStep?.();
			const kernelMaps = await sysfs.kernelMaps();
			onStep?.();
			const candidates = await sysfs.candidates();
			onStep?.();
			const foreignDmNames = await sysfs.foreignDmNames();
			const devs = listed.flatMap((map) => pathsOf(map).map(({ path }) => path.dev));
			onStep?.();
			const facts = await sysfs.paths(devs.filter((dev) => dev !== ""));
			const last = this.#last;
			this.#last = {
				kernelMaps: same(kernelMaps, last?.kernelMaps),
				candidates: same(candidates, last?.candidates),
				foreignDmNames: same(foreignDmNames, last?.foreignDmNames),
				facts,
				listed,
			};
			this.#signs = signs;
			this.#begun = begun;
			this.#signsAt = begun;
			const end = this.#clock.monotonic();
			this.#pausedUntil = end + (end - begun) * pauseFactor;
			return this.#last;
		} catch (error) {
			this.#stirred = true;
			throw error;
		}
	}
}

/** The former one when nothing in it changed: what is the same object need not be compared again. */
function same<T extends object>(now: T, before: T | undefined): T {
	return before !== undefined && isDeepStrictEqual(now, before) ? before : now;
}
