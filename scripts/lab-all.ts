/**
 * `./dev lab all`: everything that is tried in virtual machines: the releases, the fleet, and the installation from the
 * documents on every release and on a fleet. PATHKEEPER_LAB_SUITES names fewer releases. The last line is
 * `N passed, N failed`.
 */
import { suites, suitesOfRun } from "../lab/src/index.ts";
import { type Count, conclude, one } from "./counted-tests.ts";
import { fleet, installOnFleet, installOnHost, packagesForInstallation, releases } from "./lab-tests.ts";

const chosen = suitesOfRun();
const whole = suites.every((suite) => chosen.includes(suite));

function installations(): readonly Count[] {
	if (!packagesForInstallation()) return [one("packages")];
	return [...chosen.map((suite) => installOnHost(suite, "whole")), ...(whole ? [installOnFleet()] : [])];
}

conclude([releases(), ...(whole ? [fleet()] : []), ...installations()]);
