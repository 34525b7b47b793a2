import { readFile, stat } from "node:fs/promises";
import { posix } from "node:path";
import { type Finding, messageOf } from "@pathkeeper/model";
import type { RunProgram } from "../process/run.ts";
import { type BootImage, type Initramfs, initramfsFinding } from "./initramfs.ts";

export interface RealInitramfsOptions {
	readonly run: RunProgram;
	/** Where the machine's file tree starts. */
	readonly root?: string;
}

/** Unpacking a large image is work of seconds, on a busy machine of many. */
const deadlineMs = 60_000;

/** The image as initramfs-tools makes it (Debian and its kin), listed by `lsinitramfs` once for each new image. */
export class RealInitramfs implements Initramfs {
	readonly #run: RunProgram;
	readonly #root: string;
	#last: { readonly mark: string; readonly image: BootImage } | null = null;

	constructor(options: RealInitramfsOptions) {
		this.#run = options.run;
		this.#root = options.root ?? "/";
	}

	async check(rootWwid: string, needed: readonly string[]): Promise<Finding | null> {
		return initramfsFinding(await this.#image(), rootWwid, needed);
	}

	async #image(): Promise<BootImage> {
		let path = "/boot/initrd.img";
		try {
			const release = (await readFile(this.#on("/proc/sys/kernel/osrelease"), "utf8")).trim();
			path = `/boot/initrd.img-${release}`;
			const found = await stat(this.#on(path)).catch(() => null);
			if (found === null)
				return { path, files: "it is not there (only images of initramfs-tools are known)" };
			const mark = `${path} ${found.ino} ${found.size} ${found.mtimeMs}`;
			if (this.#last?.mark === mark) return this.#last.image;
			const image = { path, files: await this.#list(path) };
			this.#last = { mark, image };
			return image;
		} catch (error) {
			return { path, files: messageOf(error) };
		}
	}

	async #list(path: string): Promise<ReadonlySet<string>> {
		const { code, stdout, stderr } = await this.#run("lsinitramfs", [this.#on(path)], { deadlineMs });
		// It ends with 0 for an image that it could not unpack.
		if (code !== 0 || stdout.trim() === "") {
			throw new Error(`lsinitramfs: ${stderr.trim().split("\n").at(-1) || `code ${code}`}`);
		}
		return new Set(stdout.split("\n").filter((name) => name.includes("multipath")));
	}

	#on(path: string): string {
		return posix.join(this.#root, path);
	}
}
