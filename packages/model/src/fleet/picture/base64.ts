const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const codes: readonly number[] = [...digits].map((digit) => digit.charCodeAt(0));
const values = new Map(codes.map((code, value) => [code, value]));

/** Bytes as base64 (RFC 4648, section 4), with padding; the same on every platform. */
export function toBase64(bytes: Uint8Array): string {
	const parts: string[] = [];
	// A piece at a time: a text that grows digit by digit would be a chain of a million links.
	for (let from = 0; from < bytes.length; from += 3 * 1024) parts.push(piece(bytes, from));
	return parts.join("");
}

function piece(bytes: Uint8Array, from: number): string {
	const end = Math.min(bytes.length, from + 3 * 1024);
	const out: number[] = [];
	for (let at = from; at < end; at += 3) {
		const three = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2);
		out.push(codeOf(three >> 18), codeOf(three >> 12), codeOf(three >> 6), codeOf(three));
	}
	const text = String.fromCharCode(...out);
	const missing = (3 - ((end - from) % 3)) % 3;
	return missing === 0 ? text : text.slice(0, -missing) + "=".repeat(missing);
}

/** Null for a text that is not whole base64. */
export function fromBase64(text: string): Uint8Array | null {
	if (text.length % 4 !== 0) return null;
	const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
	const bytes = new Uint8Array((text.length / 4) * 3 - padding);
	const last = text.length - padding;
	for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
		let four = 0;
		for (let offset = 0; offset < 4; offset++) {
			const value = at + offset < last ? values.get(text.charCodeAt(at + offset)) : 0;
			if (value === undefined) return null;
			four = (four << 6) | value;
		}
		// What reaches beyond the end is padding, and typed arrays let it go.
		bytes[to] = four >> 16;
		bytes[to + 1] = four >> 8;
		bytes[to + 2] = four;
	}
	return bytes;
}

function byteAt(bytes: Uint8Array, at: number): number {
	return bytes[at] ?? 0;
}

function codeOf(bits: number): number {
	return codes[bits & 63] ?? 0;
}
