import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { describe, expect, test } from "vitest";
import { type Built, version } from "./built.ts";

/** What is read of the document. */
interface BillOfMaterials {
	readonly metadata: { readonly component: { readonly version: string } };
	readonly components: readonly {
		readonly "bom-ref": string;
		readonly version: string;
		readonly licenses: readonly unknown[];
		readonly hashes: readonly { readonly content: string }[];
	}[];
}

export function describeBillOfMaterials(built: () => Built): void {
	describe("the bill of materials", () => {
		const text = () => readFileSync(join(built().tree, "usr/share/doc/pathkeeper/sbom.cdx.json"), "utf8");
		const document = (): BillOfMaterials => JSON.parse(text());

		test("is CycloneDX by its own schema", async () => {
			const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
			expect(await validator.validate(text())).toBeNull();
			expect(await validator.validate(text().replace('"SHA-512"', '"SHA-513"'))).not.toBeNull();
		});

		test("lies beside the package, too", () => {
			expect(readFileSync(join(built().folder, `pathkeeper_${version}_amd64.cdx.json`), "utf8")).toBe(text());
			expect(document().metadata.component.version).toBe(version);
		});

		test("names every package that the bundles say they hold, in the version that is installed", () => {
			const refs = new Map(document().components.map((each) => [each["bom-ref"], each.version]));
			const bundles = ["pathkeeper.mjs", "pathkeeper-worker.mjs"].map((name) =>
				readFileSync(join(built().tree, "usr/lib/pathkeeper", name), "utf8"),
			);
			// esbuild writes the name of each file before what it took from it.
			const named = bundles.flatMap((bundle) =>
				[...bundle.matchAll(/^ *\/\/ (node_modules\/(?:.*\/node_modules\/)?(?:@[^/\n]+\/)?[^/\n]+)\//gm)].map(
					([, folder = ""]) => folder,
				),
			);
			const folders = [...new Set(named)];
			expect(folders.length).toBeGreaterThan(40);
			for (const folder of [...folders, "node_modules/react-dom", "node_modules/@codemirror/view"]) {
				const manifest: { version: string } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
				expect(refs.get(folder), folder).toBe(manifest.version);
			}
		});

		test("and the copyright file names them all, with the runtime", () => {
			const copyright = readFileSync(join(built().tree, "usr/share/doc/pathkeeper/copyright"), "utf8");
			const { components } = document();
			expect(components.map((each) => each["bom-ref"])).toContain("nodejs");
			const files = components.map((each) => each["bom-ref"]).filter((ref) => ref !== "nodejs");
			for (const folder of files) expect(copyright).toContain(`\nFiles: ${folder}/*\nCopyright: `);
			const used = [...copyright.matchAll(/^License: (.*)$/gm)].map(([, name = ""]) => name);
			const explained = [...copyright.matchAll(/^License: (.*)\n /gm)].map(([, name = ""]) => name);
			expect([...new Set(used)].sort()).toEqual(explained.sort());
			const license = readFileSync(join(built().tree, "usr/lib/pathkeeper/runtime/LICENSE"), "utf8");
			const [line = ""] = license.split("\n").slice(-3);
			expect(copyright).toContain(line.trim());
		});
	});
}
