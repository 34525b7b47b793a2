/** `/api2/openapi.json`: the API described from its own routes. */
import { clusterRoutes, openApiDocument, routes } from "@pathkeeper/model";
import { type BoundRoute, bind } from "./bind.ts";

export function openApiHandlers(version: string): BoundRoute[] {
	const text = JSON.stringify(openApiDocument(routes, version));
	return [bind(clusterRoutes.openApi, async () => text)];
}
