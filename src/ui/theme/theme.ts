import {
  createTheme,
  defaultVariantColorsResolver,
  localStorageColorSchemeManager,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from "@mantine/core";

export const colourSchemes = localStorageColorSchemeManager({ key: "strongroom.colour-scheme" });

const accent: MantineColorsTuple = [
  "#e2f0ec", "#c4e0d8", "#9dcdc0", "#78bcab", "#5cc4ae", "#3f9e8a", "#257f6e", "#0f6b5c", "#0c5a4d", "#084038",
]; // prettier-ignore
const warmGrey: MantineColorsTuple = [
  "#f7f6f3", "#efece6", "#e5e2db", "#dcd8cf", "#d3cfc5", "#8b908c", "#6c726e", "#555a57", "#3b3f3d", "#1d1f1e",
]; // prettier-ignore
const darkGrey: MantineColorsTuple = [
  "#e8eae8", "#c9cecb", "#a7aeaa", "#8a928e", "#353a37", "#282c2a", "#1b1e1d", "#141615", "#101211", "#0b0d0c",
]; // prettier-ignore

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 4 },
  colors: { accent, gray: warmGrey, dark: darkGrey },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
  lineHeights: { md: "20px", sm: "18px" },
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "18px", lineHeight: "24px" }, h2: { fontSize: "17px", lineHeight: "22px" } },
  },
  radius: { xs: "4px", sm: "6px", md: "7px", lg: "10px", xl: "14px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  variantColorResolver: (input) =>
    input.variant === "filled" && (input.color ?? "accent") === "accent"
      ? {
          background: "var(--accent)",
          hover: "var(--accent-hover)",
          color: "var(--on-accent)",
          border: "none",
        }
      : defaultVariantColorsResolver(input),
  components: {
    Button: {
      defaultProps: { size: "xs", variant: "default" },
      vars: () => ({ root: { "--button-fz": "13px", "--button-padding-x": "11px" } }),
    },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: { size: "sm" } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35 } } },
    Drawer: { defaultProps: { overlayProps: { backgroundOpacity: 0.25 } } },
    Tooltip: { defaultProps: { openDelay: 400 } },
  },
});

/** Mantine's own variables, pointed at the tokens so that both colour schemes come from one place. */
export const mantineVariables: CSSVariablesResolver = () => {
  const both = {
    "--mantine-color-body": "var(--panel)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink3)",
    "--mantine-color-placeholder": "var(--ink3)",
    "--mantine-color-default": "var(--panel)",
    "--mantine-color-default-hover": "var(--bg)",
    "--mantine-color-default-border": "var(--line)",
    "--mantine-color-default-color": "var(--ink)",
    // Of its own, or a button that rests cannot be told from the panel in the dark.
    "--mantine-color-disabled": "var(--line2)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-primary-color-filled": "var(--accent)",
    "--mantine-primary-color-filled-hover": "var(--accent-hover)",
  };
  return { variables: {}, light: both, dark: { ...both, "--mantine-color-default-hover": "var(--line2)" } };
};
