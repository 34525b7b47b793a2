import fc from "fast-check";
import { expect, test } from "vitest";
import {
	encodeFrame,
	FrameDecoder,
	FrameError,
	type FrameFormat,
	maxReplyBytes,
	textOf,
} from "../../src/multipathd/frame.ts";

const formats: readonly FrameFormat[] = [
	{ width: 8, littleEndian: true },
	{ width: 8, littleEndian: false },
	{ width: 4, littleEndian: true },
	{ width: 4, littleEndian: false },
];

test("a request is what multipathd's own client sends", () => {
	const frame = encodeFrame("show daemon", { width: 8, littleEndian: true });
	expect(frame.toString("hex")).toBe(`0c00000000000000${Buffer.from("show daemon").toString("hex")}00`);
});

test("big-endian and 32-bit machines have their own length", () => {
	const lengthOf = (format: FrameFormat): string =>
		encodeFrame("ok", format).subarray(0, format.width).toString("hex");
	expect(formats.map(lengthOf)).toEqual(["0300000000000000", "0000000000000003", "03000000", "00000003"]);
});

test("frames come out as they went in, however the bytes are cut", () => {
	const texts = fc.array(fc.string({ unit: "binary", maxLength: 300 }), { minLength: 1, maxLength: 4 });
	fc.assert(
		fc.property(texts, fc.constantFrom(...formats), fc.infiniteStream(fc.nat(40)), (sent, format, cuts) => {
			const wellFormed = sent.map((text) => text.toWellFormed());
			const bytes = Buffer.concat(wellFormed.map((text) => encodeFrame(text, format)));
			const decoder = new FrameDecoder({ format });
			const got: string[] = [];
			for (let at = 0; at < bytes.length; ) {
				const { value } = cuts.next();
				const end = at + (value ?? 1);
				got.push(...decoder.push(bytes.subarray(at, end)).map(textOf));
				at = end;
			}
			expect(got).toEqual(wellFormed);
			expect(decoder.atBorder).toBe(true);
		}),
		{ numRuns: 10_000 },
	);
});

test("random bytes end in bodies, in waiting or in a refusal", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...formats), (bytes, format) => {
			const decoder = new FrameDecoder({ format, limit: 1000 });
			try {
				const bodies = decoder.push(Buffer.from(bytes));
				const read = bodies.reduce((sum, body) => sum + format.width + body.length, 0);
				expect(bodies.every((body) => body.length >= 1 && body.length <= 1000)).toBe(true);
				expect(read).toBeLessThanOrEqual(bytes.length);
			} catch (error) {
				expect(error).toBeInstanceOf(FrameError);
			}
		}),
		{ numRuns: 10_000 },
	);
});

test("a length of 0 and one of 32 MiB are refused, one byte less is awaited", () => {
	const header = (length: number): Buffer => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigUInt64LE(BigInt(length));
		return bytes;
	};
	const decoder = (): FrameDecoder => new FrameDecoder({ format: { width: 8, littleEndian: true } });
	expect(() => decoder().push(header(0))).toThrow(FrameError);
	expect(() => decoder().push(header(32 * 1024 * 1024))).toThrow(FrameError);
	const waiting = decoder();
	expect(waiting.push(header(maxReplyBytes))).toEqual([]);
	expect(waiting.progress).toEqual({ got: 0, expected: 32 * 1024 * 1024 - 1 });
});

test("a length beyond what a number holds is refused, not rounded", () => {
	const decoder = new FrameDecoder({ format: { width: 8, littleEndian: true } });
	expect(() => decoder.push(Buffer.alloc(8, 0xff))).toThrow(/18446744073709551615/);
});

test("a body without the last NUL keeps its last byte", () => {
	expect(textOf(Buffer.from("ok"))).toBe("ok");
	expect(textOf(Buffer.from("ok\0"))).toBe("ok");
	expect(textOf(Buffer.from("\0"))).toBe("");
});
