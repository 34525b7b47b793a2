import { fullStoreContract, storeContract } from "../contract.ts";
import { embeddedBench } from "./bench.ts";

storeContract("embedded", () => embeddedBench());
fullStoreContract("embedded", async () => ({
	...(await embeddedBench(4 * 1024 * 1024)),
	makeRoom: async () => undefined,
}));
