/** The word that the page's policy lets styles in by; scripts have none and need none. */
export function styleNonce(): string {
	return document.querySelector('meta[name="style-nonce"]')?.getAttribute("content") ?? "";
}
