import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aclPathOf, parseAclPath, pathsDownTo } from "../../src/access/acl-path.ts";
import { isTokenName, isUserId, ownerOf, parseTokenId, tokenIdOf } from "../../src/access/auth-id.ts";

/** What tickets, keys, logs, pages or people would read differently from what was meant. */
const hostileNames = [
	"",
	"@local",
	"jane",
	"jane@pam",
	"jane@local\n",
	"ja\nne@local",
	"ja\rne@local",
	"jane:@local",
	"jane:4AB@local",
	"jane!x@local",
	"jane@local!x",
	"jane@x@local",
	"jane@local@local",
	"ja ne@local",
	"ja\u0000ne@local",
	"jane\u0000@local",
	"../root@local",
	"a/b@local",
	"-rf@local",
	".hidden@local",
	"jäne@local",
	"jаne@local", // Cyrillic а
	"jane@lоcal", // Cyrillic о
	"jane\u200b@local",
	"\u202ejane@local",
	"<b>@local",
	"%00@local",
	`${"a".repeat(59)}@local`,
];

describe("the name of a user", () => {
	test.each(["root@local", "jane@local", "_svc@local", "J.Doe-2_x+y@local", "0@local"])(
		"%s is taken",
		(name) => {
			expect(isUserId(name)).toBe(true);
			expect(ownerOf(name)).toBe(name);
		},
	);

	test.each(hostileNames.map((name) => JSON.stringify(name)))("%s is refused", (json) => {
		expect(isUserId(String(JSON.parse(json)))).toBe(false);
	});

	test("is plain ASCII of at most 64 characters with one @, whatever else was tried", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(..."aZ9_.+-@!:/\n\u0000é "), maxLength: 6 }), (text) => {
				const name = `${text}@local`;
				if (isUserId(name)) expect(name).toMatch(/^[A-Za-z0-9_.+-]{1,58}@local$/);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe("the name of a token", () => {
	test("is taken apart as it was put together", () => {
		expect(parseTokenId(tokenIdOf("jane@local", "backup"))).toEqual({ user: "jane@local", token: "backup" });
		expect(ownerOf("jane@local!backup")).toBe("jane@local");
	});

	test.each([
		"jane@local!",
		"jane@local!1x",
		"jane@local!a",
		"jane@local!b!c",
		"!backup",
		"jane!backup",
		"jane@local!b=c",
	])("%s is refused", (text) => {
		expect(parseTokenId(text)).toBeNull();
		expect(ownerOf(text)).toBeNull();
	});

	test("may not hold what ends it in a header", () => {
		for (const name of ["ab=c", "ab c", "ab!c", "ab\n", "ab:c", "ab/c", "äbc"])
			expect(isTokenName(name)).toBe(false);
	});
});

describe("a path of rights", () => {
	test.each(["/", "/nodes", "/nodes/n1", "/storage", "/storage/san-1.x_Y"])("%s is one", (text) => {
		expect(parseAclPath(text)).toBe(text);
	});

	test("may end in a slash", () => {
		expect(parseAclPath("/nodes/")).toBe("/nodes");
		expect(parseAclPath("/nodes/n1/")).toBe("/nodes/n1");
	});

	test.each([
		"",
		"//",
		"nodes",
		"/node",
		"/nodes/n1/x",
		"/nodes//n1",
		"/nodes/*",
		"/nodes/n 1",
		"/access",
		"/vms/1",
		"/nodes/n1\n",
		"/nodes/%2e",
	])("%j is none", (text) => {
		expect(parseAclPath(text)).toBeNull();
	});

	test("leads down from the root", () => {
		expect(pathsDownTo("/")).toEqual(["/"]);
		expect(pathsDownTo("/storage")).toEqual(["/", "/storage"]);
		expect(pathsDownTo("/nodes/n1")).toEqual(["/", "/nodes", "/nodes/n1"]);
	});

	test("that somebody names is never an entry's unless it reads the same", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(..."aZ9_.-*/%\n\u0000é "), maxLength: 6 }), (name) => {
				const path = aclPathOf("nodes", name);
				expect(path === "/nodes/*" || path === `/nodes/${name}`).toBe(true);
				expect(parseAclPath(path)).toBe(path === "/nodes/*" ? null : path);
			}),
		);
	});
});
