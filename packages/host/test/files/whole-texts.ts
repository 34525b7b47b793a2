/** Two texts of different length, long enough to need several writes. */
export const wholeTexts = ["a".repeat(300_001), "b".repeat(700_003)] as const;
