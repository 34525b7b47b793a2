import { afterAll, beforeAll, expect, test } from "vitest";
import {
	addLun,
	bootGuest,
	disksOf,
	firstLuns,
	freezeMultipathd,
	type Guest,
	localDeviceName,
	localDisk,
	lunNumber,
	pathDeviceName,
	pathsTo,
	plugPath,
	pullPath,
	Reader,
	rescanPaths,
	resizeLun,
	type Suite,
	setFabricState,
	setNetworkLink,
	setPathState,
	startMultipathd,
	stopMultipathd,
	thawMultipathd,
	Writer,
} from "../../src/index.ts";

const [first, second, third] = firstLuns;

/** The faults that other tests rely on do to a guest what they say. */
export function faultTests(suite: Suite): void {
	let guest: Guest;
	beforeAll(async () => {
		guest = await bootGuest({ suite, name: `faults-${process.pid}` });
	});
	afterAll(async () => await guest?.kill());

	test("a path goes offline alone, a fabric takes all of its paths along", async () => {
		await setPathState(guest, first, "a", "offline");
		expect((await disksOf(guest)).filter((disk) => disk.state === "offline")).toMatchObject([
			{ wwn: first.wwn, fabric: "a" },
		]);
		await setFabricState(guest, "a", "offline");
		expect((await disksOf(guest)).filter((disk) => disk.state !== "running")).toHaveLength(firstLuns.length);
		await setFabricState(guest, "a", "running");
		expect((await disksOf(guest)).every((disk) => disk.state === "running")).toBe(true);
	});

	test("a path that was pulled is gone until it is plugged in again", async () => {
		await pullPath(guest, second, "b");
		expect(await pathsTo(guest, second)).toMatchObject([{ fabric: "a" }]);
		const device = await plugPath(guest, second, "b");
		expect(await pathDeviceName(guest, second, "b")).toBe(device);
	});

	test("a LUN that is exported later has two paths", async () => {
		const late = lunNumber(9, 64 * 1024 ** 2);
		await addLun(guest, late);
		const paths = await pathsTo(guest, late);
		expect(paths.map(({ bytes }) => bytes)).toEqual([late.bytes, late.bytes]);
	});

	test("a LUN grows, and its paths see that when they are rescanned", async () => {
		const bytes = 2 * third.bytes;
		await resizeLun(guest, third, bytes);
		await rescanPaths(guest, third);
		const sizes = (await pathsTo(guest, third)).map((path) => path.bytes);
		expect(sizes).toEqual([bytes, bytes]);
	});

	test("a frozen multipathd holds its socket and answers nobody", async () => {
		await freezeMultipathd(guest);
		expect((await guest.tryExec("timeout 2 multipathd show daemon")).code).not.toBe(0);
		await thawMultipathd(guest);
		expect(await guest.exec("multipathd show daemon")).toMatch(/^pid /);
	});

	test("multipathd stays stopped until it is started", async () => {
		await stopMultipathd(guest);
		expect((await guest.tryExec("systemctl is-active multipathd.service")).stdout).toBe("inactive\n");
		await startMultipathd(guest);
		expect((await guest.tryExec("systemctl is-active multipathd.service")).stdout).toBe("active\n");
	});

	test("a reader tells errors apart from good reads", async () => {
		const device = await pathDeviceName(guest, second, "a");
		await using reader = await Reader.open(guest, `/dev/${device}`);
		expect((await reader.record()).errors).toEqual([]);
		await setPathState(guest, second, "a", "offline");
		await guest.until("an error of the reader", async () => (await reader.record()).errors.length > 0);
		await setPathState(guest, second, "a", "running");
	});

	test("a writer finds what somebody else wrote over its blocks, and feels a path that fails", async () => {
		const device = await pathDeviceName(guest, second, "b");
		await using writer = await Writer.open(guest, `/dev/${device}`, 1024 ** 2);
		await guest.until("some blocks", async () => ((await writer.record())?.rounds ?? 0) > 5);
		await guest.exec(`dd if=/dev/zero of=/dev/${device} bs=1M seek=1 count=4 oflag=direct status=none`);
		await setPathState(guest, second, "b", "offline");
		await guest.until("an error", async () => ((await writer.record())?.errors.length ?? 0) > 0);
		await setPathState(guest, second, "b", "running");
		const { mismatches, rounds } = await writer.finish();
		expect(rounds).toBeGreaterThan(5);
		expect(mismatches.length).toBeGreaterThan(0);
	});

	test("without its network link the guest is out of reach, and back with it", async () => {
		await setNetworkLink(guest, false);
		await expect(guest.exec("true", { timeout: 3000 })).rejects.toThrow(/did not finish within/);
		await setNetworkLink(guest, true);
		await guest.until("an answer", async () => (await guest.tryExec("true", { timeout: 20_000 })).code === 0);
	});

	test("the local disk holds its file system, which is nobody's path", async () => {
		const device = await localDeviceName(guest);
		await guest.exec(`mkdir -p /tmp/local && mount -o ro /dev/${device} /tmp/local`);
		expect(await guest.readFile("/tmp/local/precious.txt")).toContain("not on the SAN");
		await guest.exec("umount /tmp/local");
		expect(await guest.exec(`lsblk --noheadings --output LABEL /dev/${device}`)).toBe(`${localDisk.label}\n`);
	});
}
