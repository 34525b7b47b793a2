import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { etcdSpace, type MemberStatus } from "../../src/etcd/etcd-space.ts";
import { openEtcdStore } from "../../src/etcd/open-etcd-store.ts";
import { ResponseHeaderSchema } from "../../src/etcd/wire/etcd_pb.js";
import { put, write } from "../contract/tools.ts";
import { startEtcdCluster } from "./etcd-process.ts";

const mebibyte = 1024 * 1024;

function member(size: number, inUse: number, more: Partial<MemberStatus> = {}): MemberStatus {
	return {
		dbSize: BigInt(size * mebibyte),
		dbSizeInUse: BigInt(inUse * mebibyte),
		dbSizeQuota: 0n,
		errors: [],
		...more,
	};
}

test("a cluster is as full as its fullest member", () => {
	const space = etcdSpace([member(10, 2), member(30, 1), member(12, 9)], null, ["https://a", "https://b"]);
	expect(space).toMatchObject({ size: 30 * mebibyte, used: 9 * mebibyte, refusing: null });
});

test("the quota is the smallest that anybody names, and 2 GiB when nobody does", () => {
	const quota = (bytes: bigint) => member(1, 1, { dbSizeQuota: bytes });
	expect(etcdSpace([member(1, 1)], null, []).quota).toBe(2048 * mebibyte);
	expect(etcdSpace([member(1, 1)], 500, []).quota).toBe(500);
	expect(etcdSpace([quota(700n), quota(600n), quota(0n)], null, []).quota).toBe(600);
	expect(etcdSpace([quota(600n)], 500, []).quota).toBe(500);
	expect(etcdSpace([quota(600n)], 5000, []).quota).toBe(600);
});

test("an alarm is told with the commands that end it, in the order in which they work", () => {
	for (const text of ["memberID:10501334649042878790 alarm:NOSPACE ", "memberID:1  alarm: NOSPACE"]) {
		const full = member(16, 16, { errors: [text], header: create(ResponseHeaderSchema, { revision: 77n }) });
		const { refusing, remedies } = etcdSpace([member(16, 16), full], null, [
			"http://a:2379",
			"http://b:2379",
		]);
		expect(refusing).toContain("NOSPACE");
		expect(remedies).toEqual([
			"etcdctl --endpoints=http://a:2379,http://b:2379 compaction 77",
			"etcdctl --endpoints=http://a:2379,http://b:2379 defrag",
			"etcdctl --endpoints=http://a:2379,http://b:2379 alarm disarm",
		]);
	}
	const corrupt = member(1, 1, { errors: ["memberID:1 alarm:CORRUPT "] });
	expect(etcdSpace([corrupt], null, []).refusing).toBeNull();
});

test("members that are down do not keep the others from telling, and all down is an error", async () => {
	const members = await startEtcdCluster(3);
	const store = await openEtcdStore({ runtime: realRuntime, endpoints: members.map(({ url }) => url) });
	try {
		await write(store, put("a", "1"));
		await members[0]?.killed();
		expect((await store.space()).size).toBeGreaterThan(0);
		await Promise.all(members.map((one) => one.killed()));
		await expect(store.space()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
	} finally {
		await store.close();
		await Promise.all(members.map((one) => one.dispose()));
	}
});
