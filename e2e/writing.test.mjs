// People join and write: with a device, with a phrase and no script, by keyboard alone.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, joins, PHRASE, startBrowser, startNode, visitor } from './commons.mjs'

let node, browser, base

before(async () => {
  ;[node, browser] = await Promise.all([startNode(), startBrowser()])
  // Passkeys are bound to a name: an address in numbers has none.
  base = node.base.replace('127.0.0.1', 'localhost')
})

after(async () => {
  await browser?.close()
  await node?.stop()
})

test('the first steward joins with a device, writes, and signs in with it again', async () => {
  const page = await visitor(browser)
  const device = await page.context().newCDPSession(page)
  await device.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  await device.send('WebAuthn.addVirtualAuthenticator', { options })
  await page.goto(node.stewardLink.replace('127.0.0.1', 'localhost'))
  await page.fill('#name', 'Saywa K')
  await page.click('main button.main')
  await page.waitForSelector('.codes')
  assert.equal(await page.locator('.codes li').count(), 10)
  await accessible(page)
  await page.goto(`${base}/new?title=Bread oven`)
  await accessible(page)
  await page.fill('#text', 'An oven of clay.\n\n## Drying\n\nTwo weeks in the shade.\n')
  await page.click('button:has-text("Publish")')
  assert.equal(page.url(), `${base}/articles/Bread_oven`)
  for (const path of ['/articles/Bread_oven', '/edit/Bread_oven', '/history/Bread_oven', '/rename/Bread_oven', '/translate/Bread_oven', '/translate/Bread_oven?to=es', '/discussion/article:Bread_oven', '/withdraw/Bread_oven', '/care/same', '/care/faults', '/changes', '/drafts', '/me', '/me/profile', '/me/leave', '/people/saywa-k', '/stewards', '/inbox', '/following', '/decisions']) {
    await page.goto(base + path)
    await accessible(page)
  }
  await page.goto(`${base}/me`)
  await page.click('button:has-text("Sign out")')
  await page.goto(`${base}/sign-in`)
  await page.fill('#handle', 'saywa-k')
  await page.click('button:has-text("With this device")')
  await page.waitForURL(`${base}/`)
  assert.match(await page.textContent('nav#menu'), /Saywa K/)
  await page.context().close()
})

test('what is to be mended in joining with a device is shown once', async () => {
  const page = await visitor(browser)
  const device = await page.context().newCDPSession(page)
  await device.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  await device.send('WebAuthn.addVirtualAuthenticator', { options })
  let sent = 0
  page.on('request', (request) => (sent += request.method() === 'POST' ? 1 : 0))
  await page.goto(`${base}/join`)
  await page.click('main button.main')
  await page.waitForSelector('[role=alert]')
  await page.waitForTimeout(500)
  assert.ok(sent <= 2, `${sent} requests`)
  await page.fill('#name', 'Ida Luz')
  await page.click('main button.main')
  await page.waitForSelector('.codes')
  await page.context().close()
})

