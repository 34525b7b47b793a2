import { createHash, timingSafeEqual } from "node:crypto";

/** True when both are the same. How long it takes tells nothing of where they differ, nor of their lengths. */
export function isSameSecret(one: string, other: string): boolean {
	return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Uint8Array {
	return createHash("sha256").update(text, "utf8").digest();
}
