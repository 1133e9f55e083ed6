import type { ServedPort } from '#api/serve.ts';
import type { TestPerson } from './people.ts';

/** An answer of the API as it came. */
export interface Asked {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, null when there is none, else the text: tests look at what came, no type says what that is. */
  body: ReturnType<typeof JSON.parse>;
}

/** Asks as a program of a person does, by bearer: `ask('POST', '/pipelines', { name: 'demo' })`, below `/api/v1`. */
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Asked>;

export function askAs(port: Pick<ServedPort, 'host' | 'port'>, person: Pick<TestPerson, 'bearer'>): Ask {
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`http://${port.host}:${port.port}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${person.bearer}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /[/+]json\b/.test(answer.headers.get('content-type') ?? '');
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? null : isJson ? JSON.parse(text) : text,
    };
  };
}
