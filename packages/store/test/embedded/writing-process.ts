/** A process of its own that writes to the store in the file it is given, and tells what was acknowledged. */
import { writeSync } from "node:fs";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { openEmbeddedStore } from "../../src/embedded/embedded-store.ts";
import { writeForever } from "../contract/write-forever.ts";

const [, , path = ""] = process.argv;
const store = await openEmbeddedStore({ runtime: realRuntime, path });
await writeForever(store, (n) => writeSync(1, `${n}\n`));
