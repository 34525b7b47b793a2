import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { daemonCommand } from "../../src/daemon-command.ts";
import { daemonSettings } from "../../src/settings/daemon-settings.ts";
import { gatherSettings } from "../../src/settings/given.ts";
import {
	flagOf,
	type SettingName,
	settingDescription,
	settingGroups,
	settingNames,
} from "../../src/settings/settings-table.ts";

let folder = "";
let file = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "pk-settings-"));
	file = join(folder, "pathkeeper.conf");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a setting needs beside it to be taken. */
const beside: Partial<Record<SettingName, readonly SettingName[]>> = {
	etcdCa: ["etcd"],
	etcdCert: ["etcd", "etcdKey"],
	etcdKey: ["etcd", "etcdCert"],
	etcdUser: ["etcd", "etcdPasswordFile"],
	etcdPasswordFile: ["etcd", "etcdUser"],
	etcdPrefix: ["etcd"],
	etcdInsecure: ["etcd"],
	tlsCert: ["tlsKey"],
	tlsKey: ["tlsCert"],
};

describe("the table of settings", () => {
	test("holds those of one group side by side", () => {
		const groups = settingNames.map((name) => settingDescription(name).group);
		const changes = groups.filter((group, at) => group !== groups[at - 1]);
		expect(changes).toEqual(Object.keys(settingGroups));
	});

	test.each(settingNames)("names %s alike on the command line and in the file", (name) => {
		const words = flagOf(name).slice(2).toUpperCase().replaceAll("-", "_");
		expect(settingDescription(name).key).toBe(`PATHKEEPER_${words}`);
	});

	test.each(settingNames)("has an example of %s that the daemon takes", (name) => {
		const lines = [name, ...(beside[name] ?? [])].map((each) => settingDescription(each));
		writeFileSync(file, lines.map(({ key, example }) => `${key}=${example}\n`).join(""));
		expect(daemonSettings(gatherSettings({ flags: {}, env: {}, file }))).toMatchObject({ role: "both" });
	});

	test("is what `pathkeeper daemon` takes as options, but for what the program has of its own", () => {
		const program = new Command("pathkeeper").option("--socket <path>", "the daemon's local socket");
		daemonCommand.add(program, async () => undefined);
		const daemon = program.commands.find((each) => each.name() === "daemon");
		const flags = daemon?.options.map(({ long }) => long);
		expect(flags).toEqual(["--settings", ...settingNames.filter((name) => name !== "socket").map(flagOf)]);
	});
});
