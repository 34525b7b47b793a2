import { builtInTypes } from "@pathkeeper/model";
import type { StorageAnswer } from "./answers.ts";

/** True for a storage whose volumes are existing LUNs: it shows them and creates none. */
export function isOfLuns({ type, left_out }: Pick<StorageAnswer, "type" | "left_out">): boolean {
	return left_out !== 1 && builtInTypes.some((known) => known.type === type && known.selectExisting);
}
