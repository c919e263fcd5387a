import { userInfo } from "node:os";

/** Who runs this process, for the record. In a container it may be a number without a name. */
export const login = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
};
