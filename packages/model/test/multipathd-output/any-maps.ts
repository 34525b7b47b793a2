import type { MultipathMap, Path, PathGroup } from "@pathkeeper/model";
import fc from "fast-check";

const dmState = fc.oneof(
	{ weight: 8, arbitrary: fc.constant("active") },
	{ weight: 1, arbitrary: fc.constantFrom("failed", "undef") },
);
const checkerState = fc.oneof(
	{ weight: 8, arbitrary: fc.constant("ready") },
	{
		weight: 2,
		arbitrary: fc.constantFrom(
			...["faulty", "ghost", "shaky", "i/o pending", "i/o timeout", "delayed", "undef", "disconnected"],
		),
	},
);
const deviceState = fc.oneof(
	{ weight: 8, arbitrary: fc.constant("running") },
	{ weight: 1, arbitrary: fc.constantFrom("offline", "unknown", "blocked", "transport-offline", "quiesce") },
);
const number = fc.nat({ max: 200 });
const priority = fc.oneof(fc.constant(null), fc.nat({ max: 130 }));

function anyPath(index: number): fc.Arbitrary<Path> {
	return fc
		.record({ dmState, checkerState, deviceState, address: fc.tuple(number, number, number), priority })
		.map(({ address, ...states }) => ({
			...states,
			dev: `sd${String.fromCharCode(97 + (index % 26))}${index}`,
			devT: `8:${index * 16}`,
			hctl: [...address, index].join(":"),
			checker: "tur",
			marginal: false,
			anaState: null,
			transport: null,
		}));
}

function anyGroup(index: number): fc.Arbitrary<PathGroup> {
	return fc
		.record({
			dmState: fc.constantFrom("active", "enabled", "disabled", "undef"),
			priority,
			selector: fc.constantFrom("service-time 0", "round-robin 0", "queue-length 0"),
			paths: fc
				.integer({ min: 1, max: 4 })
				.chain((n) => fc.tuple(...Array.from({ length: n }, (_, p) => anyPath(index * 4 + p)))),
		})
		.map((group) => ({ ...group, number: index + 1, marginal: false }));
}

/** Names and texts as administrators and arrays choose them: blanks, quotes, brackets, other alphabets. */
const oddText = (maxLength: number) =>
	fc
		.oneof(
			fc.string({ minLength: 1, maxLength, unit: fc.constantFrom(..."abcXYZ019 _-.+\"'\\()[]{}:,#äß中|`") }),
			fc.constantFrom("mpatha", "db-log", "orac le", 'we"ird a+b#c', "a (b) c", 'x", "chk_st" : "ready'),
		)
		.map((text) => text.trim().slice(0, maxLength).trim())
		.filter((text) => text !== "" && text !== "##");
const plainName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,20}$/);
const wwid = fc.stringMatching(/^[0-9a-z][0-9A-Za-z#+.:=@_-]{7,39}$/);

export interface MapsWanted {
	/** Names and products that hold whatever an administrator or array can put there. */
	readonly odd: boolean;
	/** Only what a topology text can carry. */
	readonly topology: boolean;
}

/** One map as multipathd could list it; the nth of a listing, so that identities differ. */
function anyMap(index: number, { odd, topology }: MapsWanted): fc.Arbitrary<MultipathMap> {
	const name = odd ? oddText(40) : plainName;
	const product = odd
		? oddText(16)
		: fc.constantFrom("LUN C-Mode", "2810XIV", "VV", "SYMMETRIX", "QEMU HARDDISK");
	return fc
		.record({
			name: fc.oneof(fc.constant(null), name),
			wwid,
			vendor: fc.constantFrom("NETAPP", "IBM", "3PARdata", "QEMU", "DGC"),
			product,
			suspended: topology ? fc.constant(false) : fc.boolean(),
			readOnly: fc.constantFrom(true, false, null),
			features: fc.constantFrom(
				"0",
				"1 queue_if_no_path",
				"3 queue_if_no_path queue_mode mq",
				"2 queue_mode mq",
			),
			hardwareHandler: fc.constantFrom("0", "1 alua", "1 rdac"),
			queueing: fc.oneof(fc.constantFrom("off" as const, "forever" as const), fc.record({ seconds: number })),
			failback: fc.constantFrom("-", "immediate", "manual", "followover"),
			action: fc.constantFrom(null, "create", "reload"),
			groups: fc
				.integer({ min: topology ? 1 : 0, max: 3 })
				.chain((n) => fc.tuple(...Array.from({ length: n }, (_, g) => anyGroup(g)))),
		})
		.map(({ name: alias, ...map }) => {
			const identity = `${map.wwid}${index}`;
			const queues = map.features.includes("queue_if_no_path");
			return {
				...map,
				groups: topology ? map.groups.map(withoutColumns) : map.groups.map(withoutAddresses),
				name: alias ?? identity,
				wwid: identity,
				dm: `dm-${index}`,
				revision: topology ? null : "0001",
				sizeBytes: null,
				queueing: topology ? (queues ? null : "off") : map.queueing,
				failback: topology ? null : map.failback,
				whole: true,
			};
		});
}

function withoutColumns(group: PathGroup): PathGroup {
	return { ...group, paths: group.paths.map((path) => ({ ...path, checker: null, priority: null })) };
}

function withoutAddresses(group: PathGroup): PathGroup {
	return { ...group, paths: group.paths.map((path) => ({ ...path, hctl: null })) };
}

export function anyMaps(wanted: MapsWanted, maxLength = 4): fc.Arbitrary<MultipathMap[]> {
	return fc
		.integer({ min: 1, max: maxLength })
		.chain((n) => fc.tuple(...Array.from({ length: n }, (_, index) => anyMap(index, wanted))));
}
