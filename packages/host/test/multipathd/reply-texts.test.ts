import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, FrameDecoder, nativeFormat } from "../../src/multipathd/frame.ts";
import { ReplyTexts } from "../../src/multipathd/reply-texts.ts";

const body = (text: string) => encodeFrame(text).subarray(nativeFormat.width);
const long = "a map and its paths\n".repeat(10_000);

describe("texts of replies", () => {
	it("are what the daemon said, whatever it said before", () => {
		const texts = new ReplyTexts();
		const said = [long, long, `${long}more`, "ok\n", long, "", `${long.slice(1)}b`, long];
		for (const text of said) {
			expect(texts.read("show maps json", body(text))).toBe(text);
			expect(texts.read("show daemon", body("pid 1 idle\n"))).toBe("pid 1 idle\n");
			expect(texts.read("show config", body(`${text}!`))).toBe(`${text}!`);
		}
	});

	it("are remembered of the command with the longest replies alone", () => {
		const texts = new ReplyTexts();
		const first = body(long);
		texts.read("show maps json", first);
		texts.read("show config local", body(long.slice(0, 100_000)));
		texts.read("show daemon", body("pid 1 idle\n"));
		expect(texts.lastBody("show maps json")).toBe(first);
		expect(texts.lastBody("show config local")).toBeNull();
		const shorter = body(long.slice(0, 80_000));
		texts.read("show maps json", shorter);
		expect(texts.lastBody("show maps json")).toBe(shorter);
	});
});

describe("a body that is expected", () => {
	/** The bodies that a decoder gives for frames that come in pieces, each expected to be the body before it. */
	function decoded(texts: readonly string[], pieceBytes: number): readonly Buffer[] {
		const decoder = new FrameDecoder();
		const bodies: Buffer[] = [];
		for (const text of texts) {
			const last = bodies.at(-1);
			if (last !== undefined) decoder.expect(last);
			const frame = encodeFrame(text);
			for (let at = 0; at < frame.length; at += pieceBytes) {
				bodies.push(...decoder.push(Buffer.from(frame.subarray(at, at + pieceBytes))));
			}
		}
		return bodies;
	}

	it("is given itself when it came again, and every other text as it came", () => {
		const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
		fc.assert(
			fc.property(fc.array(text, { maxLength: 12 }), fc.integer({ min: 1, max: 30 }), (texts, pieceBytes) => {
				const bodies = decoded(texts, pieceBytes);
				expect(bodies.map(String)).toEqual(texts.map((each) => `${each}\0`));
				for (const [at, each] of texts.entries()) {
					expect(bodies[at] === bodies[at - 1]).toBe(at > 0 && each === texts[at - 1]);
				}
			}),
			{ numRuns: 1_000 },
		);
	});
});
