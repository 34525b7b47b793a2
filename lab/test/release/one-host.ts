/**
 * One host from an empty allow-list to a verdict, on real multipathd of three releases. The steps build on each
 * other, as a day with the product does; what an administrator made by hand before the first step is there after the last.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	addLun,
	fabrics,
	firstLuns,
	freezeMultipathd,
	type Guest,
	isShortRun,
	lunNumber,
	Product,
	pathsTo,
	productLog,
	Reader,
	type Suite,
	setPathState,
	sharedGuest,
	startMultipathd,
	stopMultipathd,
	thawMultipathd,
} from "../../src/index.ts";
import { isObject } from "../../src/unknown-json.ts";

const [first, second, third] = firstLuns;
const byId = (wwid: string) => `/dev/disk/by-id/dm-uuid-mpath-${wwid}`;
const handMadeDropIn = "/etc/multipath/conf.d/zz-by-hand.conf";
const handMadeText =
	"# made by hand\ndefaults {\n\tlog_checker_err once\n\tpolling_interval 1\n\tmax_polling_interval 2\n}\n";
const handMadeEntry = "3600140500000000000000000000000ff";

/**
 * The limits are those of real machines. An emulated guest takes ten to twenty times as long for the same work (a
 * child process costs 0.3 s instead of 10 ms), and shares two cores with whatever else the machine does.
 */
const slowness = process.env["PATHKEEPER_LAB_ACCEL"]?.startsWith("kvm") === true ? 1 : 8;
/** Limits in seconds, as the names of the tests state them. */
const max = { untilMapped: 10 * slowness, untilReported: 2 * slowness, untilUnknown: 10 * slowness };

