/** The nonce by which the policy of the page allows styles; scripts have none and need none. */
export function styleNonce(): string {
	return document.querySelector('meta[name="style-nonce"]')?.getAttribute("content") ?? "";
}
