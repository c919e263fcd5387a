/** A small client for the webserver's GraphQL endpoint. */
export class DagsterGraphql {
  readonly url: string;

  constructor(origin: string) {
    this.url = `${origin}/graphql`;
  }

  /** Runs one operation; throws with the server's messages when it has errors. */
  async query<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(60_000),
    });
    const body = (await response.json()) as { data?: T; errors?: { message: string }[] };
    if (body.errors || body.data === undefined) {
      throw new Error(
        (body.errors ?? []).map((error) => error.message).join("; ") || `HTTP ${response.status}`,
      );
    }
    return body.data;
  }
}
