import type { multipathRoutes, nodeRoutes, ResultOf } from "@pathkeeper/model";

/** What the API answers, by the names that the commands use. */
export type Fleet = ResultOf<typeof multipathRoutes.getStatus>;
export type Lun = Fleet["luns"][number];
export type LunOnNode = Lun["nodes"][string];
export type NodeState = Fleet["nodes"][number];
export type LunEntry = ResultOf<typeof multipathRoutes.listLuns>[number];
export type NodeMap = ResultOf<typeof nodeRoutes.nodeMaps>[number];
export type MapPath = NodeMap["groups"][number]["paths"][number];
export type Preview = ResultOf<typeof multipathRoutes.preview>;
