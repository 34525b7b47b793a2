import { type ClientRequest, get } from "node:http";
import {
	applyDelta,
	type Picture,
	type PictureDelta,
	readPicture,
	type SnapshotEvent,
} from "@pathkeeper/model";
import { machineMs } from "./machine-clock.ts";

/** Called with what a page would draw, each time that it changed, and when its bytes had come. */
export type Drawn = (picture: Picture, at: number) => void;

/** Follows the events of a server as a page does. */
export class EventStream implements Disposable {
	readonly #request: ClientRequest;
	readonly #drawn = new Set<Drawn>();
	#picture: Picture | null = null;
	#rest = "";

	constructor(port: number) {
		this.#request = get({ port, host: "127.0.0.1", path: "/api2/json/cluster/events" }, (response) => {
			response.setEncoding("utf8");
			response.on("data", (text: string) => this.#take(text));
			response.on("error", () => undefined);
		});
		this.#request.on("error", () => undefined);
	}

	/** Gives the time at which a picture that `holds` was first there, from now on. */
	async until(what: string, holds: (picture: Picture) => boolean, longestMs = 240_000): Promise<number> {
		if (this.#picture !== null && holds(this.#picture)) return machineMs();
		const { promise, resolve, reject } = Promise.withResolvers<number>();
		const late = setTimeout(() => reject(new Error(`waited in vain until ${what}`)), longestMs);
		const drawn: Drawn = (picture, at) => {
			if (holds(picture)) resolve(at);
		};
		this.#drawn.add(drawn);
		try {
			return await promise;
		} finally {
			clearTimeout(late);
			this.#drawn.delete(drawn);
		}
	}

	[Symbol.dispose](): void {
		this.#request.destroy();
	}

	#take(text: string): void {
		const at = machineMs();
		const blocks = (this.#rest + text).split("\n\n");
		this.#rest = blocks.pop() ?? "";
		for (const block of blocks) {
			const [, event, data] = /^event: (.*)\ndata: (.*)$/m.exec(block) ?? [];
			if (data === undefined) continue;
			this.#picture = this.#next(event ?? "", data) ?? this.#picture;
			if (this.#picture !== null) for (const drawn of this.#drawn) drawn(this.#picture, at);
		}
	}

	#next(event: string, data: string): Picture | null {
		if (event === "snapshot") {
			const snapshot: SnapshotEvent = JSON.parse(data);
			return readPicture(snapshot);
		}
		if (event !== "delta" || this.#picture === null) return null;
		const delta: PictureDelta = JSON.parse(data);
		return applyDelta(this.#picture, delta);
	}
}
