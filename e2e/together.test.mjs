// People belong to organisations, look after the commons together, and take their own along: without script where a form can do it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, accessibleToo, joins, startBrowser, startNode, visitor } from './commons.mjs'

let node, browser, base, steward

before(async () => {
  ;[node, browser] = await Promise.all([startNode(), startBrowser()])
  // A node that is reached by a name offers both ways to sign in.
  base = node.base.replace('127.0.0.1', 'localhost')
  steward = await visitor(browser, { javaScriptEnabled: false })
  await joins(steward, 'Ana Paz', node.stewardLink.replace('127.0.0.1', 'localhost'))
})

after(async () => {
  await browser?.close()
  await node?.stop()
})

test('an organisation is brought in, joined by the word of both sides, and vouched for, without script', async () => {
  const [bo, cy] = [await visitor(browser, { javaScriptEnabled: false }), await visitor(browser, { javaScriptEnabled: false })]
  await joins(bo, 'Bo Lee', `${base}/join`)
  await joins(cy, 'Cy Ross', `${base}/join`)
  await bo.goto(`${base}/organizations`)
  await accessibleToo(bo)
  await bo.click('a:has-text("Bring in an organisation")')
  await bo.click('button:has-text("Publish")')
  assert.match(await bo.textContent('[role=alert]'), /Write 1 to 80 characters[^]*Choose what it is/)
  await bo.fill('#name', 'Tejido Libre')
  await bo.check('#form-worker-cooperative')
  await bo.fill('#place', 'Peguche, Otavalo')
  await bo.fill('#about', 'We weave.')
  await bo.click('button:has-text("Publish")')
  const page = `${base}/organizations/tejido-libre`
  assert.equal(bo.url(), page)
  await cy.goto(page)
  await accessibleToo(cy)
  await cy.fill('#role', 'weaver')
  await cy.click('button:has-text("I belong to it")')
  assert.match(await cy.textContent('main'), /yet to confirm it/)
  await bo.goto(page)
  await accessibleToo(bo)
  await bo.click('button:has-text("Confirm")')
  assert.match(await bo.textContent('main'), /2 people belong to it/)
  await steward.goto(`${base}/stewards`)
  await accessibleToo(steward)
  await steward.click('a:has-text("Tejido Libre")')
  await steward.click('summary:has-text("Vouch for it")')
  await accessibleToo(steward)
  await steward.fill('#reason', 'Register 12-7, read')
  await steward.click('aside button:has-text("Vouch for it")')
  assert.match(await steward.textContent('.head'), /Worker cooperative\s*attested/)
  await accessibleToo(steward)
  await bo.goto(`${base}/organizations?form=worker-cooperative&place=otavalo`)
  assert.match(await bo.textContent('.rows'), /Tejido Libre[^]*attested/)
  await accessibleToo(bo)
  for (const path of ['/people', '/people/cy-ross', '/me', '/me/profile', '/limits', '/api/v1/openapi.json']) {
    await cy.goto(base + path)
    if (!path.startsWith('/api')) await accessibleToo(cy)
  }
  await Promise.all([bo.context().close(), cy.context().close()])
})

test('what is wrong is reported by a visitor and answered, and changes are looked at', async () => {
  const [bo, guest] = [await visitor(browser, { javaScriptEnabled: false }), await visitor(browser, { javaScriptEnabled: false })]
  await joins(bo, 'Dee Fox', `${base}/join`)
  await bo.goto(`${base}/new?title=Kiln`)
  await bo.fill('#text', 'A kiln of clay.\n')
  await bo.click('button:has-text("Publish")')
  await guest.goto(`${base}/articles/Kiln`)
  await guest.click('footer a:has-text("Report something")')
  await accessibleToo(guest)
  await guest.fill('#reason', 'It is made of bricks')
  await guest.click('button:has-text("Send")')
  const report = guest.url()
  assert.match(await guest.textContent('main'), /Keep the address/)
  await accessibleToo(guest)
  await steward.goto(`${base}/reports`)
  await accessibleToo(steward)
  await steward.click('main .rows a')
  assert.equal(steward.url(), report)
  await accessibleToo(steward)
  await steward.fill('#answer', 'Thanks, mended')
  await steward.click('button:has-text("Answer")')
  await guest.reload()
  assert.match(await guest.textContent('main'), /Thanks, mended/)
  await steward.goto(`${base}/changes?waits=yes`)
  await accessibleToo(steward)
  await steward.click('.timeline a:has-text("Compare")')
  await accessibleToo(steward)
  await steward.click('button:has-text("Looked at")')
  assert.doesNotMatch(await steward.textContent('main'), /Kiln/)
  await Promise.all([bo.context().close(), guest.context().close()])
})

test('a page that is renamed there and back leaves no circle', async () => {
  const fill = async (title, text) => {
    await steward.goto(`${base}/new?title=${title}`)
    await steward.fill('#text', text)
    await steward.click('button:has-text("Publish")')
  }
  await fill('Shed', 'A shed for tools.\n')
  // Renamed there and back it makes no circle; led by hand to what leads here it would, and is refused.
  await steward.goto(`${base}/rename/Shed`)
  await steward.fill('#title', 'Barn')
  await steward.click('main form button.main')
  await steward.goto(`${base}/rename/Barn`)
  await steward.fill('#title', 'Shed')
  await steward.click('main form button.main')
  await steward.goto(`${base}/care`)
  await accessibleToo(steward)
  await steward.click('a[href="/care/cycles"]')
  assert.match(await steward.textContent('main'), /nothing|Nothing/)
  await accessibleToo(steward)
})

test('a marked passage is discussed, and a source is cited where the pen is', async () => {
  const page = await visitor(browser)
  await joins(page, 'Eli Sun', `${base}/join`)
  await page.goto(`${base}/new?title=Oven`)
  await page.fill('#text', 'An oven of clay bakes bread.\n')
  await page.click('summary:has-text("Cite a source")')
  await accessible(page)
  await page.fill('#cite-title', 'Ovens')
  await page.fill('#cite-isbn', '0-306-40615-2')
  await page.evaluate(() => { const text = document.querySelector('#text'); text.focus(); text.setSelectionRange(15, 15) })
  await page.click('button:has-text("Put the footnote in")')
  assert.match(await page.inputValue('#text'), /^An oven of clay\[\^1\] bakes bread\.\n\n\[\^1\]: \*Ovens\*\. ISBN 0-306-40615-2\.\n?$/)
  await page.click('button:has-text("Publish")')
  await page.evaluate(() => {
    const text = document.querySelector('article.prose p').lastChild
    const range = document.createRange()
    range.setStart(text, 1)
    range.setEnd(text, 12)
    getSelection().removeAllRanges()
    getSelection().addRange(range)
  })
  await page.click('a:has-text("Say something of this passage")')
  assert.equal(await page.inputValue('#passage'), 'bakes bread')
  await page.fill('#text', 'And potatoes?')
  await page.click('button:has-text("Publish")')
  assert.match(await page.textContent('main'), /bakes bread[^]*And potatoes/)
  await page.context().close()
})