for (const { how, script, title, translated, people } of [
  { how: 'without script', script: false, title: 'Kiln', translated: 'Horno de ladrillos', people: ['Ana Paz', 'Bo Lee'] },
  { how: 'with script', script: true, title: 'Forge', translated: 'Horno de hierro', people: ['Eva Paz', 'Noe Lee'] },
]) test(`two people write at once, ${how}: merged where they can be, shown where not`, async () => {
  const [ana, bo] = [await visitor(browser, { javaScriptEnabled: script }), await visitor(browser, { javaScriptEnabled: script })]
  await joins(ana, people[0], `${base}/join`)
  await joins(bo, people[1], `${base}/join`)
  await ana.goto(`${base}/new?title=${title}`)
  await ana.fill('#text', 'A kiln is hot.\n\nIt is made of bricks.\n')
  await ana.click('button:has-text("Publish")')
  const write = async (page, from, to) => {
    await page.fill('#text', (await page.inputValue('#text')).replace(from, to))
    await page.click('button:has-text("Publish")')
  }
  await Promise.all([ana.goto(`${base}/edit/${title}`), bo.goto(`${base}/edit/${title}`)])
  await write(ana, 'hot', 'very hot')
  await write(bo, 'bricks', 'fire bricks')
  assert.match(await bo.textContent('article'), /A kiln is very hot[^]*made of fire bricks/)
  await Promise.all([ana.goto(`${base}/edit/${title}`), bo.goto(`${base}/edit/${title}`)])
  await write(ana, 'very hot', 'hotter than an oven')
  await write(bo, 'very hot', 'red')
  assert.match(await bo.textContent('[role=alert]'), /changed the same place/)
  await bo.fill('#text', 'A kiln is red, and hotter than an oven.\n\nIt is made of fire bricks.\n')
  await bo.click('button:has-text("Publish")')
  assert.match(await bo.textContent('article'), /red, and hotter/)
  // Back to an old text, by a link in the history.
  await ana.goto(`${base}/history/${title}`)
  await ana.locator('a:has-text("back to this text")').last().click()
  await ana.click('button:has-text("Publish")')
  assert.match(await ana.textContent('article'), /A kiln is hot\./)
  // One page takes another in: its text comes over, and its address leads on.
  await ana.goto(`${base}/new?title=Old ${title}`)
  await ana.fill('#text', 'Kilns are old.\n')
  await ana.click('button:has-text("Publish")')
  await ana.goto(`${base}/rename/${title}`)
  await ana.fill('#takes-in', `Old ${title}`)
  await ana.click('button:has-text("Take it in")')
  await ana.click('button:has-text("Publish")')
  assert.match(await ana.textContent('article'), /A kiln is hot\.[^]*Kilns are old\./)
  await ana.goto(`${base}/articles/Old_${title}`)
  assert.match(await ana.textContent('article'), /Kilns are old\./)
  // Translated, and behind after the next change.
  await bo.goto(`${base}/translate/${title}?to=es`)
  await bo.fill('#title', translated)
  for (const part of await bo.locator('[name=part]').all()) await part.fill('')
  await bo.fill('#part-1', 'Un horno de ladrillos está caliente.\n')
  await bo.click('button:has-text("Publish")')
  await ana.goto(`${base}/edit/${title}`)
  await write(ana, 'hot', 'hot all day')
  await bo.reload()
  assert.match(await bo.textContent('article'), /The original was changed/)
  // Erased, with everything that was Bo's alone.
  await bo.goto(`${base}/me/leave`)
  await bo.check('#choice-withdraw')
  await bo.fill('#phrase', PHRASE)
  await bo.click('button:has-text("Erase")')
  assert.equal(await bo.textContent('h1'), 'Your account is erased')
  assert.equal((await bo.goto(`${base}/articles/${translated.replaceAll(' ', '_')}`)).status(), 410)
  assert.equal((await bo.goto(`${base}/people/${people[1].replace(' ', '-').toLowerCase()}`)).status(), 404)
  await Promise.all([ana.context().close(), bo.context().close()])
})

test('a preview follows the pen, and what is not published yet is kept', async () => {
  const page = await visitor(browser)
  await joins(page, 'Di Sol', `${base}/join`)
  await page.goto(`${base}/new?title=Spindle`)
  await page.fill('#text', 'A spindle **turns**.')
  await page.waitForSelector('[data-preview-here] strong')
  await page.waitForFunction(() => /Draft kept/.test(document.querySelector('[data-draft-said]').textContent))
  await page.goto(`${base}/new?title=Spindle`)
  assert.equal((await page.inputValue('#text')).trim(), 'A spindle **turns**.')
  await page.context().close()
})

test('a page is written by keyboard alone', async () => {
  const page = await visitor(browser)
  await joins(page, 'Cy Ross', `${base}/join`)
  await page.goto(`${base}/new?title=Loom`)
  const reach = async (selector) => {
    for (let steps = 0; steps < 80; steps++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
    }
    assert.fail(`${selector} is not reached`)
  }
  await reach('#text')
  await page.keyboard.type('A loom holds the warp.')
  await reach('button[value=publish]')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${base}/articles/Loom`)
  await page.context().close()
})
