import { MantineThemeProvider, type MantineThemeOverride } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { commonWords } from "../words/common.words.ts";
import { useWords } from "../words/words.ts";

/** Gives the parts that bring their own buttons the names of those buttons in the reader's language. */
export function SpokenTheme({ children }: { children: ReactNode }) {
  const say = useWords(commonWords);
  const theme = useMemo((): MantineThemeOverride => {
    const closing = { defaultProps: { closeButtonProps: { "aria-label": say.close } } };
    const clearing = { defaultProps: { clearButtonProps: { "aria-label": say.clear } } };
    return {
      components: {
        Modal: closing,
        Drawer: closing,
        Notification: closing,
        Select: clearing,
        MultiSelect: clearing,
        DateInput: clearing,
      },
    };
  }, [say]);
  return (
    <MantineThemeProvider theme={theme} inherit>
      {children}
    </MantineThemeProvider>
  );
}
