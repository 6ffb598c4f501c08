// SPDX-License-Identifier: Apache-2.0
// A builder of Node's own that takes nothing, and says back all it was told.
import { createServer } from 'node:http';

/**
 * On 127.0.0.1: {port, seen: [{method, signature}], says, stop()}. `says({url, headers})` is the text of each answer, which is an error; at first it repeats the path,
 * the Authorization header and the signature of the request.
 */
export async function startRelay() {
  const relay = {
    seen: [],
    says: ({ url, headers }) => `unknown user of ${url}: ${headers.authorization} ${headers['x-flashbots-signature']}`,
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => { body += piece; });
    request.on('end', () => {
      const { id, method } = JSON.parse(body);
      relay.seen.push({ method, signature: request.headers['x-flashbots-signature'] });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32000, message: relay.says(request) } }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  relay.port = server.address().port;
  relay.stop = () => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  });
  return relay;
}
