/** A process of its own that writes to the store at the address it is given, and tells what was acknowledged. */
import { writeSync } from "node:fs";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { openEtcdStore } from "../../src/etcd/open-etcd-store.ts";
import { writeForever } from "../contract/write-forever.ts";

const [, , url = "", prefix = ""] = process.argv;
const store = await openEtcdStore({ runtime: realRuntime, endpoints: [url], prefix, callMs: 1000 });
await writeForever(store, (n) => writeSync(1, `${n}\n`));
