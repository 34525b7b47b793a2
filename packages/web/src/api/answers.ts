/** What the API says of LUNs and of their maps. */
import type { liveRoutes, nodeRoutes, ResultOf } from "@pathkeeper/model";

export type LunAnswer = ResultOf<typeof liveRoutes.getLunStatus>;
export type MapAnswer = ResultOf<typeof nodeRoutes.nodeMaps>[number];
