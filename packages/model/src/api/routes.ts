import * as access from "./access-routes.ts";
import * as multipath from "./multipath-routes.ts";
import * as nodes from "./node-routes.ts";
import type { Route } from "./route.ts";

/** Every route there is; the server refuses to start when one has no handler. */
export const routes: readonly Route[] = [
	...Object.values(access),
	...Object.values(multipath),
	...Object.values(nodes),
];
export { access as accessRoutes, multipath as multipathRoutes, nodes as nodeRoutes };
