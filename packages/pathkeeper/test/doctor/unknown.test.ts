import { chmodSync } from "node:fs";
import { PathkeeperError } from "@pathkeeper/model";
import { sanOf } from "@pathkeeper/simulator";
import { describe, expect, test } from "vitest";
import { allChecks } from "../../src/doctor/checks/all.ts";
import { diagnose, exitCodeFor } from "../../src/doctor/diagnosis.ts";
import { type Fact, reasonOf } from "../../src/doctor/facts/fact.ts";
import type { Facts } from "../../src/doctor/facts/facts.ts";
import { Machine, notInstalled } from "./machine.ts";

const san = sanOf({ nodes: 1, luns: 1, pathsPerLun: 2 });
const rootWwid = san.arrays[0]?.luns[0]?.wwid ?? "";
const rootOnLun = { ...san, nodes: san.nodes.map((node) => ({ ...node, rootWwid })) };

const gone: Fact<never> = { known: false, why: "it was taken away" };

/** The facts without one of them; groups of facts lose each of theirs. */
const without: Readonly<Record<string, (facts: Facts) => Facts>> = {
	installed: (facts) => ({ ...facts, installed: gone }),
	tools: (facts) => ({
		...facts,
		tools: gone,
		daemon: { ...facts.daemon, answer: null, replacedFiles: gone },
	}),
	kernel: (facts) => ({ ...facts, kernel: gone }),
	liveness: (facts) => ({ ...facts, daemon: { ...facts.daemon, liveness: gone } }),
	"replaced files": (facts) => ({ ...facts, daemon: { ...facts.daemon, replacedFiles: gone } }),
	units: (facts) => ({ ...facts, units: gone }),
	lint: (facts) => ({ ...facts, lint: gone }),
	"files of multipath": (facts) => ({ ...facts, multipath: { ...facts.multipath, conf: gone } }),
	"names in conf.d": (facts) => ({ ...facts, multipath: { ...facts.multipath, notRead: gone } }),
	wwids: (facts) => ({ ...facts, multipath: { ...facts.multipath, wwids: gone } }),
	bindings: (facts) => ({ ...facts, multipath: { ...facts.multipath, bindings: gone } }),
	"udev rules": (facts) => ({ ...facts, multipath: { ...facts.multipath, udev: gone } }),
	luns: (facts) => ({ ...facts, luns: gone }),
	"boot image": (facts) => ({
		...facts,
		// It matters to a root on a map.
		luns: facts.luns.known ? { known: true, value: { ...facts.luns.value, rootOnMap: "3600" } } : facts.luns,
		bootImage: gone,
	}),
	lvm: (facts) => ({ ...facts, lvm: gone }),
	iscsi: (facts) => ({ ...facts, iscsi: gone }),
	clock: (facts) => ({ ...facts, clock: gone }),
	settings: (facts) => ({ ...facts, own: gone }),
	certificates: (facts) => ({ ...facts, certificates: gone }),
	etcd: (facts) => ({ ...facts, etcd: gone }),
	"folders of state": (facts) => ({ ...facts, stateFolders: gone }),
	"the daemon's answer": (facts) => ({ ...facts, ownDaemon: gone }),
	"disk space": (facts) => ({
		...facts,
		spaces: new Map([...facts.spaces].map(([path]) => [path, gone] as const)),
	}),
};

describe("what could not be looked at", () => {
	test("is unknown, and never fine", async () => {
		await using machine = await Machine.make();
		const { facts, diagnoses: whole } = await machine.examine();
		const fine = new Set(whole.filter(({ severity }) => severity === "ok").map(({ code }) => code));
		const reached = new Set<string>();
		for (const [name, take] of Object.entries(without)) {
			const diagnoses = diagnose(allChecks, take(facts), reasonOf);
			const unknown = diagnoses.filter(({ severity }) => severity === "unknown");
			expect(unknown.length, name).toBeGreaterThan(0);
			expect(exitCodeFor(diagnoses), name).toBe(3);
			for (const { code, what } of unknown) {
				expect(what).toContain("it was taken away");
				reached.add(code);
			}
			// Nothing else is wrong, and what is unknown does not stand among what is fine.
			expect(
				diagnoses.filter(({ severity }) => severity === "error" || severity === "warning"),
				name,
			).toEqual([]);
		}
		// Those that need no fact that can be missing; and no answer of multipathd is an error by itself.
		const always = ["runtime-old", "node-name", "multipathd-silent"];
		expect([...fine].filter((code) => !reached.has(code) && !always.includes(code))).toEqual([]);
	});

	test("of a program that hangs is unknown with the time", async () => {
		await using machine = await Machine.make();
		machine.program(
			"lvmconfig",
			new PathkeeperError("PROCESS_DEADLINE", { program: "lvmconfig", seconds: 10 }),
		);
		const { diagnoses } = await machine.examine();
		const unknown = diagnoses.filter(({ severity }) => severity === "unknown");
		expect(unknown.map(({ code }) => code)).toEqual(["lvm-sees-paths", "lvm-hides-maps", "lvm-devices-file"]);
		expect(exitCodeFor(diagnoses)).toBe(3);
	});

	test.each(["/boot", "/etc/pathkeeper/pathkeeper.conf", "/var/lib/pathkeeper", "/var/lib/iscsi/nodes"])(
		"is unknown where the file system of %s is dead, and is touched by a child alone",
		async (path) => {
			await using machine = await Machine.make({ plan: rootOnLun });
			const values = { program: "head", seconds: 5 };
			machine.program(`head ${path}`, new PathkeeperError("PROCESS_DEADLINE", values));
			const { diagnoses } = await machine.examine();
			const unknown = diagnoses.filter(({ severity }) => severity === "unknown");
			expect(unknown.filter(({ what }) => what.includes(`${path} does not answer within 5 s`))).not.toEqual(
				[],
			);
			expect(exitCodeFor(diagnoses)).toBe(3);
		},
	);

	test("of the clock is said once", async () => {
		await using machine = await Machine.make();
		machine.program("timedatectl", notInstalled("timedatectl"));
		const { diagnoses } = await machine.examine();
		expect(diagnoses.find(({ code }) => code === "clock-not-synchronised")?.what).toBe(
			"not known whether the clock is synchronised: neither timedatectl nor chronyc answers",
		);
	});

	test("where systemd does not run is every unit", async () => {
		await using machine = await Machine.make();
		machine.remove("/run/systemd/system");
		const { diagnoses } = await machine.examine();
		const unknown = diagnoses.filter(({ severity }) => severity === "unknown");
		expect(unknown.map(({ code }) => code)).toEqual([
			"multipathd-not-at-boot",
			"iscsi-not-at-boot",
			"own-unit",
		]);
	});

	test("for want of rights is said so", async ({ skip }) => {
		if (process.geteuid?.() === 0) skip("root may read everything");
		await using machine = await Machine.make();
		chmodSync(`${machine.root}/etc/multipath/wwids`, 0);
		const { diagnoses } = await machine.examine();
		const [first] = diagnoses;
		expect(first?.what).toContain("run this as root");
	});
});
