// The pages as people meet them: in both themes, narrow and wide, by keyboard, without script.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { barriers, startBrowser, startNode, starterText } from './commons.mjs'

const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 360, height: 740 }

const spanish = await starterText('solar-drying', 'es')
const english = await starterText('solar-drying', 'en')
const named = (view, text) => view + text.path.slice('/articles/'.length)

const ABSENT = '/articles/Zxqvbn'

/** Every kind of page, with the status that it answers. */
const PAGES = [
  ['home', '/', 200],
  ['knowledge', '/knowledge', 200],
  ['themes', '/themes', 200],
  ['one theme', '/categories/Alimentos', 200],
  ['all pages', '/all', 200],
  ['changes', '/changes', 200],
  ['care', '/care', 200],
  ['an article in Spanish', spanish.path, 200],
  ['an article in English', english.path, 200],
  ['a history', named('/history/', spanish), 200],
  ['a source', named('/source/', spanish), 200],
  ['what links here', named('/links/', spanish), 200],
  ['search with results', '/search?q=agua', 200],
  ['search without results', '/search?q=zxqvbn', 200],
  ['an empty search', '/search', 200],
  ['about', '/about', 200],
  ['all themes, A to Z', '/all?kind=category', 200],
  ['what one has changed', named('/diff/', spanish), 200],
  ['one list of what needs care', '/care/wanted', 200],
  ['everything in one language', '/search?q=*&lang=en', 200],
  ['a search for signs', '/search?q=%22%28%29', 200],
  ['people', '/people', 200],
  ['joining', '/join', 200],
  ['signing in', '/sign-in', 200],
  ['recovering', '/recover', 200],
  ['what stewards decided', '/decisions', 200],
  ['what is stored', '/privacy', 200],
  ['writing without an account', '/new?title=Horno', 200],
  ['a discussion', named('/discussion/article:', spanish), 200],
  ['who wrote which paragraph', named('/blame/', spanish), 200],
  ['nothing there', ABSENT, 404],
  ['a revision that is none', named('/diff/', spanish) + '?from=xyz', 400],
]

const REFUSED = PAGES.filter(([, , status]) => status >= 400).map(([, path]) => path)

/** What no reader should meet: markup, an unfinished label, the key of a message. */
const RAW = /\{\{|\[\[|\]\]|⊞|\{ ?\$|\bundefined\b|\b(?:count|menu|kind|kinds|home|care|tab|problem|results)-[a-z]+\b/

let node, browser, base

before(async () => {
  ;[node, browser] = await Promise.all([startNode(), startBrowser()])
  base = node.base
})

after(async () => {
  await browser?.close()
  await node?.stop()
})

/** Opens a page and notes what it should not do; `faults` takes the notes so far. */
async function watched(options) {
  const context = await browser.newContext({ locale: 'es-EC', viewport: WIDE, ...options })
  const faults = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol !== 'data:' && url.origin !== base) faults.push(`asks another origin: ${url}`)
  })
  context.on('console', (message) => {
    // A browser reports an answer of 400 or 404 as an error, although it is what was asked for.
    const expected = /status of 40[04]/.test(message.text()) && REFUSED.includes(message.location().url.slice(base.length))
    if (message.type() === 'error' && !expected) faults.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => faults.push(`script: ${error.error().message}`))
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return { page, faults: () => faults.splice(0), close: () => context.close() }
}

/** Runs `story` on a page of its own. */
async function look(options, story) {
  const { page, faults, close } = await watched(options)
  try {
    await story(page)
  } finally {
    await close()
  }
  assert.deepEqual(faults(), [])
}

async function open(page, path, status = 200) {
  const answer = await page.goto(base + path)
  assert.equal(answer.status(), status, path)
}

describe('every page, in both themes, narrow and wide', () => {
  let view
  before(async () => (view = await watched({})))
  after(() => view.close())

  for (const [name, path, status] of PAGES) {
    test(name, async () => {
      const { page, faults } = view
      await open(page, path, status)
      const found = []
      for (const viewport of [WIDE, NARROW]) {
        await page.setViewportSize(viewport)
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme })
          const where = `${path} ${viewport.width} ${colorScheme}`
          for (const barrier of await barriers(page)) found.push(`${where}: ${barrier}`)
        }
        const { wide, room } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          room: document.documentElement.clientWidth,
        }))
        if (wide > room) found.push(`${path}: ${wide} px wide in ${room} px`)
        const raw = RAW.exec(await page.locator('main').innerText())
        if (raw) found.push(`${path}: shows “${raw[0]}” as it is written`)
      }
      assert.deepEqual(found, [])
      assert.equal(await page.locator('h1').count(), 1)
      assert.deepEqual(faults(), [])
    })
  }
})

