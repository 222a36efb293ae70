import { expect, test } from "vitest";
import { carryUsers, type UserThere } from "./carry-users.ts";

const user = (id: number, differs: Partial<UserThere> = {}): UserThere => ({
  id,
  createdAt: "2026-01-01",
  level: 61,
  active: true,
  blockedAt: null,
  signIn: { password_hash: `hash ${id}` },
  ...differs,
});
const boss = user(1, { level: 99 });

test.each([
  { because: "closed since", today: { active: false }, listed: "closed", found: { active: false } },
  {
    because: "blocked since",
    today: { blockedAt: "2026-02-02" },
    listed: "blocked",
    found: { blockedAt: "2026-02-02" },
  },
  { because: "lowered since", today: { level: 25 }, listed: "lowered", found: { level: 25 } },
  {
    because: "given a new password since",
    today: { signIn: { password_hash: "new" } },
    listed: undefined,
    found: { signIn: { password_hash: "new" } },
  },
  { because: "raised since", today: { level: 80 }, listed: undefined, found: { level: 61 } },
])("a user who was $because does not come back as he was", ({ today, listed, found }) => {
  const { users, carried } = carryUsers([boss, user(2, today)], [boss, user(2)]);
  expect(users[1]).toMatchObject(found);
  const { gone, ...lists } = carried;
  expect(gone).toBe(0);
  for (const [name, ids] of Object.entries(lists)) expect(ids).toEqual(name === listed ? [2] : []);
});

test("a number that was given to somebody else meanwhile is somebody else", () => {
  const { users, carried } = carryUsers(
    [boss, user(2, { createdAt: "2026-03-03", active: false }), user(3)],
    [boss, user(2)],
  );
  expect(users[1]).toEqual(user(2));
  expect(carried).toMatchObject({ closed: [], gone: 1 });
});

test("when nobody of then holds all rights today, those who held them then are left so and named", () => {
  const { users, carried } = carryUsers(
    [user(1, { level: 99, active: false }), user(4, { level: 99 })],
    [boss, user(2)],
  );
  expect(users[0]).toMatchObject({ level: 99, active: true });
  expect(carried).toMatchObject({ closed: [], left: [1], gone: 1 });
});
