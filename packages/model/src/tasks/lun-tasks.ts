import { Type } from "typebox";
import { defineTask } from "./task-type.ts";

const argument = Type.Object({ wwid: Type.String() }, { additionalProperties: false });

export const lunGuard = defineTask({
	type: "lunguard",
	kind: "question",
	subject: "wwid",
	summary:
		"Whether anything on the node uses a LUN; refused with LUN_IN_USE, naming the users, when something does",
	argument,
	result: Type.Null(),
});

export const lunWithdraw = defineTask({
	type: "lunwithdraw",
	kind: "change",
	subject: "wwid",
	summary:
		"Take the map and the allow-list entry of a LUN off the node; refused with LUN_IN_USE when it is used",
	argument,
	result: Type.Null(),
});
