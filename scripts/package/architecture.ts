/** The machines that packages are made for, by the name that Debian has for each. */
export const architectures = {
	amd64: { rpm: "x86_64", runtime: "x64" },
	arm64: { rpm: "aarch64", runtime: "arm64" },
} as const;

export type Architecture = keyof typeof architectures;
