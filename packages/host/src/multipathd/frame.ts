import { endianness } from "node:os";

/**
 * multipathd's wire format, the same in both directions: a native `size_t`, then that many bytes, the last of
 * which is NUL (multipath-tools libmpathcmd/mpath_cmd.c `send_packet`, multipathd/uxlsnr.c).
 */

/** The shape of a C `size_t` on the machine that runs the daemon. */
export interface FrameFormat {
	readonly width: 4 | 8;
	readonly littleEndian: boolean;
}

const thirtyTwoBits: ReadonlySet<string> = new Set(["arm", "ia32", "mips", "mipsel"]);

/** 8 bytes little-endian on most machines, big-endian on s390x, 4 bytes on a 32-bit userland. */
export const nativeFormat: FrameFormat = {
	width: thirtyTwoBits.has(process.arch) ? 4 : 8,
	littleEndian: endianness() === "LE",
};

/** Replies of 32 MiB and more are refused, as libmpathcmd does (`MAX_REPLY_LEN`). */
export const maxReplyBytes = 32 * 1024 * 1024 - 1;

/** Longest request including its NUL that the daemon reads (`MAX_CMD_LEN`, libmpathutil/uxsock.h). */
export const maxCommandBytes = 512;

/** The peer does not speak this format; nothing that follows on the connection can be understood. */
export class FrameError extends Error {
	override readonly name = "FrameError";
}

/** One frame around a text, as one buffer: the daemon wants length and command in one piece. */
export function encodeFrame(text: string, format: FrameFormat = nativeFormat): Buffer {
	const body = Buffer.byteLength(text, "utf8") + 1;
	const frame = Buffer.alloc(format.width + body);
	writeLength(frame, body, format);
	frame.write(text, format.width, "utf8");
	return frame;
}

/** The text of a frame's body: without the NUL that ends it. */
export function textOf(body: Buffer): string {
	const end = body.length > 0 && body[body.length - 1] === 0 ? body.length - 1 : body.length;
	return body.toString("utf8", 0, end);
}

/**
 * Takes bytes as they come and gives the body of every frame they complete. The body is allocated once, when its
 * length is known, and each byte is copied once.
 */
export class FrameDecoder {
	readonly #format: FrameFormat;
	readonly #limit: number;
	readonly #header: Buffer;
	#headerGot = 0;
	#body: Buffer | null = null;
	#bodyGot = 0;
	#expected: Buffer | null = null;
	/** True while the body that comes is the expected one so far, and that one stands in for it. */
	#asExpected = false;

	constructor(options: { readonly format?: FrameFormat; readonly limit?: number } = {}) {
		this.#format = options.format ?? nativeFormat;
		this.#limit = options.limit ?? maxReplyBytes;
		this.#header = Buffer.alloc(this.#format.width);
	}

	/** Bytes of the current body that came, and how many it announced: null until its length is whole. */
	get progress(): { readonly got: number; readonly expected: number | null } {
		if (this.#body === null) return { got: 0, expected: null };
		return { got: this.#bodyGot, expected: this.#body.length };
	}

	/** True between two frames. */
	get atBorder(): boolean {
		return this.#body === null && this.#headerGot === 0;
	}

	/**
	 * The next body may be this one once more: what comes is compared with it, and if it is the same to its end, this
	 * very buffer is given. On a quiet host that saves a copy of megabytes at each look. Nobody may write into it.
	 */
	expect(body: Buffer): void {
		this.#expected = body;
	}

	/** Bodies completed by this chunk, in order. Throws FrameError for a length of 0 or above the limit. */
	push(chunk: Buffer): readonly Buffer[] {
		const bodies: Buffer[] = [];
		let at = 0;
		while (at < chunk.length) {
			at += this.#body === null ? this.#takeHeader(chunk, at) : this.#takeBody(this.#body, chunk, at);
			if (this.#body !== null && this.#bodyGot === this.#body.length) {
				bodies.push(this.#body);
				this.#asExpected = false;
				this.#body = null;
				this.#headerGot = 0;
			}
		}
		return bodies;
	}

	#takeHeader(chunk: Buffer, at: number): number {
		const taken = chunk.copy(this.#header, this.#headerGot, at, at + this.#header.length - this.#headerGot);
		this.#headerGot += taken;
		if (this.#headerGot === this.#header.length) {
			const length = readLength(this.#header, this.#format);
			if (length < 1n || length > BigInt(this.#limit)) {
				throw new FrameError(`its length is given as ${length} bytes; 1 to ${this.#limit} are possible`);
			}
			this.#asExpected = this.#expected?.length === Number(length);
			this.#body =
				this.#expected !== null && this.#asExpected ? this.#expected : Buffer.allocUnsafeSlow(Number(length));
			this.#expected = null;
			this.#bodyGot = 0;
		}
		return taken;
	}

	#takeBody(body: Buffer, chunk: Buffer, at: number): number {
		const taken = Math.min(chunk.length - at, body.length - this.#bodyGot);
		const end = this.#bodyGot + taken;
		if (this.#asExpected && chunk.compare(body, this.#bodyGot, end, at, at + taken) !== 0) {
			const other = Buffer.allocUnsafeSlow(body.length);
			body.copy(other, 0, 0, this.#bodyGot);
			this.#body = other;
			this.#asExpected = false;
		}
		if (!this.#asExpected) chunk.copy(this.#body ?? body, this.#bodyGot, at, at + taken);
		this.#bodyGot = end;
		return taken;
	}
}

function writeLength(frame: Buffer, length: number, format: FrameFormat): void {
	if (format.width === 8) {
		if (format.littleEndian) frame.writeBigUInt64LE(BigInt(length));
		else frame.writeBigUInt64BE(BigInt(length));
	} else if (format.littleEndian) frame.writeUInt32LE(length);
	else frame.writeUInt32BE(length);
}

function readLength(header: Buffer, format: FrameFormat): bigint {
	if (format.width === 8) return format.littleEndian ? header.readBigUInt64LE() : header.readBigUInt64BE();
	return BigInt(format.littleEndian ? header.readUInt32LE() : header.readUInt32BE());
}
