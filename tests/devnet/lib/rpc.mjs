// SPDX-License-Identifier: Apache-2.0
// JSON-RPC over HTTP: single requests and batches, no retry, because a local node that does not answer is an error here.
let nextId = 1;

export class RpcError extends Error {
  constructor(method, error) {
    super(`${method}: ${error.message}`);
    this.code = error.code;
    this.data = error.data;
  }
}

async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return response.json();
}

function unwrap(method, answer) {
  if (!answer) throw new Error(`${method}: no answer`);
  if (answer.error) throw new RpcError(method, answer.error);
  return answer.result;
}

/// Returns rpc(method, ...params) for the endpoint; rpc.batch([[method, ...params]]) answers in the order asked and throws on the
/// first error; rpc.settle does the same but gives {result} or {error} for each.
export function createRpc(url) {
  const rpc = async (method, ...params) => unwrap(method, await post(url, { jsonrpc: '2.0', id: nextId++, method, params }));
  rpc.settle = async (requests) => {
    if (requests.length === 0) return [];
    const first = nextId;
    nextId += requests.length;
    const answers = await post(url, requests.map(([method, ...params], i) => ({ jsonrpc: '2.0', id: first + i, method, params })));
    if (!Array.isArray(answers)) throw new RpcError('batch', answers.error ?? { message: 'not an array' });
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    return requests.map(([method], i) => {
      try {
        return { result: unwrap(method, byId.get(first + i)) };
      } catch (error) {
        return { error };
      }
    });
  };
  rpc.batch = async (requests) => {
    const answers = await rpc.settle(requests);
    return answers.map((answer) => {
      if (answer.error) throw answer.error;
      return answer.result;
    });
  };
  rpc.url = url;
  return rpc;
}

export const toHex = (value) => `0x${BigInt(value).toString(16)}`;
