import { connect } from 'node:http2';

/**
 * Asks a gRPC server for its health (grpc.health.v1.Health/Check). A listening port is not enough: Temporal's frontend
 * listens before it serves. @returns whether `service` is SERVING; false also for no answer within `timeoutMs`
 */
export function isServing(address: string, service: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://${address}`);
    const finish = (isHealthy: boolean): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(isHealthy);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    session.on('error', () => finish(false));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const answer: Buffer[] = [];
    stream.on('error', () => finish(false));
    stream.on('data', (chunk: Buffer) => answer.push(chunk));
    stream.on('end', () => finish(isServingAnswer(Buffer.concat(answer))));
    stream.end(encodeRequest(service));
  });
}

/** A gRPC frame (one flag byte, four of length) around HealthCheckRequest, whose field 1 is the service. */
function encodeRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const frame = Buffer.alloc(7 + name.length);
  frame.writeUInt32BE(2 + name.length, 1);
  frame[5] = 0x0a;
  frame[6] = name.length;
  name.copy(frame, 7);
  return frame;
}

/** HealthCheckResponse: field 1, an enum in which SERVING is 1. */
function isServingAnswer(frame: Buffer): boolean {
  return frame.length >= 7 && frame[5] === 0x08 && frame[6] === 1;
}
