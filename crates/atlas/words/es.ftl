tab-network = Red
network-title = La red
network-lead = { $things } cosas y { $links } enlaces de verdad entre ellas: artículos, temas, iniciativas, personas y colectivos.
network-way = ¿Cómo se conectan dos cosas?
network-from = Desde
network-to = Hasta
network-hint = Un título, o la dirección de una página de aquí.
network-find = Buscar el camino
network-unknown = Aquí no hay nada que se llame «{ $text }»
network-no-way = Ningún camino lleva de «{ $from }» a «{ $to }»
network-no-way-why = Enlazar una página con otra abre camino.
network-steps = { $count ->
    [0] Son lo mismo
    [one] Un paso
   *[other] { $count } pasos
}
network-communities = { $count ->
    [one] Una comunidad
   *[other] { $count } comunidades
}
network-communities-what = Lo que se enlaza más entre sí que con lo demás, lo mayor primero; de cada una, lo que más enlaces tiene.
network-around-what = Alrededor de
network-things = Cosas
network-kinds = Qué son
network-between = Lo que une comunidades
network-between-what = Cosas cuyos enlaces se reparten entre muchas comunidades.
network-thing = Qué
network-touches = Comunidades que toca
network-links = Enlaces
network-bridges = Puentes
network-bridges-what = Enlaces únicos: sin ellos, una parte quedaría suelta.
network-no-bridges = No hay ninguno del que cuelguen cinco cosas o más.
network-one = Un lado
network-other-end = El otro
network-hangs = Cosas que quedarían sueltas
network-empty = Todavía no hay nada
network-empty-why = Cada página que enlaza con otra teje la red.
network-of = Alrededor de «{ $title }»
network-count = { $count ->
    [0] Sin enlaces
    [one] Un enlace
   *[other] { $count } enlaces
}
network-read = Ver su página
network-alone = No se enlaza con nada
network-alone-why = Ponga en su página un enlace o un tema, y aparecerá aquí con sus vecinas.
network-picture = Lo más cercano, siempre en el mismo lugar; la lista dice lo mismo.
network-near = A un paso
network-farther = A dos pasos
network-more = y { $count } más a un paso.
network-article = Artículo
network-category = Tema
network-initiative = Iniciativa
network-person = Persona
network-organization = Colectivo
network-other = Otra cosa
relation-mentions = menciona a
relation-mentioned = mencionado en
relation-theme = tiene por tema
relation-theme-of = es tema de
relation-translates = traducción
relation-in = participa
network-articles = { $count ->
    [one] un artículo
   *[other] { $count-text } artículos
}
network-categorys = { $count ->
    [one] un tema
   *[other] { $count-text } temas
}
network-initiatives = { $count ->
    [one] una iniciativa
   *[other] { $count-text } iniciativas
}
network-persons = { $count ->
    [one] una persona
   *[other] { $count-text } personas
}
network-organizations = { $count ->
    [one] un colectivo
   *[other] { $count-text } colectivos
}
network-others = { $count ->
    [one] otra cosa
   *[other] { $count-text } otras cosas
}
