import "@fontsource-variable/inter/index.css";
import "#ui/theme/tokens.css";
import "#ui/theme/base.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { colourSchemes, mantineVariables, queryClient, theme } from "#ui/index.ts";
import { SessionGate } from "#features/sign-in/web/index.ts";
import { router } from "./router.tsx";

const place = document.getElementById("app");
if (!place) throw new Error("The page has no place for the app.");

createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={mantineVariables}
      colorSchemeManager={colourSchemes}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
