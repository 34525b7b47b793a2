import { createTheme, type MantineColorsTuple } from "@mantine/core";

const blue: MantineColorsTuple = [
	"#edf3fc",
	"#d8e4f5",
	"#adc6ea",
	"#7fa7e0",
	"#598cd7",
	"#417bd1",
	"#3372cf",
	"#1f5fbf",
	"#1a55a6",
	"#124991",
];

/** Dark enough for white words on it (WCAG AA). */
const red: MantineColorsTuple = [
	"#fff0f0",
	"#ffdede",
	"#ffb8b8",
	"#ff9a9a",
	"#ff7a7a",
	"#e04848",
	"#c92a2a",
	"#b3202c",
	"#9c1c27",
	"#851822",
];

export const theme = createTheme({
	primaryColor: "path",
	primaryShade: { light: 7, dark: 6 },
	autoContrast: true,
	colors: { path: blue, red },
	fontFamily:
		"system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif",
	fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'Liberation Mono', monospace",
	defaultRadius: "sm",
	cursorType: "pointer",
});
