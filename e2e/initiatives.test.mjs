// Initiatives are described, confirmed and found on the map, without script.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessibleToo, joins, startBrowser, startNode, visitor } from './commons.mjs'

let node, browser, base

before(async () => {
  ;[node, browser] = await Promise.all([startNode(), startBrowser()])
  base = node.base.replace('127.0.0.1', 'localhost')
})

after(async () => {
  await browser?.close()
  await node?.stop()
})

test('an initiative is put on the map, gone on with by others, and said to be alive', async () => {
  const [ana, bo] = [await visitor(browser, { javaScriptEnabled: false }), await visitor(browser, { javaScriptEnabled: false })]
  await joins(ana, 'Ana Paz', node.stewardLink.replace('127.0.0.1', 'localhost'))
  await joins(bo, 'Bo Lee', `${base}/join`)
  await ana.goto(`${base}/map`)
  await accessibleToo(ana)
  await ana.click('main a:has-text("Add an initiative")')
  await ana.fill('#at', '-78.5,-0.2')
  await ana.selectOption('#country', 'EC')
  await ana.fill('#links', 'javascript:alert(1)')
  await ana.click('button:has-text("Publish")')
  assert.match(await ana.textContent('[role=alert]'), /Write what it is called[^]*is no web address/)
  await accessibleToo(ana)
  await ana.fill('#name', 'Street oven')
  await ana.selectOption('#kind', 'food')
  await ana.fill('#text', 'Bread **for the street**.')
  await ana.fill('#at', '-0.2201,-78.5123')
  await ana.fill('#links', 'oven.example')
  await ana.fill('#themes', 'Bread, Clay')
  await ana.click('button:has-text("Publish")')
  assert.match(ana.url(), /\/initiatives\/street-oven-[0-9a-f]{12}$/)
  assert.match(await ana.textContent('main'), /Bread for the street\.[^]*Nobody has said so yet/)
  await accessibleToo(ana)
  const page = ana.url()
  await bo.goto(page)
  await bo.click('summary:has-text("Say whether it is alive")')
  await bo.click('button:has-text("Say so")')
  assert.match(await bo.textContent('[aria-labelledby=h-alive]'), /Alive[^]*Bo Lee/)
  // Two at once: what does not touch is merged, and the same field is shown to whoever comes second.
  const change = async (who) => {
    await who.goto(page)
    await who.click('main a:has-text("Change")')
  }
  await Promise.all([change(ana), change(bo)])
  await ana.fill('#hours', 'Sa 08:00-12:00')
  await ana.click('button:has-text("Publish")')
  await bo.fill('#since', '2013')
  await bo.click('button:has-text("Publish")')
  assert.match(await bo.textContent('aside'), /Sa 08:00-12:00[^]*2013/)
  await Promise.all([change(ana), change(bo)])
  await ana.fill('#since', '2014')
  await ana.click('button:has-text("Publish")')
  await bo.fill('#since', '2015')
  await bo.click('button:has-text("Publish")')
  assert.match(await bo.textContent('[role=alert]'), /2014/)
  assert.equal(await bo.inputValue('#since'), '2015')
  await bo.click('button:has-text("Publish")')
  assert.match(await bo.textContent('aside'), /2015/)
  // On the map, by words and filters, and nearer.
  await bo.goto(`${base}/map?q=bread&kind=food`)
  assert.match(await bo.textContent('main'), /One initiative[^]*Street oven/)
  await accessibleToo(bo)
  await bo.click('.only-wide a:has-text("Farther")')
  assert.match(bo.url(), /q=bread&kind=food&bbox=/)
  assert.match(await bo.textContent('main'), /Street oven/)
  await bo.goto(`${base}/map?bbox=x`)
  assert.match(await bo.textContent('[role=alert]'), /is no box of the map[^]*west,south,east,north/)
  await accessibleToo(bo)
  await Promise.all([ana.context().close(), bo.context().close()])
})
