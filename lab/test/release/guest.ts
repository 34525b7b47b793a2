import { expect, test } from "vitest";
import { disksOf, fabrics, firstLuns, localDisk, pathsTo, type Suite, sharedGuest } from "../../src/index.ts";

const releaseOf = { bookworm: /\t0\.9\.4/, trixie: /\t0\.11\./, sid: /\t0\.1[5-9]\./ } as const;

/** What a guest is before anybody did anything to it; so these run first. */
export function guestTests(suite: Suite): void {
	test("runs its release's multipathd under systemd, with no configuration but what emulation asks for", async () => {
		const guest = await sharedGuest(suite);
		expect(await guest.exec("dpkg-query --show multipath-tools")).toMatch(releaseOf[suite]);
		expect(await guest.exec("systemctl is-active multipathd.service")).toBe("active\n");
		expect(await guest.exec("multipathd show daemon")).toMatch(/^pid \d+ (idle|running)$/m);
		const configuration = "cat /etc/multipath.conf /etc/multipath/conf.d/* 2>/dev/null; true";
		expect(await guest.exec(configuration)).toMatch(/^(defaults \{\n\tforce_sync yes\n\}\n)?$/);
	});

	test("sees every LUN by both fabrics, and the local disk by none", async () => {
		const guest = await sharedGuest(suite);
		for (const lun of firstLuns) {
			const paths = await pathsTo(guest, lun);
			expect(paths.map((path) => path.fabric).sort()).toEqual([...fabrics]);
			expect(paths.every((path) => path.state === "running" && path.bytes === lun.bytes)).toBe(true);
		}
		const local = (await disksOf(guest)).filter((disk) => disk.wwn === localDisk.wwn);
		expect(local).toMatchObject([{ state: "running", bytes: localDisk.bytes, fabric: undefined }]);
	});

	test("names a LUN to udev by the WWID of our layout", async () => {
		const guest = await sharedGuest(suite);
		for (const lun of firstLuns)
			for (const { device } of await pathsTo(guest, lun))
				expect(await guest.exec(`udevadm info --query=property /dev/${device}`)).toMatch(
					new RegExp(`^ID_SERIAL=${lun.wwid}$`, "m"),
				);
	});

	test("has no map before somebody asks for one", async () => {
		const guest = await sharedGuest(suite);
		expect(await guest.exec("multipathd show maps raw format '%n'")).toBe("ok\n");
		expect(await guest.exec("dmsetup ls --target multipath")).toMatch(/^No devices found/);
	});

	test("runs the same Node as this machine", async () => {
		const guest = await sharedGuest(suite);
		expect(await guest.exec("node --version")).toBe(`${process.version}\n`);
	});

	test("believes in the same time as this machine", async () => {
		const guest = await sharedGuest(suite);
		const seconds = Number(await guest.exec("date +%s"));
		expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
	});
}
