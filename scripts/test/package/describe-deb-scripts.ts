import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Built, bothVersions, nextVersion, version } from "./built.ts";
import { ChangedRoot } from "./changed-root.ts";

const units = "pathkeeper.service pathkeeper-agent.service pathkeeper-server.service";
const files = ["/etc/multipath/conf.d/pathkeeper.conf", "/etc/multipath/conf.d/pathkeeper-overrides.conf"];

/** Folders that packages write to. */
const places =
	"/etc /var/lib /run /opt /srv /usr/bin /usr/sbin /usr/local /usr/lib/pathkeeper /usr/lib/systemd /usr/lib/sysusers.d /usr/lib/tmpfiles.d /usr/share/bash-completion /usr/share/lintian /usr/share/man /usr/share/doc/pathkeeper";

/** What there is below them, but for the notes of dpkg, systemd and this test; mode, owner and name. */
const ofOthers = ["/var/lib/dpkg", "/var/lib/systemd", "/run/packages", "/run/calls", "/run/systemd"];
const listing = `find ${places} -xdev \\( ${ofOthers.map((path) => `-path ${path}`).join(" -o ")} \\) -prune -o -printf '%M %u:%g %p\\n' 2>/dev/null | sort -k 3`;

/** A script of the package, as dpkg calls it. */
function script(name: string, ...args: readonly string[]): string {
	return `DPKG_MAINTSCRIPT_PACKAGE=pathkeeper DPKG_MAINTSCRIPT_NAME=${name} /var/lib/dpkg/info/pathkeeper.${name} ${args.join(" ")}`;
}

