import { expect, test } from "vitest";
import { programName } from "../../src/demo/program-name.ts";

test("commands to type name the program as it is called there", () => {
	const name = (execPath: string, script: string) => programName({ execPath, script });
	expect(name("/usr/lib/pathkeeper/runtime/node", "/usr/lib/pathkeeper/pathkeeper.mjs")).toBe("pathkeeper");
	expect(name("/usr/bin/node", "/srv/checkout/packages/pathkeeper/src/main.ts")).toBe("./dev pathkeeper");
	expect(name("/usr/bin/node", "/opt/dist/pathkeeper.mjs")).toBe("/usr/bin/node /opt/dist/pathkeeper.mjs");
});
