import { userInfo } from "node:os";
import { expect, test, vi } from "vitest";
import { login } from "./login.ts";

vi.mock(import("node:os"), { spy: true });

test("somebody with a name goes by it, somebody without by a number", () => {
  expect(login()).toBe(userInfo().username);
  // What a container says whose user has no entry in /etc/passwd, which no test can bring about.
  vi.mocked(userInfo).mockImplementationOnce(() => {
    throw new Error("uv_os_get_passwd returned ENOENT");
  });
  expect(login()).toBe(`uid-${process.getuid?.()}`);
});
