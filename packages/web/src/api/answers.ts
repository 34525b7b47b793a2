/** Answers of the API about LUNs and their maps. */
import type { liveRoutes, nodeRoutes, ResultOf } from "@pathkeeper/model";

export type LunAnswer = ResultOf<typeof liveRoutes.getLunStatus>;
export type MapAnswer = ResultOf<typeof nodeRoutes.nodeMaps>[number];
