import { afterAll, beforeAll } from "vitest";
import { fullStoreContract, storeContract } from "../contract.ts";
import { etcdBench, smallEtcdBench } from "./bench.ts";
import { type EtcdProcess, startEtcd } from "./etcd-process.ts";

let etcd: EtcdProcess;
beforeAll(async () => {
	etcd = await startEtcd();
});
afterAll(async () => await etcd.dispose());

storeContract("etcd", () => etcdBench(etcd));
fullStoreContract("etcd", () => smallEtcdBench(16 * 1024 * 1024));