describe('by keyboard', () => {
  const focused = (page, read) => page.evaluate(`(${read})(document.activeElement)`)

  test('the first Tab reaches the skip link, and it leads into the text', async () => {
    await look({}, async (page) => {
      for (const path of ['/', spanish.path]) {
        await open(page, path)
        await page.keyboard.press('Tab')
        assert.equal(await focused(page, (at) => at.getAttribute('href')), '#main')
        const box = await page.locator(':focus').boundingBox()
        assert.ok(box.x >= 0 && box.y >= 0 && box.height > 20, 'the focused skip link is in view')
        await page.keyboard.press('Enter')
        await page.keyboard.press('Tab')
        assert.ok(await focused(page, (at) => at.closest('#main') !== null), 'Tab goes on within the text')
      }
    })
  })

  test('what has the focus can be seen', async () => {
    await look({}, async (page) => {
      await open(page, spanish.path)
      const hidden = []
      for (let stop = 0; stop < 25; stop++) {
        await page.keyboard.press('Tab')
        const said = await focused(page, (at) => {
          const { outlineStyle, outlineWidth } = getComputedStyle(at)
          const { bottom, right } = at.getBoundingClientRect()
          const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && bottom > 0 && right > 0
          return seen ? '' : at.outerHTML.slice(0, 120)
        })
        if (said) hidden.push(said)
      }
      assert.deepEqual(hidden, [])
    })
  })

  test('a search is typed and sent', async () => {
    await look({}, async (page) => {
      await open(page, '/')
      for (let stop = 0; stop < 5 && (await focused(page, (at) => at.id)) !== 'q'; stop++) {
        await page.keyboard.press('Tab')
      }
      await page.keyboard.type('secado solar')
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/search\?q=secado/)
      assert.equal(await page.locator('#q').inputValue(), 'secado solar')
      assert.ok(await page.locator(`#main a[href$="${spanish.path.slice(-15)}"]`).count(), 'the article is found')
    })
  })

  test('the narrow menu opens, closes with Escape, and leads on', async () => {
    await look({ viewport: NARROW }, async (page) => {
      await open(page, '/')
      const menu = page.locator('#menu')
      assert.ok(!(await menu.isVisible()))
      await page.locator('button.menu').focus()
      await page.keyboard.press('Enter')
      assert.ok(await menu.isVisible())
      await page.keyboard.press('Escape')
      assert.ok(!(await menu.isVisible()))
      await page.keyboard.press('Enter')
      await page.locator('#menu a[href="/themes"]').focus()
      await page.keyboard.press('Enter')
      await page.waitForURL('**/themes')
    })
  })
})

describe('at 360 px', () => {
  for (const locale of ['es-EC', 'en-GB']) {
    test(`the tabs of a page fit, and the way up can be touched, ${locale}`, async () => {
      await look({ viewport: NARROW, locale }, async (page) => {
        await open(page, spanish.path)
        const cut = await page.locator('nav.tabs').evaluate((tabs) => tabs.scrollWidth - tabs.clientWidth)
        assert.ok(cut <= 0, `${cut} px of the tabs are out of sight`)
        for (const link of await page.locator('nav.crumbs a').all()) {
          assert.ok((await link.boundingBox()).height >= 24, await link.innerText())
        }
        // One way up: the commons' knowledge and one theme, however many the page has.
        assert.equal(await page.locator('nav.crumbs a').count(), 2)
      })
    })
  }

  test('the source of a page is read without scrolling sideways', async () => {
    await look({ viewport: NARROW }, async (page) => {
      await open(page, named('/source/', spanish))
      const cut = await page.locator('pre').evaluate((text) => text.scrollWidth - text.clientWidth)
      assert.ok(cut <= 0, `${cut} px are out of sight`)
    })
  })
})

describe('what is chosen by hand', () => {
  for (const javaScriptEnabled of [true, false]) {
    const how = `with${javaScriptEnabled ? '' : 'out'} script`

    test(`another language keeps the page, ${how}`, async () => {
      await look({ javaScriptEnabled }, async (page) => {
        for (const path of ['/themes', spanish.path, '/search?q=agua']) {
          await open(page, path)
          assert.equal(await page.locator('html').getAttribute('lang'), 'es', path)
          await page.locator('#menu a[hreflang=en]').click()
          await page.locator('html[lang=en]').waitFor({ state: 'attached' })
          const now = new URL(page.url())
          assert.equal(now.pathname + now.search, path)
          await page.locator('#menu a[hreflang=es]').click()
          await page.locator('html[lang=es]').waitFor({ state: 'attached' })
        }
      })
    })

    test(`a theme stays, ${how}`, async () => {
      await look({ javaScriptEnabled, colorScheme: 'light' }, async (page) => {
        for (const path of ['/search?q=agua', spanish.path]) {
          for (const theme of ['light', 'dark']) {
            await open(page, path)
            await page.locator(`footer a[href$="theme=${theme}"]`).click()
            await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' })
            const now = new URL(page.url())
            assert.equal(now.pathname + now.search, path)
          }
        }
        await open(page, '/themes')
        assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
      })
    })
  }
})

describe('without script', () => {
  test('every page is there', async () => {
    await look({ javaScriptEnabled: false, viewport: NARROW }, async (page) => {
      for (const [, path, status] of PAGES) {
        await open(page, path, status)
        assert.equal(await page.locator('h1:visible').count(), 1, path)
      }
    })
  })

  test('from the first page to a theme, an article, its translation and back to a search', async () => {
    await look({ javaScriptEnabled: false, viewport: NARROW }, async (page) => {
      await open(page, '/')
      await page.locator('button.menu').click()
      await page.locator('#menu a[href="/themes"]').click()
      await page.locator('#main a[href="/categories/Alimentos"]').first().click()
      await page.locator(`#main a[href="${decodeURI(spanish.path)}"], #main a[href="${spanish.path}"]`).first().click()
      assert.equal(await page.locator('h1').innerText(), spanish.title)
      await page.locator(`#main a[hreflang=en], #main a[lang=en]`).first().click()
      assert.equal(await page.locator('h1').innerText(), english.title)
      await page.locator('#q').fill('agua')
      await page.locator('form[role=search] button').click()
      await page.waitForURL(/\/search\?q=agua/)
      assert.ok((await page.locator('#main .rows > li').count()) > 0)
    })
  })
})
