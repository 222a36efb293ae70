import {
  isOptionsGroup,
  MantineThemeProvider,
  type MantineThemeOverride,
  type OptionsFilter,
} from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { commonWords } from "../words/common.words.ts";
import { isSpelledIn } from "../words/folded.ts";
import { useWords } from "../words/words.ts";

/**
 * Gives the parts that bring their own buttons the names of those buttons in the reader's language, and lets what is
 * typed to find an option be spelled as it is everywhere.
 */
export function SpokenTheme({ children }: { children: ReactNode }) {
  const say = useWords(commonWords);
  const theme = useMemo((): MantineThemeOverride => {
    const closing = { defaultProps: { closeButtonProps: { "aria-label": say.close } } };
    const clearing = { clearButtonProps: { "aria-label": say.clear } };
    return {
      components: {
        Modal: closing,
        Drawer: closing,
        Notification: closing,
        Select: { defaultProps: { ...clearing, filter: inAnySpelling } },
        MultiSelect: { defaultProps: { ...clearing, filter: inAnySpelling } },
        DateInput: { defaultProps: clearing },
      },
    };
  }, [say]);
  return (
    <MantineThemeProvider theme={theme} inherit>
      {children}
    </MantineThemeProvider>
  );
}

const inAnySpelling: OptionsFilter = ({ options, search }) =>
  options.filter((option) => isOptionsGroup(option) || isSpelledIn(option.label, search));
