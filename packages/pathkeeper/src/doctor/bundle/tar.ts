/**
 * A tar archive of plain files in the format ustar (POSIX.1-1988, pax(1)). The archive is written once and never read
 * here, and holds nothing but files of ours with short names: that is a hundred bytes of header each, and no reason for
 * a library.
 */
import { gzipSync } from "node:zlib";

export interface TarFile {
	/** Relative, with `/`; at most 100 bytes. */
	readonly name: string;
	readonly content: Buffer;
}

const blockBytes = 512;

/** A gzipped archive; `at` is the time of all its files, milliseconds since the epoch. Throws for a name that is too long. */
export function tarGz(files: readonly TarFile[], at: number): Buffer {
	const blocks = files.flatMap(({ name, content }) => [
		header(name, content.length, at),
		content,
		Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes),
	]);
	return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]));
}

function header(name: string, size: number, at: number): Buffer {
	if (Buffer.byteLength(name) > 100) throw new RangeError(`the name ${name} is too long for the archive`);
	const block = Buffer.alloc(blockBytes);
	const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
	block.write(name, 0, "utf8");
	block.write(`${octal(0o600, 7)}\0`, 100, "ascii");
	block.write(`${octal(0, 7)}\0`, 108, "ascii");
	block.write(`${octal(0, 7)}\0`, 116, "ascii");
	block.write(`${octal(size, 11)}\0`, 124, "ascii");
	block.write(`${octal(Math.floor(at / 1000), 11)}\0`, 136, "ascii");
	// The checksum counts its own field as blanks.
	block.write("        ", 148, "ascii");
	block.write("0", 156, "ascii");
	block.write("ustar\x0000", 257, "ascii");
	block.write("root", 265, "ascii");
	block.write("root", 297, "ascii");
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${octal(sum, 6)}\0 `, 148, "ascii");
	return block;
}
