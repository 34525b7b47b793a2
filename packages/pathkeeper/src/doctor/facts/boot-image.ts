import { posix } from "node:path";
import type { RunProgram } from "@pathkeeper/host";
import { answering } from "./answering.ts";
import type { Tree } from "./tree.ts";

/** How old the boot image is beside what it was made of. */
export interface BootImageFacts {
	/** Null: there is none that initramfs-tools would have made. */
	readonly path: string | null;
	/** Whether the image takes multipath along (the hook of multipath-tools-boot). */
	readonly takesMultipath: boolean;
	/** Files of multipath that changed after it was made. */
	readonly changedSince: readonly string[];
}

const hooks = ["/usr/share/initramfs-tools/hooks/multipath", "/etc/initramfs-tools/hooks/multipath"];
const copied = ["/etc/multipath.conf", "/etc/multipath/wwids", "/etc/multipath/bindings"];

export async function gatherBootImage(tree: Tree, run: RunProgram): Promise<BootImageFacts> {
	const release = ((await tree.read("/proc/sys/kernel/osrelease")) ?? "").trim();
	if (release === "") throw new Error("/proc/sys/kernel/osrelease is not there");
	const path = `/boot/initrd.img-${release}`;
	await answering(run, [tree.on(posix.dirname(path)), tree.on(path)]);
	const image = await tree.entry(path, true);
	const found = await Promise.all(hooks.map((hook) => tree.entry(hook, true)));
	const takesMultipath = found.some((entry) => entry !== null);
	if (image === null) return { path: null, takesMultipath, changedSince: [] };
	const entries = await Promise.all(copied.map((file) => tree.entry(file, true)));
	const changedSince = copied.filter((_, at) => (entries[at]?.changedAt ?? 0) > image.changedAt);
	return { path, takesMultipath, changedSince };
}
