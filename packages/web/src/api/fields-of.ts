import { PathkeeperError } from "@pathkeeper/model";

/** Problems by field of an error. */
export function fieldsOf(error: unknown): Readonly<Record<string, string>> {
	return error instanceof PathkeeperError ? error.fields : {};
}
