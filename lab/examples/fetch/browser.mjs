// Makes calls in Chromium, from a page of another origin than the servers.
// `.ci/fetch` runs this file where Chromium is installed.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { busy, chunks, json, nobody, pages, serve } from './servers.mjs'

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'
]

/** Makes the calls in a page, and returns the result or the message of the error of each. */
async function inChromium(context, calls) {
  let report
  const reported = new Promise(resolve => (report = resolve))
  const script = `
    import init, * as api from './fetch_example.js'
    await init()
    const results = {}
    for (const [name, [call, ...values]] of Object.entries(${JSON.stringify(calls)})) {
      const bytes = values.map(value => value.zeros ? new Uint8Array(value.zeros) : value)
      results[name] = await api[call](...bytes).catch(error => error.message)
    }
    await fetch('/report', { method: 'POST', body: JSON.stringify(results) })`
  const server = createServer(async (request, response) => {
    const name = request.url.slice(1)
    if (name === 'report') {
      const body = []
      for await (const chunk of request) body.push(chunk)
      response.end()
      return report(JSON.parse(Buffer.concat(body)))
    }
    const type = { js: 'text/javascript', wasm: 'application/wasm' }[name.split('.').pop()]
    if (!type) return response.setHeader('content-type', 'text/html').end(`<script type=module>${script}</script>`)
    response.setHeader('content-type', type).end(readFileSync(join(process.env.FETCH_EXAMPLE_WEB, name)))
  })
  await new Promise(ready => server.listen(0, '127.0.0.1', ready))
  const folder = mkdtempSync(join(tmpdir(), 'fetch-'))
  const page = `http://127.0.0.1:${server.address().port}/`
  const browser = spawn('chromium', [...FLAGS, `--user-data-dir=${folder}`, page], { stdio: 'ignore' })
  const exited = new Promise(resolve => browser.on('exit', resolve))
  context.after(async () => {
    browser.kill()
    await exited
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  const ended = exited.then(code => assert.fail(`chromium ended with ${code}`))
  return Promise.race([reported, ended])
}

test('calls in a page', { timeout: 60_000 }, async context => {
  const company = json({ displayName: 'there' })
  const other = await serve(context, company)
  const moved = response => response.writeHead(302, { location: `${other.endpoint}moved` }).end()
  const packed = gzipSync(JSON.stringify({ displayName: 'packed' }))
  const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': packed.length }
  // A browser makes two requests for a redirect: the first does not tell where it leads.
  const servers = {
    pages: await serve(context, ...pages),
    busy: await serve(context, busy, company),
    packed: await serve(context, response => response.writeHead(200, gzip).end(packed)),
    moved: await serve(context, moved, moved),
    movedKey: await serve(context, moved),
    movedWrite: await serve(context, moved),
    upload: await serve(context, ...chunks),
    // Chromium itself repeats a request whose reused connection closed.
    broken: await serve(context, ...Array(8).fill(response => response.destroy())),
    slow: await serve(context, () => {})
  }
  const at = name => servers[name].endpoint
  const results = await inChromium(context, {
    pages: ['companies', at('pages')],
    busy: ['company', at('busy'), 20_000],
    packed: ['company', at('packed'), 20_000],
    moved: ['company', at('moved'), 20_000],
    movedKey: ['company_by_key', at('movedKey')],
    movedWrite: ['create', at('movedWrite'), 'a'],
    upload: ['upload', at('upload'), { zeros: 600 * 1024 }],
    broken: ['create', at('broken'), 'a'],
    slow: ['company', at('slow'), 200],
    nobody: ['create', await nobody(), 'a']
  })
  assert.deepEqual(results.pages, ['a', 'b', 'ü'])
  assert.equal(servers.pages.requests[0].headers.authorization, 'Bearer t0ken')
  assert.equal(results.busy, 'there')
  assert.equal(results.packed, 'packed')
  assert.equal(results.moved, 'there')
  assert.equal(servers.moved.requests.length, 2)
  assert.equal(other.requests.length, 1)
  assert.equal(other.requests[0].headers.authorization, undefined)
  assert.match(results.movedKey, /redirects/)
  assert.match(results.movedWrite, /redirects/)
  assert.equal(results.upload, 'kept')
  assert.equal(servers.upload.requests.length, 4)
  assert.match(results.broken, /maybe sent: .*Failed to fetch/)
  assert.match(results.slow, /Timeout/)
  assert.match(results.nobody, /maybe sent: .*Failed to fetch/)
})
