/** The packages are made once, which takes a while; what is shown of them is told in the files beside this one. */
import { afterAll, beforeAll, describe, vi } from "vitest";
import { type Built, build } from "./built.ts";
import { describeBillOfMaterials } from "./describe-bill-of-materials.ts";
import { describeContents } from "./describe-contents.ts";
import { describeDebScripts } from "./describe-deb-scripts.ts";
import { describeLintian } from "./describe-lintian.ts";
import { describeRpm } from "./describe-rpm.ts";

vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

describe("packages", () => {
	let made: Built;
	beforeAll(() => {
		made = build();
	});
	afterAll(() => made.remove());

	const built = () => made;
	describeContents(built);
	describeBillOfMaterials(built);
	describeDebScripts(built);
	describeRpm(built);
	describeLintian(built);
});
