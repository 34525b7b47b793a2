/** The tests in virtual machines, each with what it needs: the release bundle, or packages of this version and the next. */
import { nextVersion, type Suite } from "../lab/src/index.ts";
import { type Count, one, vitest } from "./counted-tests.ts";
import { run } from "./steps.ts";

/** It takes long: each test is said as soon as it is over. */
const reporter = ["--reporter=verbose"];

/** Every release on a host of its own. The guests run the product as it ships: the bundle. */
export function releases(): Count {
	console.error("== release bundle");
	if (run([process.execPath, "scripts/build.ts"]) !== 0) return one("release bundle");
	return vitest("lab", "lab/vitest.config.ts", reporter);
}

/** After the releases' own tests, since its four guests need the machine for themselves. */
export function fleet(): Count {
	return vitest("fleet", "lab/fleet.vitest.config.ts", reporter);
}

/** The packages that the installations start from; false when one could not be made. */
export function packagesForInstallation(): boolean {
	console.error("== packages");
	// What they are compressed with is tried where they are made; here little compression spares the guests time.
	const make = [process.execPath, "scripts/package.ts", "--arch", "amd64", "--only", "deb", "--fast"];
	return run(make) === 0 && run([...make, "--stamp", nextVersion]) === 0;
}

/** One host by its document; `short`: without what may happen to an installed host afterwards. */
export function installOnHost(suite: Suite, extent: "short" | "whole"): Count {
	return vitest(`install on ${suite}`, "lab/install.vitest.config.ts", reporter, {
		PATHKEEPER_LAB_SUITES: suite,
		PATHKEEPER_LAB_INSTALL: extent,
	});
}

/** A fleet by its document. */
export function installOnFleet(): Count {
	return vitest("install on a fleet", "lab/install-fleet.vitest.config.ts", reporter);
}
