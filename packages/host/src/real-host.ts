import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { posix } from "node:path";
import type { Runtime } from "@pathkeeper/model";
import { RootedFiles } from "./files/rooted-files.ts";
import { RealFolders } from "./folders/real-folders.ts";
import type { Host } from "./host.ts";
import { RealInitramfs } from "./initramfs/real-initramfs.ts";
import { RealIscsi } from "./iscsi/real-iscsi.ts";
import { RealLvm } from "./lvm/real-lvm.ts";
import { RealMultipathTools } from "./multipath-tools/real.ts";
import { wwidsFile } from "./multipath-tools/wwids-file.ts";
import { MultipathdClient } from "./multipathd/client.ts";
import { connectSocket } from "./multipathd/connect-socket.ts";
import { ProgramRunner } from "./process/run.ts";
import { KernelReader } from "./sysfs/kernel-reader.ts";
import { askDmsetup } from "./sysfs/open-counts.ts";
import { openerSearch } from "./sysfs/openers.ts";
import { RealSysfs } from "./sysfs/real-sysfs.ts";
import { UdevMonitor } from "./udev/udev-monitor.ts";

export interface RealHostOptions {
	readonly runtime: Runtime;
	/** Node name; the machine's host name up to the first dot by default. */
	readonly node?: string;
	/** Where the machine's file tree starts, for a look into another one (a container's host below `/host`). */
	readonly root?: string;
	/** Told what goes wrong beside the work and ends no call, in words. */
	readonly onProblem?: (problem: string) => void;
	/** Closes the connection to multipathd. */
	readonly signal?: AbortSignal;
	readonly programs?: ProgramRunner;
}

/** The machine that this process runs on. Nothing is started or opened before the first call. */
export function realHost(options: RealHostOptions): Host {
	const { runtime, root = "/" } = options;
	const { run } = options.programs ?? new ProgramRunner({ runtime });
	return {
		node: options.node ?? hostname().replace(/\..*$/, ""),
		simulated: false,
		multipathd: new MultipathdClient({
			runtime,
			connect: connectSocket,
			root,
			...(options.signal === undefined ? {} : { signal: options.signal }),
		}),
		tools: new RealMultipathTools({ run, wwidsFile: posix.join(root, wwidsFile) }),
		sysfs: new RealSysfs({
			runtime,
			root,
			reader: new KernelReader({ runtime }),
			askOpenCounts: askDmsetup(run),
			findOpeners: openerSearch({ root, runtime }),
		}),
		udev: new UdevMonitor({ runtime, onEnd: options.onProblem ?? (() => undefined) }),
		files: new RootedFiles(runtime, root),
		lvm: new RealLvm({
			run,
			partitions: () => readFile(posix.join(root, "/proc/partitions"), "utf8"),
		}),
		iscsi: new RealIscsi({ run }),
		folders: new RealFolders({ runtime, root }),
		initramfs: new RealInitramfs({ run, root }),
	};
}
