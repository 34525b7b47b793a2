import type { MultipathMap, Path, Report } from "@pathkeeper/model";

function path(dev: string): Path {
	return {
		dev,
		devT: "8:16",
		hctl: "3:0:0:1",
		dmState: "active",
		deviceState: "running",
		checkerState: "ready",
		checker: "tur",
		priority: 50,
		marginal: false,
		anaState: null,
		transport: {
			protocol: "iscsi",
			initiator: "192.168.71.2",
			target: "iqn.2026-01.example:a",
			portal: null,
		},
	};
}

function map(n: number): MultipathMap {
	return {
		name: `lun-${n}`,
		wwid: `36001405${n}`,
		dm: `dm-${n}`,
		vendor: "LIO-ORG",
		product: "disk",
		revision: null,
		sizeBytes: 1_073_741_824,
		suspended: false,
		readOnly: false,
		queueing: { seconds: 60 },
		features: "1 queue_if_no_path",
		hardwareHandler: "1 alua",
		failback: "immediate",
		action: "create",
		groups: [
			{
				number: 1,
				dmState: "active",
				priority: 50,
				selector: "service-time 0",
				marginal: false,
				paths: [path(`sd${n}a`), path(`sd${n}b`)],
			},
		],
		whole: true,
	};
}

/** A report with so many LUNs, every field of every kind filled. */
export function sampleReport(node: string, luns = 2): Report {
	return {
		node,
		at: 1_700_000_000_000,
		intervalMs: 5000,
		simulated: true,
		agentVersion: "0.1.0",
		multipathd: { state: "running", problem: null, version: "0.11.1", pollingIntervalS: 5 },
		settling: false,
		maps: Array.from({ length: luns }, (_, n) => map(n)),
		kernelMaps: [
			{
				dm: "dm-0",
				name: "lun-0",
				wwid: "360014050",
				sizeBytes: 1_073_741_824,
				suspended: false,
				openCount: 1,
				slaves: ["sd0a", "sd0b"],
				users: ["mounted on /srv"],
			},
		],
		candidates: [
			{
				dev: "sdz",
				wwid: null,
				sizeBytes: 512,
				vendor: null,
				product: null,
				hctl: null,
				transport: null,
				carries: "ext4",
			},
		],
		foreignDmNames: ["vg0-root"],
		highestPaths: { "360014050": 2 },
		applied: {
			state: "applied",
			configDigest: "",
			overridesDigest: null,
			at: 1_700_000_000_000,
			error: null,
		},
		findings: [{ code: "drift-file", severity: "warning", subject: null, text: "n1: changed by hand" }],
	};
}