export function oneHostTests(suite: Suite): void {
	let guest: Guest;
	let product: Product;

	const maps = async () =>
		(await guest.exec("dmsetup ls --target multipath | grep -v '^No devices' | cut -f1"))
			.split("\n")
			.filter(Boolean)
			.sort();
	const listed = async () => await guest.exec("cat /etc/multipath/wwids");
	/**
	 * Forgets a LUN; false when it was refused. A slow guest may not report its end in the time that the command waits,
	 * and that is said: the host itself is looked at by whoever calls this.
	 */
	const forgotten = async (wwid: string) => {
		const { code, stdout, stderr } = await product.cli("lun", "forget", wwid, "--yes");
		return code === 0 || `${stdout}${stderr}`.includes("NOT verified");
	};
	/** Seconds of the guest's clock, for comparing what happened there. */
	const guestNow = async () => Number(await guest.exec("date +%s.%N"));

	beforeAll(async () => {
		guest = await sharedGuest(suite);
		await guest.exec("mkdir -p /etc/multipath/conf.d /srv/lab");
		await guest.writeFile(handMadeDropIn, handMadeText);
		await guest.exec(
			`printf '# Multipath wwids, Version : 1.0\\n/${handMadeEntry}/\\n' > /etc/multipath/wwids`,
		);
		await guest.exec("multipathd reconfigure");
		product = new Product(guest);
		await product.start();
	});

	afterAll(async () => {
		await product?.[Symbol.asyncDispose]();
	});

	test("an empty allow-list makes no map, and says how to begin", async () => {
		expect(await maps()).toEqual([]);
		// multipathd still reads its configuration; while it gives no answer, that is said instead.
		const calm = await guest.until("the first answer of multipathd", async () => {
			const { code, stdout } = await product.cli("status");
			return code === 0 && stdout;
		});
		expect(calm).toContain("No LUN is allowed yet");
		const candidates = await product.run("lun", "list", "--candidates");
		for (const { wwid } of firstLuns) expect(candidates).toContain(wwid);
	});

	test(`an allowed LUN has its map within ${max.untilMapped} s, with the right size; the others stay alone`, async () => {
		const begin = await guestNow();
		await product.run("lun", "allow", first.wwid, "alias=db-log", "--no-wait");
		await guest.until("the map", async () => (await guest.tryExec(`test -b ${byId(first.wwid)}`)).code === 0);
		const made = Number(await guest.exec(`stat --format=%.Y ${byId(first.wwid)}`));
		expect(made).toBeGreaterThan(begin);
		console.log(`${suite}: the map was there ${(made - begin).toFixed(1)} s after it was allowed`);
		expect(made - begin).toBeLessThan(max.untilMapped);
		expect(await guest.exec(`blockdev --getsize64 ${byId(first.wwid)}`)).toBe(`${first.bytes}\n`);
		const { lun } = await product.until(first.wwid, "optimal");
		expect(lun).toMatchObject({ alias: "db-log", size: first.bytes });
		expect(await maps()).toEqual(["db-log"]);
		expect((await product.status()).code).toBe(0);
	});

	test("a setting of the LUN is effective in multipathd itself", async () => {
		await product.run("lun", "set", first.wwid, "no-path-retry=7", "--no-wait");
		await guest.until("the setting", async () =>
			/no_path_retry "?7"?/.test(
				await guest.exec("multipathd show config local | sed -n '/^multipaths/,$p'"),
			),
		);
		const config = await guest.exec("multipathd show config");
		expect(config.slice(config.indexOf("multipaths {"))).toMatch(/no_path_retry "?7"?/);
		// Seven checks, one a second: what an administrator set in a file of their own counts.
		await guest.until("the time it queues", async () => {
			const queueing = (await product.lun(first.wwid))?.lun["queueing"];
			return isObject(queueing) && queueing["seconds"] === 7;
		});
	});

	test(`a failed path degrades the LUN with a reason that names it, within ${max.untilReported} s of the kernel's event`, async () => {
		await guest.exec(
			": > /run/lab-events; systemd-run --quiet --collect --unit=lab-events sh -c 'udevadm monitor --kernel --property --subsystem-match=block > /run/lab-events'",
		);
		await guest.until("the listening for events", async () =>
			(await guest.exec("cat /run/lab-events")).includes("KERNEL - "),
		);
		await setPathState(guest, first, "a", "offline");
		const [offline] = (await pathsTo(guest, first)).filter((path) => path.state === "offline");
		const { reasons, lun } = await product.until(first.wwid, "degraded");
		// The report that said so is this one or an earlier one.
		const log = await guest.exec(`grep -F 'a changed report was written' ${productLog}`);
		const reportedAt = Number([...log.matchAll(/"at":(\d+)/g)].at(-1)?.[1]) / 1000;
		expect(reasons).toContain(offline?.device ?? "no path is offline");
		expect(lun["nodes"]).toMatchObject({ [suite]: { paths: 2, usable: 1, expected: 2, state: "degraded" } });
		expect((await product.status()).code).toBe(1);
		// It comes when multipathd has told the kernel, which may be after the device's own state was seen and reported.
		const failedAt = await guest.until("the kernel's event", async () => {
			const events = await guest.exec("cat /run/lab-events");
			return /KERNEL\[(\d+\.\d+)\][^\n]*\n(?:[^\n]+\n)*?DM_ACTION=PATH_FAILED/.exec(events)?.[1];
		});
		await guest.exec("systemctl stop lab-events");
		// The event carries seconds since boot, the report the clock.
		const [now = 0, uptime = 0] = (await guest.exec("echo $(date +%s.%N) $(cut -d' ' -f1 /proc/uptime)"))
			.split(" ")
			.map(Number);
		const delay = reportedAt - (now - uptime + Number(failedAt));
		console.log(`${suite}: the failure was reported ${delay.toFixed(1)} s after the kernel's event`);
		expect(delay).toBeLessThan(max.untilReported);
	});

	test("with no path left it is failed, and the verdict says how long I/O queues", async () => {
		await setPathState(guest, first, "b", "offline");
		const { reasons } = await product.until(first.wwid, "failed");
		expect(reasons).toMatch(/queue|error/i);
		const { code, stdout } = await product.cli("status");
		expect(stdout).toContain("failed");
		expect(code).toBe(2);
	});

	test("when the paths come back it is optimal again", async () => {
		await setPathState(guest, first, "a", "running");
		await setPathState(guest, first, "b", "running");
		await product.until(first.wwid, "optimal");
	});

	test("a LUN that is mounted is not forgotten: the user is named, and a reader sees no error", async () => {
		await guest.exec(`mkfs.ext4 -q -F ${byId(first.wwid)} && mount ${byId(first.wwid)} /srv/lab`);
		await using reader = await Reader.open(guest, byId(first.wwid));
		const refusal = await guest.until("an answer of the host", async () => {
			const { code, stderr } = await product.cli("lun", "forget", first.wwid, "--yes");
			expect(code).not.toBe(0);
			// A slow guest may not take the question in time: then that is why it is refused.
			return !stderr.includes("is not reachable") && stderr;
		});
		expect(refusal).toContain("/srv/lab");
		await guest.exec("multipathd reconfigure; sleep 3");
		expect((await reader.record()).errors).toEqual([]);
		expect(await listed()).toContain(`/${first.wwid}/`);
		await product.until(first.wwid, "optimal");
	});

	test("a LUN that is restricted to other nodes while it is open here keeps its map and its readers", async () => {
		await using reader = await Reader.open(guest, byId(first.wwid));
		await product.run("lun", "set", first.wwid, "nodes=elsewhere", "--no-wait");
		await guest.until("its being said", async () =>
			(await product.run("node", "show", suite)).includes("in use"),
		);
		await guest.exec("multipathd reconfigure; sleep 6");
		expect((await reader.record()).errors).toEqual([]);
		expect(await maps()).toContain("db-log");
		await product.run("lun", "set", first.wwid, "--unset", "nodes", "--no-wait");
		await product.until(first.wwid, "optimal");
		expect((await reader.record()).errors).toEqual([]);
	});

	test("an unused LUN is forgotten: its map and its entry go, nothing else", async () => {
		await guest.exec("umount /srv/lab");
		await product.run("lun", "allow", second.wwid, "--no-wait");
		await product.until(second.wwid, "optimal");
		await guest.until("release of the first", async () => await forgotten(first.wwid));
		await guest.until("the map's end", async () => !(await maps()).includes("db-log"));
		await guest.exec("multipathd reconfigure; sleep 3");
		expect(await maps()).toEqual([second.wwid]);
		expect(await listed()).not.toContain(`\n/${first.wwid}/`);
		expect(await listed()).toContain(`/${second.wwid}/`);
		expect(await product.lun(first.wwid)).toBeUndefined();
	});

	test.each([
		["a polling interval of 0, which ends multipathd by a division", ["config", "set", "polling-interval=0"]],
		["a polling interval that is no number, which hangs it", ["config", "set", "polling-interval=abc"]],
		["a slash in the partition delimiter, which crashes it", ["config", "set", "partition-delimiter=/p"]],
		["an alias with a quote, which breaks its JSON", ["lun", "set", "LUN", 'alias=a"b']],
		["an alias with a brace", ["lun", "set", "LUN", "alias=a{b"]],
		["an alias with a line break", ["lun", "set", "LUN", "alias=a\nb"]],
		["an alias that is the WWID of another LUN", ["lun", "set", "LUN", `alias=${third.wwid}`]],
		["an alias that is a kernel name", ["lun", "set", "LUN", "alias=dm-0"]],
		["friendly names, which differ between nodes", ["config", "set", "user-friendly-names=yes"]],
	])("refuses %s, and nothing changes", async (_, args) => {
		const before = await guest.exec("cat /etc/multipath/conf.d/pathkeeper.conf");
		const { code, stderr } = await product.cli(...args.map((word) => (word === "LUN" ? second.wwid : word)));
		expect(code).toBe(2);
		expect(stderr).not.toBe("");
		expect(await guest.exec("cat /etc/multipath/conf.d/pathkeeper.conf")).toBe(before);
		expect(await guest.exec("systemctl is-active multipathd.service")).toBe("active\n");
	});

	test.each([
		["an expression that the C library refuses", 'blacklist {\n\tdevnode "["\n}\n'],
		[
			"a brace behind a value, which swallows the next section",
			'blacklist {\n\tdevnode "^sr" }\nblacklist_exceptions {\n\tdevnode "^sd"\n}\n',
		],
		["a section on one line, which loses the policy", 'blacklist { wwid ".*" }\n'],
		[
			"a program of its own",
			'devices {\n\tdevice {\n\t\tvendor "X"\n\t\tproduct "Y"\n\t\tgetuid_callout "/bin/sh"\n\t}\n}\n',
		],
	])("refuses overrides with %s, naming line and column", async (_, text) => {
		const file = join(mkdtempSync(join(tmpdir(), "pk-overrides-")), "multipath-overrides.conf");
		writeFileSync(file, text);
		const { code, stderr } = await product.cli("config", "overrides", file);
		expect(code).toBe(2);
		expect(stderr).toMatch(/line \d+, column \d+/);
		expect((await guest.tryExec("test -e /etc/multipath/conf.d/pathkeeper-overrides.conf")).code).toBe(1);
	});

	test("a LUN whose WWID has a plus sign is as good as any, though it came later", async () => {
		const wwid = "0QEMU_QEMU_HARDDISK_AB+C.D_E";
		await addLun(guest, lunNumber(9, 64 * 1024 * 1024), []);
		for (const fabric of fabrics) {
			const device = { id: `odd-${fabric}`, bus: `fabric-${fabric}.0`, lun: 9, serial: "AB+C.D_E" };
			await guest.qmp("device_add", { driver: "scsi-hd", drive: "lun9", "share-rw": true, ...device });
		}
		await guest.until("its paths", async () =>
			(await product.run("lun", "list", "--candidates")).includes(wwid),
		);
		await product.run("lun", "allow", wwid, "--no-wait");
		await product.until(wwid, "optimal");
		expect(await guest.exec(`test -b ${byId(wwid)} && echo there`)).toBe("there\n");
		await guest.until("its being forgotten", async () => await forgotten(wwid));
		await guest.until("the map's end", async () => !(await maps()).includes(wwid), { timeout: 120_000 });
	});

	test("a file of ours that was changed by hand is put back, and said", async () => {
		await guest.exec("echo '# edited' >> /etc/multipath/conf.d/pathkeeper.conf");
		await guest.until(
			"the file",
			async () => !(await guest.readFile("/etc/multipath/conf.d/pathkeeper.conf")).includes("edited"),
		);
		await guest.until("its being said", async () =>
			(await product.run("node", "show", suite)).includes("by hand"),
		);
	});

	test("a stopped multipathd makes every LUN unknown, exit code 3, and is not started by our looking", async () => {
		await stopMultipathd(guest);
		await guest.exec("systemctl start multipathd.socket 2>/dev/null; true");
		const { reasons } = await product.until(second.wwid, "unknown");
		expect(reasons).toContain("multipathd");
		expect((await product.status()).code).toBe(3);
		await guest.exec("sleep 6");
		expect((await guest.tryExec("systemctl is-active multipathd.service")).stdout).not.toBe("active\n");
		await startMultipathd(guest);
		await product.until(second.wwid, "optimal");
	});

	test(`a multipathd that hangs makes every LUN unknown within ${max.untilUnknown} s, and no processes pile up`, async () => {
		const processes = async () => Number(await guest.exec("ps -e --no-headers | wc -l"));
		const before = await processes();
		await freezeMultipathd(guest);
		const begin = await guestNow();
		await product.until(second.wwid, "unknown");
		expect((await guestNow()) - begin).toBeLessThan(max.untilUnknown);
		expect((await product.status()).code).toBe(3);
		await guest.exec("sleep 15");
		expect((await processes()) - before).toBeLessThan(8);
		await thawMultipathd(guest);
		await product.until(second.wwid, "optimal");
	});

	const steps = ["note", "write files", "lint", "allow-list", "reconfigure", "read back", "note as done"];
	// The steps are the same on every release; the one in which multipathd itself takes part is tried on all.
	const tried = isShortRun() && suite !== "trixie" ? ["reconfigure"] : steps;
	test.each(tried)(
		"killed without mercy at '%s' of an apply, it comes to the same end after its restart",
		async (step) => {
			const alias = `kill-${steps.indexOf(step)}`;
			await product.untilApplied();
			const kill = await product.killAt(`"msg":"apply: ${step}"`);
			await product.cli("lun", "set", second.wwid, `alias=${alias}`, "no-path-retry=5", "--no-wait");
			await kill.done();
			await product.start();
			await guest.until(`the alias ${alias}`, async () => (await maps()).includes(alias), {
				timeout: 180_000,
			});
			await product.until(second.wwid, "optimal");
			await product.untilApplied();
			expect(await maps()).toEqual([alias]);
			const owned: unknown = JSON.parse(await guest.readFile("/var/lib/pathkeeper/agent/owned.json"));
			expect(owned).toMatchObject({ wwids: { [second.wwid]: "listed" }, unfinished: null });
			expect(Object.keys(Object(owned).wwids)).toEqual([second.wwid]);
		},
	);

	test("what was made by hand is as it was, and the local disk was never touched", async () => {
		expect(await guest.readFile(handMadeDropIn)).toBe(handMadeText);
		expect(await listed()).toContain(`/${handMadeEntry}/`);
		expect(await maps()).toHaveLength(1);
	});

	test("with its last LUN forgotten, nothing of ours is left on the host", async () => {
		await guest.until("its being forgotten", async () => await forgotten(second.wwid));
		await guest.until(
			"an empty folder",
			async () => (await guest.exec("ls /etc/multipath/conf.d")) === "zz-by-hand.conf\n",
		);
		expect(await maps()).toEqual([]);
		expect(await listed()).toContain(`/${handMadeEntry}/`);
		expect((await listed()).match(/^\/.*\/$/gm)).toEqual([`/${handMadeEntry}/`]);
	});
}
