import { describe, expect, test } from "vitest";
import type { EtcdSettings } from "../../src/store/open-store.ts";
import { storeFindings } from "../../src/store/store-findings.ts";

const etcd = (...endpoints: readonly string[]): EtcdSettings => ({
	kind: "etcd",
	endpoints,
	tls: { ca: undefined, cert: undefined, key: undefined },
	user: undefined,
	passwordFile: undefined,
	prefix: "/pathkeeper/",
});

describe("a store that is reached without encryption", () => {
	test("is a finding that names the member, when it is on the network", () => {
		expect(storeFindings(etcd("https://etcd1:2379", "http://etcd2:2379"))).toEqual([
			expect.objectContaining({
				code: "store-in-the-clear",
				severity: "warning",
				text: expect.stringContaining("http://etcd2:2379 is reached without encryption"),
			}),
		]);
	});

	test("is none on this host, in a file, or encrypted", () => {
		expect(storeFindings({ kind: "embedded", path: "/x" })).toEqual([]);
		expect(storeFindings(etcd("http://127.0.0.1:2379", "https://etcd1:2379"))).toEqual([]);
	});
});
