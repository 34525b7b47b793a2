import { builtInTypes } from "@pathkeeper/model";
import type { StorageAnswer } from "./answers.ts";

/** True for a storage whose volumes are there and chosen: it shows LUNs and makes none. */
export function isOfLuns({ type }: Pick<StorageAnswer, "type">): boolean {
	return builtInTypes.some((known) => known.type === type && known.selectExisting);
}
