import { readFile } from "node:fs/promises";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { findProgram } from "../multipath-tools/program.ts";
import type { RunProgram, RunResult } from "../process/run.ts";
import {
	deviceArgument,
	devicesArguments,
	nameArgument,
	sizeArgument,
	tagArgument,
	volumeArgument,
} from "./arguments.ts";
import { otherBlockDevices } from "./block-devices.ts";
import type {
	GroupContents,
	LogicalVolume,
	Lvm,
	LvmCall,
	NewVolume,
	PhysicalVolume,
	VolumeGroup,
	VolumeName,
	ZeroedPart,
} from "./lvm.ts";
import { type Row, reportRows } from "./report.ts";

export interface RealLvmOptions {
	readonly run: RunProgram;
	/** Folders to look for programs in, as in PATH; the sbin folders are looked at anyway. */
	readonly path?: string;
	/** Text of `/proc/partitions`. */
	readonly partitions?: () => Promise<string>;
}

const partitionsFile = "/proc/partitions";
const reportMs = 15_000;
/** Shorter than the rest of a storage's lock when its holder learns that it is lost (store, `storage-lock.ts`). */
const changeMs = 25_000;
/** Zeroing is asked for in parts, each of which the device has to manage in this time. */
const zeroMs = 120_000;
const outputBytes = 64 * 1024 * 1024;
const format = [
	"--reportformat",
	"json",
	"--units",
	"b",
	"--nosuffix",
	"--config",
	'report/time_format="%s"',
];

const pvFields = "pv_name,pv_uuid,pv_size,pv_free,vg_name,pv_duplicate,pv_missing,pv_mda_size,pv_mda_free";
const vgFields = "vg_name,vg_uuid,vg_size,vg_free,vg_extent_size,vg_missing_pv_count";
const lvFields = "lv_name,lv_uuid,lv_size,lv_attr,lv_tags,lv_time";

interface ProgramCall {
	readonly deadlineMs: number;
	readonly signal?: AbortSignal | undefined;
	/** What it looks at: of these one may be dead, which must cost those of other calls nothing. */
	readonly devices?: readonly string[];
}

/** The `lvm` program of lvm2, with `blkid` and `blkdiscard` of util-linux. */
export class RealLvm implements Lvm {
	readonly #run: RunProgram;
	readonly #path: string;
	readonly #partitions: () => Promise<string>;

	constructor(options: RealLvmOptions) {
		this.#run = options.run;
		this.#path = options.path ?? process.env["PATH"] ?? "";
		this.#partitions = options.partitions ?? (() => readFile(partitionsFile, "utf8"));
	}

