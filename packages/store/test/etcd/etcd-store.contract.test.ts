import { afterAll, beforeAll } from "vitest";
import { storeContract } from "../contract.ts";
import { etcdBench } from "./bench.ts";
import { type EtcdProcess, startEtcd } from "./etcd-process.ts";

let etcd: EtcdProcess;
beforeAll(async () => {
	etcd = await startEtcd();
});
afterAll(async () => await etcd.dispose());

storeContract("etcd", () => etcdBench(etcd));
