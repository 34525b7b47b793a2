import type { MultipathMap, Path } from "@pathkeeper/model";

/** A healthy SCSI path; what a test is about is overridden. */
export function pathOf(overrides: Partial<Path> = {}): Path {
	return {
		dev: "sdb",
		devT: "8:16",
		hctl: "0:0:0:1",
		dmState: "active",
		deviceState: "running",
		checkerState: "ready",
		checker: "tur",
		priority: 50,
		marginal: false,
		anaState: null,
		transport: null,
		...overrides,
	};
}

/** A whole map over the given paths, all in one group. */
export function mapOf(paths: readonly Path[], overrides: Partial<MultipathMap> = {}): MultipathMap {
	return {
		name: "db-log",
		wwid: "360014050000000100005ca14ab180000",
		dm: "dm-0",
		vendor: "LIO-ORG",
		product: "disk0",
		revision: null,
		sizeBytes: null,
		suspended: false,
		readOnly: false,
		queueing: "off",
		features: "0",
		hardwareHandler: "1 alua",
		failback: null,
		action: null,
		groups: [
			{ number: 1, dmState: "active", priority: 50, selector: "service-time 0", marginal: false, paths },
		],
		whole: true,
		...overrides,
	};
}

export const usable = {} satisfies Partial<Path>;
export const failed = {
	dmState: "failed",
	checkerState: "faulty",
	deviceState: "offline",
} satisfies Partial<Path>;
export const gone = { dev: "", devT: "#:#", hctl: "#:#:#:#" } satisfies Partial<Path>;
export const unknown = { checkerState: "undef" } satisfies Partial<Path>;
export const standby = { checkerState: "ghost" } satisfies Partial<Path>;
export const impaired = { checkerState: "shaky" } satisfies Partial<Path>;
