import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Health } from "../health/health.tsx";
import { Empty } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({
	component: Shell,
	notFoundComponent: () => (
		<Empty title="This page does not exist.">
			<a href="/">Go to Health</a>
		</Empty>
	),
	errorComponent: ({ error }) => (
		<Problem what="This view failed. This is a bug in Pathkeeper." error={error} />
	),
});

export const configTabs = ["luns", "defaults", "overrides"] as const;
export type ConfigTab = (typeof configTabs)[number];

const eventFilters = ["kind", "severity", "node", "lun", "text", "span"] as const;
type EventsSearch = { readonly [name in (typeof eventFilters)[number]]?: string | undefined };

const health = createRoute({
	getParentRoute: () => root,
	path: "/",
	component: Health,
	validateSearch: (search: Record<string, unknown>): { state?: string; group?: string } => ({
		...(typeof search["state"] === "string" ? { state: search["state"] } : {}),
		...(typeof search["group"] === "string" ? { group: search["group"] } : {}),
	}),
});
const lun = createRoute({
	getParentRoute: () => root,
	path: "/luns/$wwid",
	component: lazyRouteComponent(() => import("../lun/lun-page.tsx"), "LunPage"),
});
const config = createRoute({
	getParentRoute: () => root,
	path: "/config",
	component: lazyRouteComponent(() => import("../config/config-page.tsx"), "ConfigPage"),
	validateSearch: (search: Record<string, unknown>): { tab?: ConfigTab; allow?: string; edit?: string } => {
		const tab = configTabs.find((name) => name === search["tab"]);
		return {
			...(tab === undefined ? {} : { tab }),
			...(typeof search["allow"] === "string" ? { allow: search["allow"] } : {}),
			...(typeof search["edit"] === "string" ? { edit: search["edit"] } : {}),
		};
	},
});
const node = createRoute({
	getParentRoute: () => root,
	path: "/nodes/$node",
	component: lazyRouteComponent(() => import("../nodes/node-page.tsx"), "NodePage"),
});
const storages = createRoute({
	getParentRoute: () => root,
	path: "/storage",
	component: lazyRouteComponent(() => import("../storage/storages-page.tsx"), "StoragesPage"),
});
const storage = createRoute({
	getParentRoute: () => root,
	path: "/storage/$storage",
	component: lazyRouteComponent(() => import("../storage/storage-page.tsx"), "StoragePage"),
});
const events = createRoute({
	getParentRoute: () => root,
	path: "/events",
	component: lazyRouteComponent(() => import("../events/events-page.tsx"), "EventsPage"),
	validateSearch: (search: Record<string, unknown>): EventsSearch =>
		Object.fromEntries(
			eventFilters.flatMap((name) => {
				const value = search[name];
				return typeof value === "string" && value !== "" ? [[name, value]] : [];
			}),
		),
});
const access = createRoute({
	getParentRoute: () => root,
	path: "/access",
	component: lazyRouteComponent(() => import("../access/access-page.tsx"), "AccessPage"),
});

export const router = createRouter({
	routeTree: root.addChildren([health, lun, config, node, storages, storage, events, access]),
	defaultPreload: "intent",
	// A WWID may look like a number, and must stay a text.
	parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
	stringifySearch: (search) => {
		const given = Object.entries(search).flatMap(([key, value]) =>
			value === undefined ? [] : [[key, String(value)]],
		);
		return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
	},
});

declare module "@tanstack/react-router" {
	interface Register {
		router: typeof router;
	}
}