/** The steps build on each other, as they do on a machine. */
export function describeDebScripts(built: () => Built): void {
	describe("the .deb on a machine", () => {
		let root: ChangedRoot;
		let before: ReadonlySet<string>;
		const deb = (of: string) => `/run/packages/pathkeeper_${of}_amd64.deb`;
		const list = () => new Set(root.done(listing).trim().split("\n"));
		/** What one listing has that another lacks, both ways. */
		const difference = (from: ReadonlySet<string>, to: ReadonlySet<string>) => ({
			gone: [...from].filter((line) => !to.has(line)),
			come: [...to].filter((line) => !from.has(line)),
		});
		beforeAll(async () => {
			root = await ChangedRoot.open(bothVersions(built()));
			// Of multipathd, and what Pathkeeper made it read.
			// A user of somebody else, so that there are the copies that are made of the old lists.
			root.done("echo 'u pk-other - other' | systemd-sysusers -");
			root.done(`touch /etc/multipath/wwids ${files.join(" ")} /etc/multipath.conf`);
			before = list();
		});
		afterAll(async () => await root[Symbol.asyncDispose]());

		test("is installed: user, folders, what to do next, and nothing is enabled or started", () => {
			const said = root.done(`dpkg --install ${deb(version)}`);
			expect(root.calls()).toEqual(["systemctl --system daemon-reload"]);
			expect(said).toContain("systemctl enable --now pathkeeper\n");
			expect(root.done("getent passwd pathkeeper")).toMatch(
				/^pathkeeper:x:\d+:\d+:Pathkeeper server:\/var\/lib\/pathkeeper\/server:\/usr\/sbin\/nologin\n$/,
			);
			const { gone, come } = difference(before, list());
			expect(gone).toEqual([]);
			expect(come.filter((line) => !line.includes(" /usr/"))).toEqual([
				"drwxr-xr-x root:root /etc/pathkeeper",
				"-rw-r--r-- root:root /etc/pathkeeper/pathkeeper.conf",
				"drwxr-x--- root:pathkeeper /etc/pathkeeper/pki",
				"drwxr-xr-x root:root /etc/pathkeeper/plugins",
				"drwxr-xr-x root:root /var/lib/pathkeeper",
				"drwx------ root:root /var/lib/pathkeeper/agent",
				"drwx------ pathkeeper:pathkeeper /var/lib/pathkeeper/server",
			]);
		});

		test("has units, manual pages and a completion that the system takes", () => {
			const paths = units.split(" ").map((unit) => `/usr/lib/systemd/system/${unit}`);
			expect(root.run(`systemd-analyze verify --recursive-errors=no ${paths.join(" ")}`)).toEqual({
				status: 0,
				output: "",
			});
			for (const page of ["1 pathkeeper", "5 pathkeeper.conf"])
				expect(
					root.done(`MANWIDTH=120 man --warnings --encoding=UTF-8 ${page} >/tmp/page; test -s /tmp/page`),
				).toBe("");
			expect(root.done("bash -n /usr/share/bash-completion/completions/pathkeeper")).toBe("");
			expect(root.done("pathkeeper --version")).toBe(`pathkeeper ${version}\n`);
		});

		test("is upgraded: only what runs is restarted, and what people wrote stays", () => {
			root.done(
				"systemctl.real --no-reload enable pathkeeper-agent.service; echo pathkeeper-agent.service >/run/active",
			);
			root.done(
				"echo PATHKEEPER_NODE=n9 >>/etc/pathkeeper/pathkeeper.conf; echo mine >/var/lib/pathkeeper/agent/owned.json",
			);
			root.done("chmod 0644 /var/lib/pathkeeper/agent/owned.json");
			const old = list();
			const said = root.done(`dpkg --install ${deb(nextVersion)}`);
			// systemd restarts those of them that run.
			expect(root.calls()).toEqual(["systemctl --system daemon-reload", `systemctl try-restart ${units}`]);
			expect(difference(old, list())).toEqual({ gone: [], come: [] });
			expect(
				root.done("tail -n 1 /etc/pathkeeper/pathkeeper.conf; cat /var/lib/pathkeeper/agent/owned.json"),
			).toBe("PATHKEEPER_NODE=n9\nmine\n");
			expect(root.done("pathkeeper --version")).toBe(`pathkeeper ${nextVersion}\n`);
			expect(said).not.toContain("systemctl enable");
		});

		test("may be configured again, and an upgrade that is given up changes nothing", () => {
			const old = list();
			root.done(script("postinst", "configure", nextVersion));
			expect(root.calls()).toEqual(["systemctl --system daemon-reload", `systemctl try-restart ${units}`]);
			root.done(script("prerm", "upgrade", nextVersion));
			root.done(script("postrm", "abort-upgrade", nextVersion));
			root.done(script("postinst", "abort-upgrade", nextVersion));
			root.done(script("prerm", "failed-upgrade", version));
			expect(root.calls()).toEqual([]);
			expect(difference(old, list())).toEqual({ gone: [], come: [] });
			expect(root.run(script("postinst", "dance")).status).toBe(1);
		});

		test("says what a downgrade may mean, and goes on", () => {
			const said = root.done(`dpkg --install ${deb(version)}`);
			expect(said).toContain(
				`pathkeeper: ${version} is older than ${nextVersion}, which was installed before.`,
			);
			expect(root.calls()).toEqual(["systemctl --system daemon-reload", `systemctl try-restart ${units}`]);
			expect(root.done("pathkeeper --version")).toBe(`pathkeeper ${version}\n`);
		});

		test("restarts nothing where the machine's policy forbids it", () => {
			root.done("printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d");
			root.done(`dpkg --install ${deb(nextVersion)}`);
			expect(root.calls()).toEqual(["systemctl --system daemon-reload"]);
			root.done("rm /usr/sbin/policy-rc.d");
		});

		test("starts again what ran when a removal is given up", () => {
			root.done(script("prerm", "remove"));
			expect(root.calls()).toEqual([`systemctl stop ${units}`]);
			root.done(script("postinst", "abort-remove"));
			expect(root.calls()).toEqual(["systemctl --quiet --system start pathkeeper-agent.service"]);
		});

		test("is removed: its services are stopped, and what multipathd reads stays and is named", () => {
			const said = root.done("dpkg --remove pathkeeper");
			expect(root.calls()).toEqual([`systemctl stop ${units}`, "systemctl --system daemon-reload"]);
			expect(said).toContain("multipathd still reads:\n  /etc/multipath/conf.d/pathkeeper.conf\n");
			expect(said).toContain(files[1]);
			expect(difference(before, list())).toEqual({
				gone: [],
				come: [
					"drwxr-xr-x root:root /etc/pathkeeper",
					"-rw-r--r-- root:root /etc/pathkeeper/pathkeeper.conf",
					"drwxr-x--- root:pathkeeper /etc/pathkeeper/pki",
					"drwxr-xr-x root:root /etc/pathkeeper/plugins",
					"lrwxrwxrwx root:root /etc/systemd/system/multi-user.target.wants/pathkeeper-agent.service",
					"-rw-r--r-- root:root /run/active",
					"drwxr-xr-x root:root /var/lib/pathkeeper",
					"drwx------ root:root /var/lib/pathkeeper/agent",
					"-rw-r--r-- root:root /var/lib/pathkeeper/agent/owned.json",
					"drwx------ pathkeeper:pathkeeper /var/lib/pathkeeper/server",
				],
			});
		});

		test("is installed again: enabled as it was, not started, with what it had", () => {
			root.done("rm /run/active");
			const said = root.done(`dpkg --install ${deb(version)}`);
			expect(root.calls().filter((call) => call.includes("start"))).toEqual([
				`systemctl try-restart ${units}`,
			]);
			expect(said).toContain("systemctl enable --now pathkeeper\n");
			expect(root.done("systemctl.real is-enabled pathkeeper-agent.service")).toBe("enabled\n");
			expect(
				root.done("tail -n 1 /etc/pathkeeper/pathkeeper.conf; cat /var/lib/pathkeeper/agent/owned.json"),
			).toBe("PATHKEEPER_NODE=n9\nmine\n");
		});

		test("is purged: what it kept itself goes; keys, what multipathd reads, and the user stay", () => {
			root.done("echo key >/etc/pathkeeper/pki/node.key; chmod 0640 /etc/pathkeeper/pki/node.key");
			root.done("dpkg --purge pathkeeper");
			const calls = root.calls();
			expect(
				calls.filter((call) => !/^systemctl (stop pathkeeper|(--system )?daemon-reload)/.test(call)),
			).toEqual([]);
			expect(difference(before, list())).toEqual({
				gone: [],
				come: [
					"drwxr-xr-x root:root /etc/pathkeeper",
					"drwxr-x--- root:pathkeeper /etc/pathkeeper/pki",
					"-rw-r----- root:root /etc/pathkeeper/pki/node.key",
				],
			});
			expect(root.done("getent passwd pathkeeper")).toContain("pathkeeper");
		});

		test("is purged without a trace when nobody left something in its folders", () => {
			root.done(`rm -r /etc/pathkeeper; dpkg --install ${deb(version)}; dpkg --purge pathkeeper`);
			expect(difference(before, list())).toEqual({ gone: [], come: [] });
		});
	});
}
