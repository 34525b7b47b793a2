import { builtInTypes } from "@pathkeeper/model";
import type { StorageAnswer } from "./answers.ts";

/** True for a storage whose volumes are there and chosen: it shows LUNs and makes none. */
export function isOfLuns({ type, left_out }: Pick<StorageAnswer, "type" | "left_out">): boolean {
	return left_out !== 1 && builtInTypes.some((known) => known.type === type && known.selectExisting);
}
