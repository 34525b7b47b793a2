/** What went wrong in the lab itself: a program that is missing, a guest that does not answer. */
export class LabError extends Error {
	override readonly name = "LabError";
}
