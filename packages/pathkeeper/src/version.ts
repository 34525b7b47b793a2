/** The product's one version; the packages carry the same. */
export const version = "0.1.0";
