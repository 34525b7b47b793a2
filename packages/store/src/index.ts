export * from "./copy-store.ts";
export {
	type Account,
	readAccount,
	readAccountAndToken,
	readUser,
	readUsers,
	type Token,
	type User,
} from "./documents/access/account.ts";
export { readAcl } from "./documents/access/acl-document.ts";
export type { AccessEdit } from "./documents/access/change-access.ts";
export * from "./documents/access/edit-acl.ts";
export * from "./documents/access/ended-sessions.ts";
export * from "./documents/access/first-administrator.ts";
export { type Argon2id, hashPassword, isPassword } from "./documents/access/password-hash.ts";
export * from "./documents/access/same-secret.ts";
export * from "./documents/access/ticket-key.ts";
export {
	createToken,
	deleteToken,
	isTokenSecret,
	type TokenChange,
	updateToken,
} from "./documents/access/tokens.ts";
export {
	createUser,
	deleteUser,
	setPassword,
	type UserChange,
	updateUser,
} from "./documents/access/users.ts";
export * from "./documents/acknowledgements.ts";
export * from "./documents/audit.ts";
export * from "./documents/audited.ts";
export * from "./documents/config-documents.ts";
export {
	decodeLightReport,
	decodeReport,
	type NodeReport,
	type PackedReport,
	reportLimits,
} from "./documents/decode-report.ts";
export * from "./documents/forgotten-questions.ts";
export { logId } from "./documents/history/history-layout.ts";
export * from "./documents/history/log-bounds.ts";
export * from "./documents/history/log-entries.ts";
export * from "./documents/history/log-feed.ts";
export * from "./documents/history/log-memory.ts";
export * from "./documents/history/revision-marks.ts";
export { isNodeName } from "./documents/layout.ts";
export { HeldLock, untilLockFree } from "./documents/locks/held-lock.ts";
export { keepLease } from "./documents/locks/kept-lease.ts";
export * from "./documents/locks/storage-lock.ts";
export * from "./documents/nodes.ts";
export * from "./documents/read-audit.ts";
export * from "./documents/remove-node.ts";
export * from "./documents/reports.ts";
export * from "./documents/require-audit.ts";
export * from "./documents/task-cancel.ts";
export * from "./documents/task-log.ts";
export * from "./documents/task-result.ts";
export * from "./documents/task-retention.ts";
export {
	claimTask,
	createTask,
	deleteTask,
	finishTask,
	giveUpTask,
	readTask,
	type StoredTask,
	stopLostTasks,
	type Task,
	taskKey,
	taskPrefix,
	tasksFrom,
} from "./documents/tasks.ts";
export * from "./documents/upid.ts";
export * from "./documents/watch-prefix.ts";
export * from "./documents/withdrawals.ts";
export { type EmbeddedStore, openEmbeddedStore } from "./embedded/embedded-store.ts";
export { openEtcdStore } from "./etcd/open-etcd-store.ts";
export { storeLimits } from "./limits.ts";
export type { Entry, Lease, Store, StoreSpace, Write } from "./store.ts";
