import { PathkeeperError } from "@pathkeeper/model";
import { endOfPrefix } from "../limits.ts";

const rootPattern = /^[!-~]{0,127}\/$/;
const keyPattern = /^[!-~]+$/;

/** Where the keys of a fleet stand in an etcd that others may use, too: all below one root, such as `/pathkeeper/`. */
export class EtcdKeys {
	readonly #root: string;

	/** Throws PARAMETER_INVALID for a root that is no text of printable ASCII ending in `/`, at most 128 characters. */
	constructor(root: string) {
		if (!rootPattern.test(root))
			throw new PathkeeperError("PARAMETER_INVALID", {
				fields: { prefix: `'${root}' is not a prefix of keys in etcd: printable characters, '/' at the end` },
			});
		this.#root = root;
	}

	/** The bytes of a key in etcd. */
	inEtcd(key: string): Uint8Array {
		return Buffer.from(this.#root + key, "latin1");
	}

	/** All keys that begin with a prefix, as etcd's range from `key` up to `rangeEnd` (exclusive). */
	range(prefix: string): { readonly key: Uint8Array; readonly rangeEnd: Uint8Array } {
		return { key: this.inEtcd(prefix), rangeEnd: this.inEtcd(endOfPrefix(prefix)) };
	}

	/** Null for what no Pathkeeper wrote, though it stands below the root. */
	fromEtcd(bytes: Uint8Array): string | null {
		const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
		if (!text.startsWith(this.#root)) return null;
		const key = text.slice(this.#root.length);
		return keyPattern.test(key) ? key : null;
	}
}