	async version(): Promise<string | null> {
		if ((await findProgram("lvm", this.#path)) === null) return null;
		const { stdout } = await this.#lvm("version", [], { deadlineMs: reportMs });
		return /LVM version:\s*(\d+(?:\.\d+)+)/.exec(stdout)?.[1] ?? null;
	}

	async physicalVolumes(devices: readonly string[], call: LvmCall = {}): Promise<readonly PhysicalVolume[]> {
		const scope = devicesArguments(devices);
		return (await this.#report("pvs", "pv", { scope, devices }, pvFields, call)).map(physicalVolumeOf);
	}

	/**
	 * Only with `--all` are the copies told that LVM does not use, and then every other device as well, without a UUID.
	 * A missing one is on no device that it finds.
	 */
	async ownPhysicalVolumes(call: LvmCall = {}): Promise<readonly PhysicalVolume[]> {
		// Its hints of where it found what last time may be old.
		const everywhere = { scope: ["--nohints", "--all"], devices: [] };
		const rows = await this.#report("pvs", "pv", everywhere, pvFields, call);
		return rows
			.filter((row) => row.text("pv_uuid") !== "" && row.text("pv_missing") === "")
			.map(physicalVolumeOf);
	}

	async volumeGroups(devices: readonly string[], call: LvmCall = {}): Promise<readonly VolumeGroup[]> {
		const scope = devicesArguments(devices);
		const rows = await this.#report("vgs", "vg", { scope, devices }, `${vgFields},lv_count`, call);
		return rows.map((row) => volumeGroupOf(row, row.number("lv_count")));
	}

	/**
	 * One report of the volumes tells of their group, too: LVM reads all of a group's metadata for either. A group
	 * without volumes has no line in it; and where another device may hold a second group of that name, both are asked
	 * for. LVM would count a group's volumes for the line of each of them, which of thousands takes long.
	 */
	async groupsNamed(
		devices: readonly string[],
		vg: string,
		call: LvmCall = {},
	): Promise<readonly GroupContents[]> {
		const onlyThis = ["--select", `vg_name="${nameArgument(vg)}"`];
		const scope = [...devicesArguments(devices), ...onlyThis];
		const rows = await this.#report("lvs", "lv", { scope, devices }, `${lvFields},${vgFields}`, call);
		const full = [...Map.groupBy(rows, (row) => row.text("vg_uuid")).values()].flatMap((own) =>
			own.slice(0, 1).map((row) => ({
				group: volumeGroupOf(row, own.length),
				volumes: own.map(logicalVolumeOf),
			})),
		);
		if (full.length > 0 && new Set(devices).size === 1) return full;
		const empty = (await this.volumeGroups(devices, call))
			.filter(({ name, uuid }) => name === vg && !full.some(({ group }) => group.uuid === uuid))
			.map((group) => ({ group, volumes: [] }));
		return [...full, ...empty];
	}

	async logicalVolumes(
		devices: readonly string[],
		vg?: string,
		call: LvmCall = {},
	): Promise<readonly LogicalVolume[]> {
		const only = vg === undefined ? [] : ["--select", `vg_name="${nameArgument(vg)}"`];
		const scope = [...devicesArguments(devices), ...only];
		return (await this.#report("lvs", "lv", { scope, devices }, `vg_name,${lvFields}`, call)).map(
			logicalVolumeOf,
		);
	}

	/** `blkid -p` ends with 2 when it recognises nothing, and with 8 when it finds more than one thing. */
	async contents(device: string, call: LvmCall = {}): Promise<string | null> {
		const result = await this.#program("blkid", ["-p", "-o", "export", deviceArgument(device)], {
			deadlineMs: call.deadlineMs ?? reportMs,
			signal: call.signal,
			devices: [device],
		});
		if (result.code === 2 && result.stdout.trim() === "" && result.stderr.trim() === "") return null;
		if (result.code === 8) return "more than one signature";
		if (result.code !== 0) throw failed(`blkid ${device}`, result);
		const [, type] = /^TYPE=(.+)$/m.exec(result.stdout) ?? [];
		const [, table] = /^PTTYPE=(.+)$/m.exec(result.stdout) ?? [];
		if (type !== undefined) return type;
		return table === undefined ? "a signature of an unknown kind" : `a ${table} partition table`;
	}

	async createGroup(device: string, vg: string, { signal }: LvmCall = {}): Promise<void> {
		// Never --yes: it would wipe what is found on the device after all. Input is closed, so LVM gives up instead.
		const own = await this.physicalVolumes([device], { signal });
		signal?.throwIfAborted();
		if (own.length === 0)
			await this.#change("pvcreate", [device], ["--metadatasize", "250k", deviceArgument(device)]);
		signal?.throwIfAborted();
		await this.#change("vgcreate", [device], [nameArgument(vg), deviceArgument(device)]);
	}

	/** Not activated at boot: on a shared LUN that would be on every host, and on a single path (PVE bug 4997). */
	async createVolume(devices: readonly string[], volume: NewVolume): Promise<void> {
		await this.#change("lvcreate", devices, [
			...["-aly", "-Wy", "--yes", "--size", sizeArgument(volume.sizeBytes)],
			...["--name", nameArgument(volume.name), "--setautoactivation", "n"],
			...volume.tags.flatMap((tag) => ["--addtag", tagArgument(tag)]),
			nameArgument(volume.vg),
		]);
	}

	async removeVolume(devices: readonly string[], volume: VolumeName): Promise<void> {
		await this.#change("lvremove", devices, ["-f", volumeArgument(volume)]);
	}

	async renameVolume(devices: readonly string[], volume: VolumeName, name: string): Promise<void> {
		const names = [nameArgument(volume.vg), nameArgument(volume.name), nameArgument(name)];
		await this.#change("lvrename", devices, names);
	}

	async extendVolume(devices: readonly string[], volume: VolumeName, sizeBytes: number): Promise<void> {
		const size = ["--size", sizeArgument(sizeBytes)];
		await this.#change("lvextend", devices, [...size, volumeArgument(volume)]);
	}

	async activateVolume(devices: readonly string[], volume: VolumeName): Promise<void> {
		await this.#change("lvchange", devices, ["-aey", volumeArgument(volume)]);
		await this.#change("lvchange", devices, ["--refresh", volumeArgument(volume)]);
	}

	async deactivateVolume(devices: readonly string[], volume: VolumeName): Promise<void> {
		await this.#change("lvchange", devices, ["-aln", volumeArgument(volume)]);
	}

