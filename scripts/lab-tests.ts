/** The tests in virtual machines, each with what it needs: the release bundle, or packages of this version and the next. */
import { nextVersion, type Suite } from "../lab/src/index.ts";
import { type Count, one, vitest } from "./counted-tests.ts";
import { run } from "./steps.ts";

/** It takes long: each test is said as soon as it is over. */
const reporter = ["--reporter=verbose"];

/**
 * Every release on a host of its own, and the installation of one host by its document on some releases; `short`: of
 * each kind what catches most. The guests run the product as it ships: the bundle, the package.
 */
export function hosts(installOn: readonly Suite[], extent: "short" | "whole"): Count {
	console.error("== release bundle and packages");
	if (run([process.execPath, "scripts/build.ts"]) !== 0) return one("release bundle");
	// What they are compressed with is tried where they are made; here little compression spares the guests time.
	const make = [process.execPath, "scripts/package.ts", "--arch", "amd64", "--only", "deb", "--fast"];
	if (run(make) !== 0 || run([...make, "--stamp", nextVersion]) !== 0) return one("packages");
	return vitest("lab", "lab/vitest.config.ts", reporter, {
		PATHKEEPER_LAB_INSTALL_ON: installOn.join(","),
		PATHKEEPER_LAB_EXTENT: extent,
	});
}

/** After the hosts, since its four guests need the machine for themselves. */
export function fleet(): Count {
	return vitest("fleet", "lab/fleet.vitest.config.ts", reporter);
}

/** A fleet by its document, from the packages that `hosts` made. */
export function installOnFleet(): Count {
	return vitest("install on a fleet", "lab/install-fleet.vitest.config.ts", reporter);
}
