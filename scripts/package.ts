/**
 * `./dev package`: the packages of a release in dist/packages, from this tree and what ./dev fetched, without network,
 * and the same bytes every time.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Architecture, architectures } from "./package/architecture.ts";
import { makePackages, type PackageKind, packageKinds } from "./package/make-packages.ts";

const usage = `usage: ./dev package [OPTIONS]

  --arch ARCH      only for this machine: ${Object.keys(architectures).join(", ")}; may be repeated
  --only KIND      only this kind: ${packageKinds.join(", ")}; may be repeated
  --stamp VERSION  as if this were that version, for tests of upgrades
  --fast           compress little: larger files in a fraction of the time
  --out FOLDER     there instead of dist/packages
`;

try {
	const { values } = parseArgs({
		options: {
			arch: { type: "string", multiple: true, default: Object.keys(architectures) },
			only: { type: "string", multiple: true, default: [...packageKinds] },
			stamp: { type: "string" },
			fast: { type: "boolean", default: false },
			out: { type: "string", default: "dist/packages" },
			help: { type: "boolean", short: "h", default: false },
		},
	});
	if (values.help) console.log(usage);
	else {
		const out = resolve(values.out);
		const names = await makePackages(process.cwd(), {
			architectures: values.arch.map(architecture),
			kinds: values.only.map(kind),
			stamp: values.stamp,
			level: values.fast ? 0 : 4,
			out,
		});
		for (const name of names) console.log(join(out, name));
	}
} catch (error) {
	console.error(`package: ${error instanceof Error ? error.message : error}`);
	process.exitCode = 1;
}

function architecture(text: string): Architecture {
	const known = (name: string): name is Architecture => name in architectures;
	if (known(text)) return text;
	throw new Error(`--arch: '${text}' is not one of ${Object.keys(architectures).join(", ")}`);
}

function kind(text: string): PackageKind {
	const found = packageKinds.find((each) => each === text);
	if (found === undefined) throw new Error(`--only: '${text}' is not one of ${packageKinds.join(", ")}`);
	return found;
}