	async zero(volume: VolumeName, { offset, length, step, signal }: ZeroedPart): Promise<void> {
		const device = `/dev/${volumeArgument(volume)}`;
		const part = ["--offset", String(offset), "--length", String(length), "--step", String(step)];
		const args = ["--zeroout", ...part, device];
		const result = await this.#program("blkdiscard", args, { deadlineMs: zeroMs, signal, devices: [device] });
		if (result.code !== 0) throw failed(`blkdiscard --zeroout ${device}`, result);
	}

	async otherDevices(without: readonly string[]): Promise<readonly string[]> {
		try {
			return otherBlockDevices(await this.#partitions(), without).map((name) => `/dev/${name}`);
		} catch (error) {
			throw new PathkeeperError(
				"FILE_UNREADABLE",
				{ path: partitionsFile, problem: messageOf(error) },
				{ cause: error },
			);
		}
	}

	async #report(
		command: string,
		kind: string,
		{ scope, devices }: { readonly scope: readonly string[]; readonly devices: readonly string[] },
		fields: string,
		call: LvmCall,
	): Promise<readonly Row[]> {
		const result = await this.#lvm(command, [...scope, ...format, "-o", fields], {
			deadlineMs: call.deadlineMs ?? reportMs,
			signal: call.signal,
			devices,
		});
		if (result.code !== 0) throw failed(command, result);
		return reportRows(command, kind, result.stdout);
	}

	async #change(command: string, devices: readonly string[], args: readonly string[]): Promise<void> {
		const scope = devicesArguments(devices);
		const result = await this.#lvm(command, [...scope, ...args], { deadlineMs: changeMs, devices });
		if (result.code !== 0) throw failed([command, ...args.slice(-2)].join(" "), result);
	}

	#lvm(command: string, args: readonly string[], options: ProgramCall): Promise<RunResult> {
		return this.#program("lvm", [command, ...args], options);
	}

	async #program(
		name: string,
		args: readonly string[],
		{ deadlineMs, signal, devices = [] }: ProgramCall,
	): Promise<RunResult> {
		const program = await findProgram(name, this.#path);
		if (program !== null) {
			const stuckAs = [program.path, ...devices].join(" ");
			return await this.#run(program.path, args, { deadlineMs, signal, stuckAs, outputBytes });
		}
		const owner = name === "lvm" ? "lvm2" : "util-linux";
		throw new PathkeeperError("PROGRAM_NOT_INSTALLED", { program: `${name} (package ${owner})` });
	}
}

function physicalVolumeOf(row: Row): PhysicalVolume {
	const sizeBytes = row.numberOrNull("pv_mda_size");
	const freeBytes = row.numberOrNull("pv_mda_free");
	return {
		device: row.text("pv_name"),
		uuid: row.text("pv_uuid"),
		sizeBytes: row.number("pv_size"),
		freeBytes: row.number("pv_free"),
		vg: row.text("vg_name") || null,
		duplicate: row.text("pv_duplicate") !== "",
		missing: row.text("pv_missing") !== "",
		metadata: sizeBytes === null || freeBytes === null ? null : { sizeBytes, freeBytes },
	};
}

function volumeGroupOf(row: Row, volumes: number): VolumeGroup {
	return {
		name: row.text("vg_name"),
		uuid: row.text("vg_uuid"),
		sizeBytes: row.number("vg_size"),
		freeBytes: row.number("vg_free"),
		extentBytes: row.number("vg_extent_size"),
		volumes,
		missing: row.number("vg_missing_pv_count"),
	};
}

function logicalVolumeOf(row: Row): LogicalVolume {
	const attributes = row.text("lv_attr");
	return {
		vg: row.text("vg_name"),
		name: row.text("lv_name"),
		uuid: row.text("lv_uuid"),
		sizeBytes: row.number("lv_size"),
		attributes,
		active: attributes[4] === "a",
		open: attributes[5] === "o",
		tags: row
			.text("lv_tags")
			.split(",")
			.filter((tag) => tag !== ""),
		createdAtS: row.numberOrNull("lv_time"),
	};
}

/** What LVM says on stderr, without what it says beside: the last lines are about why it gave up. */
function failed(command: string, { code, signal, stderr }: RunResult): PathkeeperError {
	const lines = stderr
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "" && !/leaked on lvm invocation/.test(line));
	const words = lines.slice(-3).join("; ").slice(0, 600);
	const problem = `${words === "" ? "it says nothing" : words} (${signal ?? `exit code ${code}`})`;
	return new PathkeeperError("LVM_FAILED", { command, problem });
}
