/** Until when an account or token is good. */
export function expiryText(seconds: number): string {
	if (seconds === 0) return "no end";
	const date = new Date(seconds * 1000);
	return date.getTime() < Date.now() ? `ended ${date.toLocaleDateString()}` : date.toLocaleDateString();
}
