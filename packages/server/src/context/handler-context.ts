import type { Runtime } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import type { FleetReader } from "../fleet/read-fleet.ts";
import type { ConfigWork } from "../heavy/config-work.ts";
import type { Questions } from "../questions/questions.ts";
import type { StoreRoom } from "../room/store-room.ts";

/** What handlers work with. */
export interface HandlerContext {
	readonly store: Store;
	readonly fleet: FleetReader;
	/** What nodes are asked. */
	readonly questions: Questions;
	/** For what is worked out of whole documents. */
	readonly configWork: ConfigWork;
	/** How much the store still takes. */
	readonly room: StoreRoom;
	readonly version: string;
	readonly runtime: Runtime;
}
