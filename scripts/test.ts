/**
 * `./dev test [FILTER…]`: the checks, the tests of the packages, and the end-to-end tests of hosts and fleet in the
 * lab, with the installation of one host from its document. `./dev lab all` installs on every release and on a fleet.
 * The last line is `N passed, N failed`. With a filter only the package tests run.
 */
import { checks } from "./check.ts";
import { type Count, conclude, vitest } from "./counted-tests.ts";
import { fleet, hosts } from "./lab-tests.ts";
import { runSteps } from "./steps.ts";

const filters = process.argv.slice(2);
conclude(
	filters.length > 0 ? [unit(filters)] : [checked(), unit([]), web(), hosts(["trixie"], "short"), fleet()],
);

function checked(): Count {
	const failures = runSteps(checks);
	return { passed: checks.length - failures.length, failed: failures.length, failures };
}

function unit(filters: readonly string[]): Count {
	return vitest("packages", "vitest.config.ts", ["--reporter=default", ...filters]);
}

/** The page in a real browser, against the real server. */
function web(): Count {
	return vitest("web", "packages/web/vitest.config.ts", ["--reporter=default"]);
}
