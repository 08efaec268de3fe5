// A node of our own with the starter texts, and a browser to look at it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Starts the program on an empty folder; `stop` ends it and removes the folder. */
export async function startNode() {
  const program = process.env.MINGA_BIN ?? join(root, 'target/debug/minga')
  const folder = await mkdtemp(join(tmpdir(), 'minga-e2e-'))
  const node = spawn(program, ['serve', '--listen', '127.0.0.1:0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  node.stderr.on('data', (text) => (said = (said + text).slice(-4000)))
  const ended = new Promise((resolve) => node.once('close', resolve))
  const stop = async () => {
    node.kill('SIGINT')
    const force = setTimeout(() => node.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(force)
    await rm(folder, { recursive: true, force: true })
  }
  // Whoever ends the tests early must not leave a node behind.
  process.once('exit', () => node.kill('SIGKILL'))
  const line = await Promise.race([
    new Promise((resolve) => createInterface(node.stdout).once('line', resolve)),
    new Promise((_, reject) => node.once('error', reject)),
    ended.then((status) => Promise.reject(new Error(`minga ended with ${status}: ${said}`))),
  ])
  const { listening: base, steward_link: stewardLink } = JSON.parse(line)
  await searchable(base)
  return { base, stewardLink, stop }
}

/** Waits until the starter texts can be found: they are indexed behind the log. */
async function searchable(base) {
  const { title } = await starterText('solar-drying', 'es')
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`${base}/api/v1/search?q=${encodeURIComponent(title)}`)
    if (answer.ok && (await answer.json()).total > 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the search does not find “${title}” after ten seconds`)
}

/** Returns the title of a starter text and the path of its page. */
export async function starterText(slug, language) {
  const text = await readFile(join(root, `starter/articles/${slug}.${language}.md`), 'utf8')
  const title = /^title = "(.+)"$/m.exec(text)[1]
  return { title, path: `/articles/${encodeURIComponent(title.replaceAll(' ', '_'))}` }
}

/** Starts Chromium as Debian has it. */
export async function startBrowser() {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser']
    .filter(Boolean)
    .find((path) => existsSync(path))
  if (!executablePath) throw new Error('there is no Chromium: install it, or name it in CHROMIUM')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  })
}

/** Returns what axe finds that keeps somebody out, one line each. */
export async function barriers(page) {
  // Colours fade for a moment after the theme has changed, but not for those who want nothing to move.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: { 'target-size': { enabled: true } },
    }),
  )
  return violations
    // Two regions of one name keep nobody out, but nobody finds the second.
    .filter(({ id, impact }) => impact === 'serious' || impact === 'critical' || id === 'landmark-unique')
    .flatMap(({ id, help, nodes }) =>
      nodes.map((found) => `${id} (${help}): ${found.target.join(' ')} — ${found.any[0]?.message ?? ''}`),
    )
}

/** The phrase of everybody who joins here. */
export const PHRASE = 'cuatro caballos comen'

/** A page of a browser that nobody used yet; what goes wrong in its scripts is an error. */
export async function visitor(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options })
  context.on('weberror', (error) => assert.fail(`script: ${error.error().message}`))
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return page
}

/** Joins with a phrase, by the page to join or an invitation. */
export async function joins(page, name, link) {
  await page.goto(link)
  await page.fill('#name', name)
  await page.check('#way-password')
  await page.fill('#phrase', PHRASE)
  await page.click('main button.main')
  assert.equal(await page.textContent('h1'), 'Welcome')
}

/** Asks axe whether everybody can use the page. */
export async function accessible(page) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 360]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      assert.deepEqual(await barriers(page), [], `${page.url()} ${width} ${colorScheme}`)
      const spill = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(spill <= 0, `${page.url()} spills ${spill} px at ${width}`)
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}

/** Asks the same of the page that somebody without script stands at, in a browser with script and their cookies: axe needs it. */
export async function accessibleToo(page) {
  const context = await page.context().browser().newContext({ locale: 'en', storageState: await page.context().storageState() })
  const seen = await context.newPage()
  await seen.goto(page.url())
  await accessible(seen)
  await context.close()
}
