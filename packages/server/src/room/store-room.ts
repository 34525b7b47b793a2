import { type Finding, isDoneWhenFull, messageOf, PathkeeperError, type Route } from "@pathkeeper/model";
import type { Store, StoreSpace } from "@pathkeeper/store";
import { fullnessOf, remedyText, roomFinding, spaceText } from "./fullness.ts";

/** What was last heard of the room of the store. */
type Heard = { readonly space: StoreSpace } | { readonly problem: string };

/** A store takes some seconds to fill its last tenth, whoever writes. */
const freshMs = 2000;

/**
 * Keeps the last tenth of the store for what makes room and for taking power away: what people change goes through
 * here, what agents write does not. The store is asked when somebody wants to know, and not again for a moment.
 */
export class StoreRoom {
	readonly #store: Pick<Store, "space">;
	readonly #monotonic: () => number;
	#heard: { readonly at: number; readonly what: Promise<Heard> } | null = null;

	/** `monotonic` gives milliseconds that only ever grow. */
	constructor(store: Pick<Store, "space">, monotonic: () => number) {
		this.#store = store;
		this.#monotonic = monotonic;
	}

	/**
	 * Returns when a call may go on. Throws STORE_RESERVED for a change that has to wait for room. A store that does not
	 * say how full it is keeps nobody: it says soon enough whether it takes the change.
	 */
	async check(route: Route, parameters: unknown): Promise<void> {
		if (isDoneWhenFull(route, parameters)) return;
		const heard = await this.#look();
		if ("problem" in heard) return;
		const { space } = heard;
		const fullness = fullnessOf(space);
		if (fullness === "full")
			throw new PathkeeperError("STORE_FULL", {
				problem: `${space.refusing}; ${spaceText(space)}; ${remedyText(space)}`,
			});
		if (fullness === "reserved")
			throw new PathkeeperError("STORE_RESERVED", { space: spaceText(space), remedy: remedyText(space) });
	}

	/** How full it is; null when the store does not say. */
	async space(): Promise<StoreSpace | null> {
		const heard = await this.#look();
		return "space" in heard ? heard.space : null;
	}

	/** What people should know of it. */
	async findings(): Promise<Finding[]> {
		const heard = await this.#look();
		if ("space" in heard) {
			const finding = roomFinding(heard.space);
			return finding === null ? [] : [finding];
		}
		const text = `it is unknown how full the store is: ${heard.problem}`;
		return [{ code: "store-room-unknown", severity: "warning", subject: null, text }];
	}

	#look(): Promise<Heard> {
		const now = this.#monotonic();
		if (this.#heard === null || now - this.#heard.at >= freshMs) {
			const what = this.#store.space().then(
				(space) => ({ space }),
				(error: unknown) => ({ problem: messageOf(error) }),
			);
			this.#heard = { at: now, what };
		}
		return this.#heard.what;
	}
}
