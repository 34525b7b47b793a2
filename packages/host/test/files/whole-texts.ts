/** Two texts of different length, long enough to need several writes. */
export const wholeTexts: readonly string[] = ["a".repeat(300_001), "b".repeat(700_003)];
