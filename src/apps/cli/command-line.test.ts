import { expect, test } from "vitest";
import { parseCommand } from "./command-line.ts";

test("a command is understood in any order of its words", () => {
  expect(parseCommand(["tenant", "create", "maven", "--name", "Maven A/S"])).toEqual({
    verb: "create",
    key: "maven",
    name: "Maven A/S",
    json: false,
  });
  expect(parseCommand(["--json", "tenant", "show", "maven"])).toEqual({
    verb: "show",
    key: "maven",
    json: true,
  });
  expect(parseCommand(["tenant", "list"])).toEqual({ verb: "list", json: false });
});

test.each([
  { words: [], because: 'There is no command "".' },
  { words: ["tenants", "list"], because: 'There is no command "tenants".' },
  { words: ["tenant"], because: "tenant needs one of the words below." },
  { words: ["tenant", "delete", "maven"], because: 'There is no command "tenant delete".' },
  { words: ["tenant", "create", "--name", "X"], because: "create needs the tenant's key." },
  { words: ["tenant", "create", "maven"], because: "create needs the tenant's name" },
  { words: ["tenant", "create", "maven", "Maven", "--name", "X"], because: '"Maven" is one word too many.' },
  { words: ["tenant", "list", "maven"], because: "list takes no key." },
  { words: ["tenant", "show", "maven", "--name", "X"], because: "Only create takes --name." },
  { words: ["tenant", "list", "--force"], because: "Unknown option '--force'" },
])("$words is refused: $because", ({ words, because }) => {
  expect(() => parseCommand(words)).toThrow(because);
});
