import { describe, expect, test } from "vitest";
import { credentialsOf } from "../../src/access/credentials.ts";

const secret = "0f0e0d0c-0b0a-4908-8706-050403020100";
const ticket = "PVE:jane@local:6553F100::a+b/c=";
const of = (headers: { readonly authorization?: string; readonly cookie?: string }) =>
	credentialsOf({
		method: "GET",
		authorization: headers.authorization,
		cookie: headers.cookie,
		csrf: undefined,
		from: "192.0.2.7",
	});

describe("credentials", () => {
	test("are none without cookie and header, and with those of others", () => {
		expect(of({})).toEqual({ kind: "none" });
		expect(of({ cookie: "lang=de; XPVEAuthCookie=x; PVEAuthCookie=" })).toEqual({ kind: "none" });
		expect(of({ authorization: "Basic cm9vdDp4" })).toEqual({ kind: "none" });
	});

	test("are a ticket in a cookie, encoded as browsers do or not, as proxmoxer and npm proxmox-api do", () => {
		const expected = { kind: "ticket", text: ticket, bySite: true };
		expect(of({ cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` })).toEqual(expected);
		expect(of({ cookie: `PVEAuthCookie=${ticket}` })).toEqual(expected);
		expect(of({ cookie: `a=b; PVEAuthCookie=${ticket} ;c=d` })).toEqual(expected);
		expect(of({ authorization: "Basic cm9vdDp4", cookie: `PVEAuthCookie=${ticket}` })).toEqual(expected);
	});

	test("are a ticket in a header, which no browser adds by itself", () => {
		expect(of({ authorization: `PVEAuthCookie=${ticket}` })).toEqual({
			kind: "ticket",
			text: ticket,
			bySite: false,
		});
	});

	test("are an API token in a header", () => {
		const token = { kind: "token", user: "jane@local", token: "backup", secret };
		expect(of({ authorization: `PVEAPIToken=jane@local!backup=${secret}` })).toEqual(token);
	});

	test("in the header count before those in the cookie, even when they are bad", () => {
		const cookie = `PVEAuthCookie=${ticket}`;
		expect(of({ authorization: "PVEAPIToken=nonsense", cookie })).toEqual({ kind: "malformed" });
		expect(of({ authorization: `PVEAPIToken=jane@local!backup=${secret}`, cookie }).kind).toBe("token");
	});

	test("are malformed when two cookies differ: one was put there by a neighbour", () => {
		expect(of({ cookie: `PVEAuthCookie=${ticket}; PVEAuthCookie=other` })).toEqual({ kind: "malformed" });
		expect(of({ cookie: `PVEAuthCookie=${ticket}; PVEAuthCookie=${ticket}` }).kind).toBe("ticket");
	});

	test.each([
		"PVEAPIToken=",
		"PVEAPIToken=jane@local",
		`PVEAPIToken=jane@local=${secret}`,
		"PVEAPIToken=jane@local!backup",
		"PVEAPIToken=jane@local!backup=",
		`PVEAPIToken=jane@local!a!b=${secret}`,
		`PVEAPIToken=jane:x@local!backup=${secret}`,
		`PVEAPIToken=../root@local!backup=${secret}`,
		"PVEAuthCookie=%",
		"PVEAuthCookie=%C3",
	])("%s are malformed", (authorization) => {
		expect(of({ authorization })).toEqual({ kind: "malformed" });
	});
});
