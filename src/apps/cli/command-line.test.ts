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
  expect(parseCommand(["tenant", "unblock", "maven", "anna", "--json"])).toEqual({
    verb: "unblock",
    key: "maven",
    user: "anna",
    json: true,
  });
  const administrator = { verb: "administrator", key: "maven", json: false };
  expect(parseCommand(["tenant", "administrator", "maven"])).toEqual({ ...administrator, user: "admin" });
  expect(parseCommand(["tenant", "administrator", "maven", "Anna B"])).toEqual({
    ...administrator,
    user: "Anna B",
  });
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
  { words: ["tenant", "unblock"], because: "unblock needs the name of the user." },
  { words: ["tenant", "unblock", "maven"], because: "unblock needs the name of the user." },
  { words: ["tenant", "unblock", "maven", ""], because: "unblock needs the name of the user." },
  { words: ["tenant", "unblock", "maven", "Anna", "B"], because: '"B" is one word too many.' },
  { words: ["tenant", "unblock", "maven", "anna", "--name", "X"], because: "Only create takes --name." },
  { words: ["tenant", "administrator"], because: "administrator needs the tenant's key." },
  { words: ["tenant", "administrator", "", "anna"], because: "administrator needs the tenant's key." },
  { words: ["tenant", "administrator", "maven", "Anna", "B"], because: '"B" is one word too many.' },
  { words: ["tenant", "list", "--force"], because: "Unknown option '--force'" },
])("$words is refused: $because", ({ words, because }) => {
  expect(() => parseCommand(words)).toThrow(because);
});
