// What a browser needs to draw the map beneath everything by itself: MapLibre GL, its worker, and the decoder of outlines.
//
//   node browser.mjs FOLDER     packs them, and the outlines that basemap.mjs wrote there, as FOLDER/*.gz

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const require = createRequire(import.meta.url)
const within = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path)

const folder = process.argv[2]
if (!folder) {
  console.error('which folder? node browser.mjs FOLDER')
  process.exit(2)
}
// The names of source maps, which do not travel along, would be asked for in vain.
const script = (path) => readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
const files = {
  'maplibre-gl.mjs': script(within('maplibre-gl', 'dist/maplibre-gl.mjs')),
  'maplibre-gl-worker.mjs': script(within('maplibre-gl', 'dist/maplibre-gl-worker.mjs')),
  'topojson-client.js': script(within('topojson-client', 'dist/topojson-client.min.js')),
  'world.json': readFileSync(join(folder, 'world.json')),
  'basemap.json': readFileSync(join(folder, 'basemap.json')),
}
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }))
