/** A value that prints as `***` wherever it is turned into text; `reveal` is for the adapter that needs it. */
export interface Secret {
  readonly reveal: () => string;
  readonly toString: () => string;
  readonly toJSON: () => string;
}

export const MASKED = "***";

export const createSecret = (value: string): Secret =>
  Object.freeze({ reveal: () => value, toString: () => MASKED, toJSON: () => MASKED });

/** Keys of `[adapter.*]`, `[state]` and webhooks whose values are never printed. */
export const SECRET_KEYS: ReadonlySet<string> = new Set([
  "token",
  "client_secret",
  "api_key",
  "api_secret",
  "password",
  "oauth_token",
  "pat",
  "valkey_url",
  "secret",
]);
