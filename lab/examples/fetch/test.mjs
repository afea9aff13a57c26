// Makes the calls of this crate under Node, against servers that follow a script.
// `.ci/fetch` compiles the crate and runs this file.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { busy, chunks, json, nobody, pages, serve } from './servers.mjs'

const api = createRequire(import.meta.url)(process.env.FETCH_EXAMPLE)

test('all pages, with a token and without headers of the host', async context => {
  const { endpoint, requests } = await serve(context, ...pages)
  assert.deepEqual(await api.companies(endpoint), ['a', 'b', 'ü'])
  assert.deepEqual(requests.map(r => r.url.split('?')[0]), Array(2).fill('/v3/projects/p/companies'))
  assert.match(requests[1].url, /pageToken=next/)
  for (const { headers } of requests) {
    assert.equal(headers.authorization, 'Bearer t0ken')
    assert.match(headers['x-goog-api-client'], /gl-rust/)
    assert.doesNotMatch(headers['user-agent'] ?? '', /discovery-runtime/)
  }
})

test('a retry waits', async context => {
  const { endpoint, requests } = await serve(context, busy, busy, json({ displayName: 'a' }))
  assert.equal(await api.company(endpoint, 20_000), 'a')
  assert.equal(requests.length, 3)
})

test('a body, and a write that is not repeated', async context => {
  const { endpoint, requests } = await serve(context, json({ name: 'projects/p/companies/7' }), response => response.destroy())
  assert.equal(await api.create(endpoint, 'Ünï'), 'projects/p/companies/7')
  assert.deepEqual(JSON.parse(requests[0].body), { company: { displayName: 'Ünï' } })
  await assert.rejects(api.create(endpoint, 'again'), /Transport, maybe sent/)
  assert.equal(requests.length, 2)
})

test('a status', async context => {
  const missing = { error: { code: 404, status: 'NOT_FOUND', message: 'no such company' } }
  const { endpoint } = await serve(context, json(missing, 404))
  await assert.rejects(api.company(endpoint, 20_000), /no such company/)
})

test('a deadline aborts the request', async context => {
  let aborted
  const closed = new Promise(resolve => (aborted = resolve))
  const { endpoint } = await serve(context, (_, request) => request.socket.on('close', aborted))
  await assert.rejects(api.company(endpoint, 200), /Timeout|deadline|time/i)
  await closed
})

test('a port that fetch refuses', async () => {
  await assert.rejects(api.company('http://127.0.0.1:9/', 300), /bad port/)
})

test('no server: nothing was sent, so that a write is repeated', async () => {
  await assert.rejects(api.create(await nobody(), 'a'), /Connect, not sent: .*ECONNREFUSED.*5 attempts/)
})

test('a redirect leaves the token behind at another origin', async context => {
  const other = await serve(context, json({ displayName: 'there' }), json({ displayName: 'there' }))
  const moved = response => response.writeHead(302, { location: `${other.endpoint}moved` }).end()
  const { endpoint } = await serve(context, moved, moved, moved)
  assert.equal(await api.company(endpoint, 20_000), 'there')
  assert.equal(other.requests[0].headers.authorization, undefined)
  assert.equal(await api.company_by_key(endpoint), 'there')
  assert.doesNotMatch(JSON.stringify(other.requests), /AIzaSecret/)
  await assert.rejects(api.create(endpoint, 'a'), /redirects/)
  assert.equal(other.requests.length, 2)
})

test('compressed responses', async context => {
  const body = gzipSync(JSON.stringify({ displayName: 'packed' }))
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': body.length }
  const { endpoint } = await serve(context, response => response.writeHead(200, headers).end(body))
  assert.equal(await api.company(endpoint, 20_000), 'packed')
})

test('content that is stored compressed', async context => {
  const body = gzipSync('content')
  const headers = { 'content-encoding': 'gzip', 'content-length': body.length, 'x-goog-stored-content-encoding': 'gzip' }
  const stored = response => response.writeHead(200, headers).end(body)
  const { endpoint } = await serve(context, stored, stored)
  assert.equal(Buffer.from(await api.download(endpoint)).toString(), 'content')
  await assert.rejects(api.download_stored(endpoint), /decompresses content/)
})

test('request IDs are random', async context => {
  const { endpoint, requests } = await serve(context, ...Array(20).fill(json({})))
  for (let i = 0; i < 20; i++) await api.remove(endpoint)
  const ids = requests.map(r => new URL(r.url, endpoint).searchParams.get('requestId'))
  assert.equal(new Set(ids).size, 20)
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('an upload in chunks', async context => {
  const bytes = Buffer.alloc(600 * 1024, 0).map((_, i) => i % 251)
  const { endpoint, requests } = await serve(context, ...chunks)
  assert.equal(await api.upload(endpoint, bytes), 'kept')
  const sent = requests.slice(1)
  assert.deepEqual(sent.map(r => r.headers['content-range']), [
    'bytes 0-262143/614400', 'bytes 262144-524287/614400', 'bytes 524288-614399/614400'
  ])
  assert.deepEqual(Buffer.concat(sent.map(r => r.body)), bytes)
})

test('a broken download continues', async context => {
  const bytes = Buffer.alloc(300 * 1024, 0).map((_, i) => i % 241)
  const half = bytes.length / 2
  const head = { 'content-type': 'image/png', etag: '"1"' }
  const { endpoint, requests } = await serve(
    context,
    response => {
      response.writeHead(200, { ...head, 'content-length': bytes.length })
      response.write(bytes.subarray(0, half), () => setTimeout(() => response.destroy(), 50))
    },
    (response, request) => {
      const from = Number(/^bytes=(\d+)-/.exec(request.headers.range)[1])
      const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`
      response.writeHead(206, { ...head, 'content-range': range }).end(bytes.subarray(from))
    }
  )
  assert.deepEqual(Buffer.from(await api.download(endpoint)), bytes)
  assert.equal(requests.length, 2)
})

test('a dropped download is aborted', async context => {
  let aborted
  const closed = new Promise(resolve => (aborted = resolve))
  const { endpoint } = await serve(context, (response, request) => {
    request.socket.on('close', aborted)
    response.writeHead(200, { 'content-type': 'image/png' }).write('first')
  })
  assert.equal(await api.first_chunk(endpoint), 5)
  await closed
})
