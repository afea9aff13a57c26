// Servers that follow a script. They allow every origin, as Google's APIs do.
import { createServer } from 'node:http'

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, content-range, content-type, range, x-goog-api-client, x-goog-api-key, ' +
    'x-upload-content-length, x-upload-content-type',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-expose-headers': 'content-encoding, content-length, content-range, location, range'
}

/** Serves the steps in order, one per request, and returns what was requested. */
export async function serve(context, ...steps) {
  const requests = []
  const server = createServer(async (request, response) => {
    for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value)
    if (request.method === 'OPTIONS') return response.writeHead(204).end()
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url, headers } = request
    requests.push({ method, url, headers, body: Buffer.concat(chunks) })
    const step = steps[requests.length - 1]
    if (!step) return response.writeHead(500).end('unexpected')
    step(response, request)
  })
  await new Promise(ready => server.listen(0, '127.0.0.1', ready))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { endpoint: `http://127.0.0.1:${server.address().port}/`, requests }
}

/** Returns the endpoint of a port where nobody listens. */
export async function nobody() {
  const server = createServer()
  await new Promise(ready => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address()
  await new Promise(closed => server.close(closed))
  return `http://127.0.0.1:${port}/`
}

export const json = (value, status = 200, headers = {}) => response =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))

export const busy = json({ error: { code: 503, status: 'UNAVAILABLE', message: 'busy' } }, 503)

/** Two pages of companies. */
export const pages = [
  json({ companies: [{ displayName: 'a' }, { displayName: 'b' }], nextPageToken: 'next' }),
  json({ companies: [{ displayName: 'ü' }] })
]

/** Takes 600 KB in three chunks. */
export const chunks = [
  (response, request) => response.writeHead(200, { location: `http://${request.headers.host}/session` }).end(),
  ...[256, 512].map(size => response => response.writeHead(308, { range: `bytes=0-${size * 1024 - 1}` }).end()),
  json({ name: 'kept' })
]
