// Pictures of the main pages, for docs/pictures/:  node pictures.mjs http://127.0.0.1:7878 ../docs/pictures

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startBrowser } from './commons.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    article: { type: 'string' },
    theme: { type: 'string' },
    query: { type: 'string', default: 'agua' },
    locale: { type: 'string', default: 'es-EC' },
  },
})
const [base, folder] = positionals
if (!base || !folder) {
  console.error('usage: node pictures.mjs URL FOLDER [--article PATH] [--theme PATH] [--query WORDS] [--locale es-EC]')
  process.exit(2)
}

const SHOTS = [
  ['1280-light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['360-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
]

await mkdir(folder, { recursive: true })
const browser = await startBrowser()
try {
  for (const [name, options] of SHOTS) {
    const context = await browser.newContext({ locale: values.locale, ...options })
    const page = await context.newPage()
    const open = (path) => page.goto(new URL(path, base).href)
    const first = async (path, start) => {
      await open(path)
      return page.locator(`#main a[href^="${start}"]`).first().getAttribute('href')
    }
    const pages = {
      home: '/',
      article: values.article ?? (await first('/', '/articles/')),
      search: `/search?q=${encodeURIComponent(values.query)}`,
      theme: values.theme ?? (await first('/themes', '/categories/')),
      changes: '/changes',
    }
    for (const [what, path] of Object.entries(pages)) {
      const answer = await open(path)
      if (!answer.ok()) throw new Error(`${path} answers ${answer.status()}`)
      const file = join(folder, `${what}-${name}.png`)
      await page.screenshot({ path: file })
      console.log(`${file}  ${path}`)
    }
    await context.close()
  }
} finally {
  await browser.close()
}
