import { randomBytes, randomUUID } from "node:crypto";

/** Where secrets come from; must not be foreseeable. */
export interface Randomness {
	bytes(count: number): Uint8Array;
	/** A random UUID (RFC 9562 version 4) in lower case: 122 bits nobody can guess. */
	uuid(): string;
}

export const systemRandomness: Randomness = { bytes: randomBytes, uuid: randomUUID };
