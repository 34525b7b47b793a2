import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { JsonCounter, messageOf, PathkeeperError } from "@pathkeeper/model";
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { storeLimits } from "../limits.ts";

/** How one kind of document becomes a value of the store and comes back, checked: nobody who writes is trusted. */
export interface JsonDocument<T> {
	/**
	 * Refuses whatever `decode` would refuse, so that nothing unreadable is written. Throws STORE_LIMIT for a document
	 * beyond its limits, BUG for one that is not of its kind.
	 */
	encode(document: object): Uint8Array;
	/** Throws DOCUMENT_UNREADABLE, naming the key and what is wrong. */
	decode(key: string, value: Uint8Array): T;
}

/**
 * What a packed document may unpack to: a value of one megabyte can be gigabytes of text, or of objects. Who writes is
 * held to the same limits.
 */
export interface UnpackLimits {
	readonly maxBytes: number;
	/** Objects, lists, members and elements; they are counted before the text is parsed. */
	readonly maxValues: number;
}

/** Documents as JSON text. With `packed`, zstd makes them small, and what is beyond these limits is refused. */
export function jsonDocument<S extends TSchema>(schema: S, packed?: UnpackLimits): JsonDocument<Static<S>> {
	const kind = kindOf(schema);
	return {
		encode(document) {
			if (!kind.has(document)) {
				const problem = `a document with a wrong form was to be stored: ${kind.problemOf(document)}`;
				throw new PathkeeperError("BUG", { problem });
			}
			const bytes = new TextEncoder().encode(JSON.stringify(document));
			if (packed === undefined) return bytes;
			const excess = excessOf(bytes, packed);
			if (excess !== null)
				throw new PathkeeperError("STORE_LIMIT", {
					what: "a document",
					problem: `${excess}; make it smaller`,
				});
			return zstdCompressSync(bytes);
		},
		decode(key, value) {
			const parsed = parseJson(key, packed ? unpackedText(key, value, packed) : value);
			if (kind.has(parsed)) return parsed;
			throw unreadable(key, kind.problemOf(parsed));
		},
	};
}

function unpackedText(key: string, value: Uint8Array, limits: UnpackLimits): Uint8Array {
	const text = unpack(key, value, limits.maxBytes);
	const excess = excessOf(text, limits);
	if (excess !== null) throw unreadable(key, excess);
	return text;
}

/** Why a text is not taken, by writers and readers alike; null: it is. */
function excessOf(text: Uint8Array, { maxBytes, maxValues }: UnpackLimits): string | null {
	if (text.length > maxBytes) return `it unpacks to more than ${maxBytes} bytes`;
	if (new JsonCounter().exceeds(maxValues, text))
		return `it holds more than ${maxValues} values, which no document of its kind does`;
	return null;
}

/** Checks a parsed value against a schema; throws DOCUMENT_UNREADABLE with the first thing that is wrong. */
export function checkOf<S extends TSchema>(schema: S): (key: string, value: unknown) => Static<S> {
	const kind = kindOf(schema);
	return (key, value) => {
		if (kind.has(value)) return value;
		throw unreadable(key, kind.problemOf(value));
	};
}

/** One field of an object that was read, checked against a schema of its own; throws as `checkOf` does. */
export function checkedField<S extends TSchema>(
	key: string,
	document: object,
	field: string,
	schema: S,
): Static<S> {
	return checkOf(schema)(key, new Map<string, unknown>(Object.entries(document)).get(field));
}

interface Kind<T> {
	readonly has: (value: unknown) => value is T;
	/** The first thing that is wrong with a value that is not of the kind. */
	readonly problemOf: (value: unknown) => string;
}

function kindOf<S extends TSchema>(schema: S): Kind<Static<S>> {
	// Compiled at first use: a program that reads one kind of document does not pay for all.
	let compiled: ReturnType<typeof Compile<S>> | null = null;
	const validator = () => (compiled ??= Compile(schema));
	return {
		has: (value): value is Static<S> => validator().Check(value),
		problemOf: (value) => {
			const [first] = validator().Errors(value);
			return first === undefined ? "not of its kind" : `${first.instancePath || "it"} ${first.message}`;
		},
	};
}

/** Throws DOCUMENT_UNREADABLE for what is no UTF-8 or no JSON. */
export function parseJson(key: string, value: Uint8Array): unknown {
	try {
		const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(value));
		return parsed;
	} catch (error) {
		throw unreadable(key, messageOf(error), error);
	}
}

/**
 * The head of a frame may ask for 128 MB before a single byte was unpacked; what we write asks for 2 MiB at most
 * (zstd level 3, RFC 8878 section 3.1.1.1.2).
 */
const smallWindow = { [constants.ZSTD_d_windowLogMax]: 23 };

/**
 * Unpacks zstd up to `maxBytes`, of which no more is ever held; throws `tooMuch` for more, and DOCUMENT_UNREADABLE for
 * what is damaged.
 */
export function unpack(
	key: string,
	value: Uint8Array,
	maxBytes: number,
	tooMuch: () => Error = () => unreadable(key, `it unpacks to more than ${maxBytes} bytes`),
): Uint8Array {
	try {
		return zstdDecompressSync(value, { maxOutputLength: maxBytes, params: smallWindow });
	} catch (error) {
		if (error instanceof RangeError) throw tooMuch();
		throw unreadable(key, `it does not unpack (${messageOf(error)})`, error);
	}
}

export function unreadable(key: string, problem: string, cause?: unknown): PathkeeperError {
	return new PathkeeperError("DOCUMENT_UNREADABLE", { key, problem }, { cause });
}

/** Refuses a text that JSON, UTF-8 and the store's limits would not carry unchanged. */
export function checkText(what: string, text: string): void {
	if (!text.isWellFormed()) throw new PathkeeperError("STORE_LIMIT", { what, problem: "no UTF-8" });
	const bytes = new TextEncoder().encode(text).length;
	if (bytes > storeLimits.valueBytes)
		throw new PathkeeperError("STORE_LIMIT", {
			what,
			problem: `${bytes} bytes, at most ${storeLimits.valueBytes}`,
		});
}
