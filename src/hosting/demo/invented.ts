/** Invented contacts and work, so that a demo day has something in it; the published data has neither. */
const firstNames = ["Mette", "Jonas", "Aisha", "Peter", "Ingrid", "Omar", "Clara", "Lars", "Sofia", "Henrik", "Maya", "David", "Nora", "Victor", "Elena", "Thomas"];
const lastNames = ["Holm", "Lindberg", "Rahman", "Castellano", "Novak", "Okafor", "Bergman", "Dubois", "Iversen", "Tanaka", "Marsh", "Petrov", "Sørensen", "Wells", "Yilmaz", "Brandt"];
const titles = ["Head of purchasing", "Chief financial officer", "IT manager", "Office manager", "Operations director"];
const tasks = [
  { kind: "call", name: "Call about the offer" },
  { kind: "meeting", name: "Demonstration on site" },
  { kind: "task", name: "Send the revised price" },
  { kind: "call", name: "Follow up after the meeting" },
  { kind: "task", name: "Check delivery dates" },
] as const;

export const contactsPerAccount = 2;
export const openDealsPerPerson = 6;

export function inventedContact(number: number) {
  const firstName = firstNames[number % firstNames.length] ?? "";
  const lastName = lastNames[(number * 7 + Math.floor(number / 16)) % lastNames.length] ?? "";
  return { first_name: firstName, last_name: lastName, title: titles[number % titles.length] ?? "", email: `${firstName}.${lastName}@example.com`.toLowerCase().replace("ø", "oe") };
}

/** Work around one deal; due from a few days ago to two weeks ahead of `today`. */
export function inventedActivity(number: number, today: Date) {
  const task = tasks[number % tasks.length] ?? tasks[0];
  const due = new Date(today.getTime() + ((number % 18) - 3) * 86_400_000);
  due.setUTCHours(8 + (number % 8), 0, 0, 0);
  return { kind: task.kind, name: task.name, due_at: due.toISOString() };
}
