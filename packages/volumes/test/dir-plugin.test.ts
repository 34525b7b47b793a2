import { link, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
	allocVolume,
	freeVolume,
	listContent,
	prepareStorage,
	renameVolume,
	resizeVolume,
	storageInfo,
	volumeFacts,
} from "../src/index.ts";
import { MiB, type SimulatedFleet, simulatedFleet } from "./simulated-fleet.ts";

const text = "dir: local\n\tpath /srv/volumes\n\tcontent images,iso\n";
const image = (name: string | null = null) => ({ guest: 100, name, format: "raw", sizeBytes: MiB }) as const;

describe("a folder", () => {
	let fleet: SimulatedFleet;
	beforeAll(async () => {
		fleet = await simulatedFleet();
		const call = fleet.call(0, text);
		await prepareStorage(call, call.storage("local"));
	});
	afterAll(() => fleet[Symbol.asyncDispose]());

	it("says how much room it has", async () => {
		const [info] = await storageInfo(fleet.call(0, text));
		expect(info?.active).toBe(true);
		expect(info?.totalBytes).toBeGreaterThan(0);
		expect((info?.usedBytes ?? 0) + (info?.availableBytes ?? 0)).toBe(info?.totalBytes);
	});

	it("holds images of guests, and files of the kinds it is configured for", async () => {
		const call = fleet.call(0, text);
		const storage = call.storage("local");
		expect(await allocVolume(call, storage, image())).toBe("local:100/vm-100-disk-0.raw");
		const root = fleet.hosts[0]?.root ?? "";
		const { folders } = call.host;
		for (const folder of ["template/iso", "template/cache"]) await folders.make("/srv/volumes", folder);
		await writeFile(join(root, "srv/volumes/template/iso/debian.iso"), "iso");
		await writeFile(join(root, "srv/volumes/template/cache/not-configured.tar"), "tar");
		await writeFile(join(root, "srv/volumes/images/100/stranger.raw"), "");
		await symlink("/etc/passwd", join(root, "srv/volumes/images/100/vm-100-disk-7.raw"));
		const listed = await listContent(call, storage);
		expect(listed.map(({ volname, sizeBytes }) => `${volname} ${sizeBytes}`)).toEqual([
			`100/vm-100-disk-0.raw ${MiB}`,
			"iso/debian.iso 3",
		]);
		expect(await listContent(call, storage, 101)).toEqual([]);
	});

	it("grows, renames and removes images", async () => {
		const call = fleet.call(0, text);
		const volid = await allocVolume(call, call.storage("local"), image("vm-100-disk-9"));
		await resizeVolume(call, volid, 2 * MiB);
		expect(await volumeFacts(call, volid)).toMatchObject({
			path: "/srv/volumes/images/100/vm-100-disk-9.raw",
			sizeBytes: 2 * MiB,
		});
		await expect(resizeVolume(call, volid, MiB)).rejects.toThrow("cannot be made smaller");
		await expect(allocVolume(call, call.storage("local"), image("vm-100-disk-9"))).rejects.toThrow(
			"already exists",
		);
		const renamed = await renameVolume(call, volid, "vm-101-disk-0");
		expect(renamed).toBe("local:101/vm-101-disk-0.raw");
		await freeVolume(call, renamed);
		await expect(freeVolume(call, renamed)).rejects.toThrow("does not exist");
	});

	it("grows and renames nothing but images", async () => {
		const call = fleet.call(0, text);
		const iso = "local:iso/debian.iso";
		await expect(resizeVolume(call, iso, 4096)).rejects.toThrow(
			"volume 'local:iso/debian.iso' is not an image of a guest and was not made larger",
		);
		await expect(renameVolume(call, iso, "vm-100-disk-8")).rejects.toThrow("was not renamed");
		expect(await volumeFacts(call, iso)).toMatchObject({ sizeBytes: 3 });
	});

	it("holds no volume behind a link, and none with a second name", async () => {
		const call = fleet.call(0, text);
		const root = fleet.hosts[0]?.root ?? "";
		await mkdir(join(root, "elsewhere"));
		await writeFile(join(root, "elsewhere/vm-300-disk-0.raw"), "secret");
		await symlink(join(root, "elsewhere"), join(root, "srv/volumes/images/300"));
		await symlink(join(root, "elsewhere"), join(root, "srv/volumes/snippets"));
		const behind =
			/is not used: it is a symbolic link \(to .*elsewhere\), and links inside a storage are not followed/;
		const storage = call.storage("local");
		await expect(listContent(call, storage, 300)).rejects.toThrow(behind);
		await expect(listContent(call, storage)).rejects.toThrow(behind);
		await expect(volumeFacts(call, "local:300/vm-300-disk-0.raw")).rejects.toThrow(behind);
		await expect(allocVolume(call, storage, { ...image(), guest: 300 })).rejects.toThrow(behind);
		await expect(freeVolume(call, "local:300/vm-300-disk-0.raw")).rejects.toThrow(behind);
		await expect(resizeVolume(call, "local:300/vm-300-disk-0.raw", MiB)).rejects.toThrow(behind);
		await expect(freeVolume(call, "local:snippets/vm-300-disk-0.raw")).rejects.toThrow(behind);
		await rm(join(root, "srv/volumes/images/300"));
		await rm(join(root, "srv/volumes/snippets"));
		await link(
			join(root, "elsewhere/vm-300-disk-0.raw"),
			join(root, "srv/volumes/images/100/vm-100-disk-5.raw"),
		);
		await expect(resizeVolume(call, "local:100/vm-100-disk-5.raw", MiB)).rejects.toThrow(
			"is not a regular file with one name",
		);
		await expect(freeVolume(call, "local:100/vm-100-disk-5.raw")).rejects.toThrow(
			"it has 2 names (hard links)",
		);
		expect(await readdir(join(root, "elsewhere"))).toEqual(["vm-300-disk-0.raw"]);
		expect(await readFile(join(root, "elsewhere/vm-300-disk-0.raw"), "utf8")).toBe("secret");
	});

	it("is no folder of the system, also by the way of a link", async () => {
		const [etc] = await storageInfo(fleet.call(0, "dir: etc\n\tpath /srv/etc\n"));
		expect(etc?.active).toBe(true);
		const root = fleet.hosts[0]?.root ?? "";
		await symlink("/etc", join(root, "srv/system"));
		const [linked] = await storageInfo(fleet.call(0, "dir: etc\n\tpath /srv/system\n"));
		expect(linked?.problem).toBe(
			"/srv/system is not used: it leads to /etc, which is a system folder; keep volumes in a folder of their own",
		);
		expect(await storageInfo(fleet.call(0, "dir: etc\n\tpath /etc/volumes\n"))).toEqual([]);
	});

	it("is left by no name", async () => {
		for (const volname of [
			"100/../../etc/vm-100-x.raw",
			"iso/..",
			"iso/../x",
			"100/vm-101-disk-0.raw",
			"/etc",
		])
			await expect(volumeFacts(fleet.call(0, text), `local:${volname}`)).rejects.toThrow(
				/^unable to parse dir volume name/,
			);
	});

	it("is not made where that is not wanted, and is offline without its mount", async () => {
		const [none] = await storageInfo(fleet.call(0, "dir: none\n\tpath /srv/none\n\tmkdir 0\n"));
		expect(none?.problem).toBe("storage 'none' is not online: /srv/none does not exist");
		const [bare] = await storageInfo(fleet.call(0, `${text}\tis_mountpoint yes\n`));
		expect(bare?.problem).toBe("storage 'local' is not online: nothing is mounted on /srv/volumes");
	});
});
