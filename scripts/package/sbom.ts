/** What is in a package, as CycloneDX 1.6 (cyclonedx.org/docs/1.6/json). */
import { createHash } from "node:crypto";
import type { NpmPart } from "./npm-parts.ts";
import type { Release } from "./release.ts";
import type { Runtime } from "./runtime.ts";

export function sbomText({ version, epoch }: Release, runtime: Runtime, parts: readonly NpmPart[]): string {
	const product = component("application", "pathkeeper", version, {
		"bom-ref": "pathkeeper",
		licenses: licenses("Apache-2.0"),
	});
	const node = component("platform", "Node.js", runtime.version, {
		"bom-ref": "nodejs",
		cpe: `cpe:2.3:a:nodejs:node.js:${runtime.version}:*:*:*:*:*:*:*`,
		purl: `pkg:generic/nodejs@${runtime.version}`,
		hashes: [{ alg: "SHA-256", content: runtime.sha256 }],
		licenses: licenses("MIT"),
		description: "usr/lib/pathkeeper/runtime/node; what is in it and its licences: runtime/LICENSE beside it",
	});
	const components = [node, ...parts.map(npmComponent)];
	const content = {
		metadata: { timestamp: new Date(epoch * 1000).toISOString(), component: product },
		components,
		dependencies: [
			{ ref: "pathkeeper", dependsOn: ["nodejs", ...parts.map(({ folder }) => folder)] },
			{ ref: "nodejs" },
			...parts.map(({ folder }) => ({ ref: folder })),
		],
	};
	const document = {
		$schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
		bomFormat: "CycloneDX",
		specVersion: "1.6",
		serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
		version: 1,
		...content,
	};
	return `${JSON.stringify(document, null, "\t")}\n`;
}

function npmComponent({
	name,
	version,
	license,
	integrity,
	folder,
}: NpmPart): Readonly<Record<string, unknown>> {
	const [group, bare] = name.startsWith("@") ? name.split("/") : [undefined, name];
	const [algorithm, base64 = ""] = integrity.split("-", 2);
	if (algorithm !== "sha512")
		throw new Error(`${folder}: its checksum in the lock file is ${algorithm}, not sha512`);
	return component("library", bare ?? name, version, {
		...(group === undefined ? {} : { group }),
		"bom-ref": folder,
		purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
		hashes: [{ alg: "SHA-512", content: Buffer.from(base64, "base64").toString("hex") }],
		licenses: licenses(license),
	});
}

function component(
	type: string,
	name: string,
	version: string,
	more: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
	return { type, name, version, ...more };
}

/** One licence by its name in SPDX, several as an expression. */
function licenses(expression: string): readonly unknown[] {
	return /[ ()]/.test(expression) ? [{ expression }] : [{ license: { id: expression } }];
}

/** Names the content, so that the same content has the same name (RFC 9562, version 8). */
function uuidOf(content: string): string {
	const hex = createHash("sha256").update(content).digest("hex");
	const variant = "89ab"[Number.parseInt(hex.slice(16, 17), 16) % 4];
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`8${hex.slice(13, 16)}`,
		`${variant}${hex.slice(17, 20)}`,
		hex.slice(20, 32),
	].join("-");
}
