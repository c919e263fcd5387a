import type { ValidateMessage } from "../../output/schemas/validate.ts";

/** Collects messages; a section that said `error` is not ok. */
export interface Report {
  readonly messages: ValidateMessage[];
  readonly say: (severity: ValidateMessage["severity"], code: string, message: string, place?: Place) => void;
}

export interface Place {
  readonly file?: string;
  readonly field?: string;
}

export const createReport = (): Report => {
  const messages: ValidateMessage[] = [];
  return {
    messages,
    say: (severity, code, message, place = {}) => {
      messages.push(Object.freeze({ severity, code, message, ...place }));
    },
  };
};
