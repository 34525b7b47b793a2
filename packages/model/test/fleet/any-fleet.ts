/** Fleets of a few nodes and LUNs in every state of repair, for properties. */
import fc from "fast-check";
import type { AllowedLun, NodeView } from "../../src/index.ts";
import { allowed, candidate, kernelMap, mapWith, node, pathTo, silentNode } from "./fleet-of.ts";

export const wwids = ["36001405a", "36001405b", "36001405c"];
export const nodeNames = ["n1", "n2", "n3"];

const anyPath = fc
	.record({
		portal: fc.integer({ min: 1, max: 4 }),
		words: fc.constantFrom(
			{},
			{ dmState: "failed", checkerState: "faulty" },
			{ checkerState: "ghost" },
			{ checkerState: "shaky" },
			{ checkerState: "what" },
			{ hctl: "#:#:#:#" },
			{ transport: null },
		),
	})
	.map(({ portal, words }) => pathTo(portal, words));

const anyMap = fc
	.record({
		wwid: fc.constantFrom(...wwids),
		paths: fc.array(anyPath, { maxLength: 5 }),
		suspended: fc.boolean(),
		whole: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
		sizeBytes: fc.constantFrom(null, 1024, 2048),
		queueing: fc.constantFrom("off" as const, "forever" as const, null, { seconds: 60 }),
		features: fc.constantFrom("0", "1 queue_if_no_path"),
		name: fc.constantFrom("", "data", ...wwids),
		vendor: fc.constantFrom(null, "LIO-ORG"),
	})
	.map(({ paths, ...changes }) => mapWith(paths, changes));

const anyReporting = (name: string) =>
	fc
		.record({
			maps: fc.array(anyMap, { maxLength: 4 }),
			kernelMaps: fc.array(
				fc
					.record({ wwid: fc.constantFrom(...wwids), sizeBytes: fc.constantFrom(1024, 4096) })
					.map((changes) => kernelMap(changes)),
				{ maxLength: 3 },
			),
			candidates: fc.array(
				fc.record({ wwid: fc.constantFrom(null, ...wwids) }).map((changes) => candidate(changes)),
				{ maxLength: 2 },
			),
			highestPaths: fc.dictionary(fc.constantFrom(...wwids), fc.integer({ min: 1, max: 6 })),
			online: fc.boolean(),
			settling: fc.boolean(),
			daemon: fc.constantFrom({}, { state: "silent" as const, problem: "it does not answer" }),
			applied: fc.constantFrom({}, { configDigest: "d0" }, { state: "failed" as const, error: "line 7" }),
		})
		.map((facts) => node(name, facts));

/** One node at one moment. */
export const anyNode = (name: string): fc.Arbitrary<NodeView> =>
	fc.oneof(
		{ weight: 6, arbitrary: anyReporting(name) },
		{ weight: 1, arbitrary: fc.boolean().map((online) => silentNode(name, { online })) },
	);

export const anyConfig = fc
	.record({
		luns: fc.uniqueArray(
			fc
				.record({
					wwid: fc.constantFrom(...wwids),
					expectedPaths: fc.constantFrom(null, null, 4),
					nodes: fc.constantFrom(null, null, ["n1"], ["n1", "n9"]),
				})
				.map((changes): AllowedLun => allowed({ ...changes, alias: `alias-${changes.wwid}` })),
			{ selector: ({ wwid }) => wwid },
		),
		digest: fc.constantFrom("d0", "d1"),
	})
	.map(({ luns, digest }) => ({ config: { defaults: {}, luns }, digest }));

export type FleetStep =
	| { readonly kind: "node"; readonly view: NodeView }
	| { readonly kind: "gone"; readonly name: string }
	| {
			readonly kind: "config";
			readonly config: { readonly defaults: Record<string, never>; readonly luns: AllowedLun[] };
			readonly digest: string;
	  };

/** Changes of a fleet, one after the other. */
export const anySteps: fc.Arbitrary<FleetStep[]> = fc.array(
	fc.oneof(
		{
			weight: 6,
			arbitrary: fc
				.constantFrom(...nodeNames)
				.chain((name) => anyNode(name).map((view): FleetStep => ({ kind: "node", view }))),
		},
		{
			weight: 1,
			arbitrary: fc.constantFrom(...nodeNames).map((name): FleetStep => ({ kind: "gone", name })),
		},
		{ weight: 2, arbitrary: anyConfig.map((config): FleetStep => ({ kind: "config", ...config })) },
	),
	{ minLength: 1, maxLength: 10 },
);
