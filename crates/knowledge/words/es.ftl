menu-knowledge = Saberes
menu-themes = Temas
menu-all = Todo
menu-changes = Cambios
menu-random = Azar
menu-care = Cuidado
kind-article = Artículo
kind-category = Tema
kind-file = Archivo
kind-user = Página de una persona
kind-template = Plantilla
kind-project = Sobre la wiki
kind-redirect = Redirección
kinds-article = Artículos
kinds-category = Temas
kinds-file = Archivos
kinds-user = Páginas de personas
kinds-template = Plantillas
all-title = Todas las páginas, de la A a la Z
loom-knowledge = Saberes
loom-map = Mapa
loom-designs = Diseños
loom-workshops = Talleres
loom-value = Valor
loom-decide = Decidir
not-yet-map = Quién hace qué y dónde: todavía no está en este comunal.
not-yet-designs = Diseños abiertos: todavía no están en este comunal.
not-yet-workshops = Quién puede hacerlo cerca: todavía no está en este comunal.
not-yet-value = A dónde fue lo ganado: todavía no está en este comunal.
not-yet-decide = Lo que se decide en común: todavía no está en este comunal.
home-title = Lo que sabemos hacer, puesto en común
home-lead = { $articles ->
    [one] Un artículo
   *[other] { $articles-text } artículos
} en { $themes ->
    [one] un tema
   *[other] { $themes-text } temas
} y { $languages ->
    [one] una lengua
   *[other] { $languages-text } lenguas
}. Todo se puede leer, copiar y llevar; cada página dice en qué términos, y de dónde viene.
starter-notice = Estos son textos de inicio, para que ninguna página esté vacía.
starter-notice-how = Desaparecen con el primer artículo propio. Para traer una wiki:
count-articles = { $count ->
    [one] Un artículo.
   *[other] { $count-text } artículos.
}
home-read = Para leer
home-empty = Aquí todavía no hay nada que leer
home-empty-why = Quien cuida este comunal puede traer una wiki, o escribir el primer artículo.
all-articles = { $count ->
    [one] El único artículo
   *[other] Los { $count-text } artículos, de la A a la Z
}
home-missing = Lo que todavía no está
home-missing-title = Nadie ha escrito «{ $title }»
home-missing-why = { $count ->
    [one] Una página lo menciona y no lleva a ninguna parte.
   *[other] { $count-text } páginas lo mencionan y no llevan a ninguna parte.
}
home-missing-see = Ver quién lo menciona
home-missing-others = Otros vacíos
home-new = Recién tejido
all-changes = Todos los cambios
by-theme = Por tema
by-language = Por lengua
all-themes = { $count ->
    [one] El único tema
   *[other] Los { $count-text } temas
}
a-to-z = De la A a la Z
you-are-in = Usted está en
original = original
contents = Contenido
contents-summary = Contenido: { $sections ->
    [one] una sección
   *[other] { $sections-text } secciones
}, { $minutes ->
    [one] un minuto
   *[other] unos { $minutes-text } minutos
}
is-redirect = Esta página solo envía a quien lee a otra:
page-empty = Esta página no tiene texto
page-empty-why = Existe, y nadie ha escrito en ella todavía.
themes = Temas
licence = Licencia
text-by = Texto:
how-to-cite = Cómo citar
revision = Esta revisión
shown-since = Del
origin = Origen
length = Extensión
words-minutes = { $words ->
    [one] una palabra
   *[other] { $words-text } palabras
}, { $minutes ->
    [one] un minuto
   *[other] { $minutes-text } minutos
}
see-history = Historia de esta página
imported-from = traído de { $site }
provenance-imported = traído de otro sitio
provenance-translated = traducido
provenance-machine = con ayuda de máquina
provenance-written = escrito aquí
this-page = Esta página
tab-read = Leer
tab-history = Historia
tab-links = Qué enlaza aquí
tab-source = Fuente
file-missing = El archivo mismo no está aquí
file-missing-why = Solo vino su página. Con los archivos de la wiki anterior, repita la importación con --files.
file-open = Abrir el archivo
file-by = Autoría:
translation-of = Traducción de
revision-number = su revisión { $number-text }
imported-revised = traído de { $site }, revisado aquí desde entonces
brought-revised = traído de otro sitio, revisado aquí desde entonces
pictures = Imágenes de esta página
file-shows = qué muestra
file-type = Tipo
file-size = Tamaño
file-dimensions = Dimensiones
file-download = Descargar
file-snippet = Para ponerla en un texto
kilobytes = { $count-text } kB
megabytes = { $count-text } MB
category-total = { $count ->
    [0] Ninguna página está en este tema.
    [one] Una página está en este tema.
   *[other] { $count-text } páginas están en este tema.
}
subthemes = Temas dentro de este
pages-in-theme = Páginas
none-here = Aquí no hay nada.
search-in-theme = Buscar en este tema
feed-theme = Suscribirse a este tema
history-of = Historia de «{ $title }»
count-revisions = { $count ->
    [one] Una revisión.
   *[other] { $count-text } revisiones, la más nueva primero.
}
minor = menor
shown = se muestra
withdrawn = Esta revisión fue retirada.
bytes = { $count-text } bytes
bytes-change = { $change } bytes
compare = Comparar
diff-of = Qué cambió en «{ $title }»
diff-said = { $added ->
    [one] Una palabra añadida
   *[other] { $added-text } palabras añadidas
}, { $removed ->
    [one] una quitada
   *[other] { $removed-text } quitadas
}.
diff-none = Las dos revisiones tienen el mismo texto.
bad-title = «{ $title }» no puede ser el título de una página.
programs-here = Lo que leen y hacen los programas está en /api/v1/openapi.json; todo lo público se lleva con «minga export».
bad-title-rule = Un título tiene de 1 a 255 bytes y ninguno de los signos # < > [ ] { "{" } { "}" } |. Quite esos signos, o busque la página por sus palabras.
bad-revision = «{ $text }» no es una revisión. Elija una en la historia de la página.
bad-hash = Un archivo se nombra con 64 cifras hexadecimales.
no-such-revision = Esta página no tiene esa revisión.
links-to = Qué enlaza a «{ $title }»
used-by = Páginas que lo muestran o usan
count-uses = { $count ->
    [0] Ninguna página lo muestra ni lo usa.
    [one] Una página lo muestra o lo usa.
   *[other] { $count-text } páginas lo muestran o lo usan.
}
count-links = { $count ->
    [0] Ninguna página enlaza aquí.
    [one] Una página enlaza aquí.
   *[other] { $count-text } páginas enlazan aquí.
}
redirects-here = Redirecciones
links-none = Ninguna página menciona esta
links-none-why = Así casi nadie la encuentra. Menciónela donde corresponda.
mentions = Páginas que la mencionan
source-of = Fuente de «{ $title }»
source-raw = solo el texto
count-themes = { $count ->
    [one] Un tema.
   *[other] { $count-text } temas.
}
order = Orden
order-size = más páginas
order-name = por nombre
themes-none = Todavía no hay temas
themes-none-why = Un tema aparece en cuanto una página lo nombra.
themes-rest = Los temas más pequeños, por nombre
count-pages = { $count ->
    [one] Una página.
   *[other] { $count-text } páginas.
}
without-redirects = Sin contar las redirecciones.
kinds = Clases de páginas
count-changes = { $count ->
    [0] Ningún cambio.
    [one] Un cambio.
   *[other] { $count-text } cambios, el más nuevo primero.
}
as-feed = Para suscribirse
changes-none = Todavía no ha cambiado nada
new-page = nueva
page-gone = Una página que ya no está
bad-since = since={ $text } no es el número de un registro
bad-since-remedy = empiece con since=0
bad-space = space={ $space } no es el nombre de un espacio
no-such-space = el espacio «{ $space }» no está aquí
since-beyond = since={ $since } viene después del último registro del espacio «{ $space }», { $last }
care-lead = Lo que miraría quien cuida: páginas que no llevan a ninguna parte, que nadie encuentra o que esperan una decisión.
care-cycles = Redirecciones en círculo
care-cycles-why = Cada una envía a la siguiente, y la última a la primera.
care-missing = Redirecciones a páginas que no existen
care-missing-why = La página nunca se escribió, o está con otro título.
care-malformed = Redirecciones que no se pueden leer
care-malformed-why = Su destino está mal escrito o tiene un signo que ningún título puede tener.
care-conflicts = Revisiones que esperan
care-conflicts-why = Alguien cambió la página aquí mientras llegaba un texto más nuevo de la wiki anterior. Se muestra el texto local.
care-titles = Títulos que quieren dos páginas
care-titles-why = Una revisión retirada devolvió a una página su título anterior, que ya tiene otra. Dé otro título a una de las dos.
care-faults = Marcas que no se entendieron
care-faults-why = La página se muestra hasta donde se entendió. Casi todo se arregla rápido donde se edita la página.
fault-line = línea { $line }
fault-kinds = Clases de fallos
fault-all = Todos
fault-mend = corregir
edit-line = En la línea { $line } de la página hay esto:
fault-bad-link = un enlace a un título imposible
fault-bad-redirect = una redirección cuyo destino no se puede leer
fault-doubled-brackets = corchetes dobles alrededor de una dirección
fault-left-out = contenido incrustado que se dejó fuera
fault-more-problems = más fallos de los que se enumeran
fault-outside-image = una imagen de otro sitio
fault-semantic-property = una propiedad de Semantic MediaWiki
fault-too-deep = marcas anidadas a demasiada profundidad
fault-unclosed-bold = negrita que no termina
fault-unclosed-comment = un comentario que no termina
fault-unclosed-italic = cursiva que no termina
fault-unclosed-link = un enlace que no termina
fault-unclosed-table = una tabla que no termina
fault-unclosed-tag = una etiqueta que no termina
fault-unclosed-template = una plantilla que no termina
fault-unknown-tag = una etiqueta desconocida
fault-unknown-template = una plantilla desconocida
fault-unopened-link = el fin de un enlace sin comienzo
fault-unopened-tag = el fin de una etiqueta sin comienzo
fault-unopened-template = el fin de una plantilla sin comienzo
care-same = Títulos que solo difieren en mayúsculas
care-same-why = A menudo son dos páginas sobre lo mismo.
care-wanted = Las páginas más buscadas
care-wanted-why = Se mencionan y no existen.
care-files = Archivos que faltan
care-files-why = Hay páginas que los muestran. Tráigalos con --files, o súbalos antes a la wiki.
care-dead = Callejones sin salida
care-dead-why = Artículos que no mencionan ninguna otra página.
care-orphans = Huérfanas
care-orphans-why = Artículos que ninguna otra página menciona.
care-nothing = Aquí no hay nada que hacer.
count-first = Las primeras { $count-text }; al arreglar estas aparecen más.
author-unknown = sin nombre de autor
count-rows = { $count ->
    [one] Una fila.
   *[other] { $count-text } filas.
}
no-page = No hay ninguna página «{ $title }»
no-page-invite = Nadie ha escrito esta página
no-page-mentioned = { $count ->
    [one] Una página la menciona.
   *[other] { $count-text } páginas la mencionan.
}
no-page-why = Tal vez está con otro título.
search-this = Buscarla
links-here = Qué enlaza aquí
near-titles = Títulos parecidos
redirected-from = Redirigido desde
redirect-cycle = Esta página envía a quien lee en círculo
redirect-cycle-why = Estas páginas se redirigen entre sí, y ninguna muestra un texto:
redirect-malformed = Esta página debería redirigir, pero no se puede leer a dónde
redirect-title = Su destino, «{ $target }», no puede ser el título de una página.
redirect-piped = Su destino, «{ $target }», tiene una «|» y un segundo texto, que una redirección no puede tener.
redirect-unclosed = Su destino, «{ $target }», no está cerrado con dos corchetes.
redirect-none = No nombra ninguna página.
redirect-missing = Esta página redirige a una que no existe
redirect-missing-why = Debería llevar a «{ $title }», que nadie ha escrito.
see-source = Ver su fuente
tab-edit = Escribir
write-it = Escribirla
write-sign-in = Quien escribe tiene una cuenta
write-sign-in-why = Así se ve quién escribió qué. Unirse toma un minuto.
write-not-now = Por ahora esta cuenta no puede publicar
edit-title = Escribir «{ $title }»
edit-whole = La página entera.
edit-section = Una sección de la página.
edit-this-section = escribir
new-title = Una página nueva
draft-from = Su borrador del { $when }.
draft-kept = Borrador guardado: { $when }.
draft-keep = Guardar borrador
draft-drop = Descartar el borrador
draft-go-on = Seguir escribiendo
draft-untitled = Sin título todavía
drafts-title = Mis borradores
drafts-lead = Lo que empezó a escribir y no ha publicado. Nadie más lo ve.
drafts-none = No tiene borradores.
no-such-draft = No hay tal borrador.
base-needed = Falta la revisión de la que parte el cambio (base): es la que da la página, o la API en «revision».
gone-title = «{ $title }» fue retirada
gone-steward = La página «{ $title }» fue retirada el { $when } por { $name }, que cuida este comunal.
gone-author = La página «{ $title }» fue retirada el { $when } por quien la escribió.
gone-reason = La razón: «{ $reason }».
gone-what = De su texto no queda nada aquí.
gone-anew = Se puede escribir otro texto con este título, si no es lo mismo que se retiró.
gone-write = Escribir uno nuevo
withdraw-page = Retirar esta página
withdraw-not = Dejarla como está
withdraw-title = Retirar «{ $title }»
withdraw-what = { $count ->
    [one] Se retira la página con su única revisión.
   *[other] Se retira la página con sus { $count-text } revisiones.
}
withdraw-address = Su dirección dirá que fue retirada, por quién y por qué.
withdraw-links = { $count ->
    [one] Una página enlaza aquí; su enlace ya no llevará a un texto.
   *[other] { $count-text } páginas enlazan aquí; sus enlaces ya no llevarán a un texto.
}
withdraw-public = La decisión y su razón son públicas.
withdraw-forever = El texto se borra de este nodo y no se puede recuperar. Las copias que otras personas hicieron antes no se borran.
count-drafts = { $count ->
    [one] Un borrador guardado
   *[other] { $count-text } borradores guardados
}
rule-many-drafts = Cada cuenta guarda 100 borradores como máximo.
rule-many-drafts-remedy = Publique o descarte algunos en /drafts.
rule-draft-blocked = Mientras no puede publicar, no puede guardar borradores nuevos.
rule-draft-blocked-remedy = Las decisiones, con su razón, están en /decisions.
preview = Ver antes
preview-again = Ver de nuevo
preview-title = Cómo quedará
preview-none = Pulse «Ver antes» para ver cómo quedará.
field-title = Título
field-title-hint = Como la gente lo buscaría.
field-title-new = Título nuevo
field-text = Texto
field-text-markdown = Markdown: ## encabezado, **negrita**, [enlace](wiki:Título), imagen ![qué muestra](wiki:File:Nombre.jpg), nota[^1] con su línea [^1]: autoría, título, DOI o ISBN o dirección.
field-text-wikitext = Wikitexto, como en el wiki de donde vino: == encabezado ==, [[enlace]], <ref>fuente</ref>.
field-summary = ¿Qué cambió, y por qué?
field-summary-hint = Una línea, para quienes siguen esta página.
field-themes-hint = Separados por comas.
field-language = Lengua del texto
field-language-hint = Por su nombre o su código: Español, Kichwa, en…
field-licence-hint = Bajo la cual otras personas pueden usar el texto. Después no se puede retirar.
field-minor = Cambio pequeño.
field-minor-hint = Solo ortografía o forma; no se avisa a quienes la siguen.
field-follow = Seguir esta página
field-attribution = Autoría, y dónde está
field-machine = ¿Qué máquina, y para qué?
field-why = Por qué
field-takes-in = Título de la página cuyo texto se trae
provenance-where = ¿De dónde viene este texto?
provenance-where-hint = Se ve junto a su revisión.
provenance-i-wrote = Lo escribí.
provenance-i-wrote-hint = De lo que sé o hice.
provenance-i-translated = Lo traduje.
provenance-i-translated-hint = De otra lengua de esta página, o de una obra que se nombra.
provenance-i-brought = Lo traje de otra parte.
provenance-i-brought-hint = Se nombra su autoría, y la licencia es la de esta página.
provenance-machine-helped = Ayudó una máquina, y lo revisé.
provenance-machine-helped-hint = Nómbrela y diga qué hizo.
provenance-machine-named = con ayuda de una máquina: { $machine }
provenance-needed = Diga de dónde viene el texto.
publish = Publicar
publish-under = Al publicar comparte sus palabras bajo { $licence }, y eso no se puede retirar.
publish-under-chosen = Al publicar comparte sus palabras bajo la licencia elegida arriba, y eso no se puede retirar.
leave-unpublished = Salir sin publicar
title-needed = Póngale un título a la página.
title-exists = Ya hay una página «{ $title }».
text-needed = Aún no hay texto.
text-too-long = El texto tiene más de 4 MiB. Publique como archivo lo que sea más largo.
marks-left = El texto aún tiene líneas que empiezan por <<<<<<< o >>>>>>>. Deje lo correcto entre ellas y quite las marcas.
footnote-missing = La línea { $line } cita la nota { $note }, y ninguna línea empieza por «[^{ $note }]:». Añádala, o quite la marca.
language-needed = Ponga el código de la lengua: es, en, qu …
attribution-needed = Nombre la autoría, y dónde está.
machine-needed = Escriba su nombre y qué hizo, por ejemplo «ortografía, con LibreOffice 24».
summary-long = Escriba como mucho { $most } letras.
no-such-section = Esta sección ya no está en el texto
page-left = «{ $title }» se cambió o se quitó mientras usted escribía
page-busy = Demasiadas personas escriben esta página ahora. Inténtelo de nuevo.
conflict-title = Otra persona cambió el mismo lugar mientras usted escribía
conflict-how = { $count ->
    [one] Todo lo demás está unido. Elija qué queda del lugar que falta.
   *[other] Todo lo demás está unido. Elija qué queda de cada uno de los { $count-text } lugares que faltan.
}
conflict-many = Todo lo demás está unido. Quedan { $count-text } lugares, entre las marcas <<<<<<< y >>>>>>>: deje lo correcto, quite las marcas y publique.
conflict-undo = Lo que se cambió después toca el mismo lugar
conflict-now = Como está ahora
conflict-before = Como estaba antes
conflict-place = Lugar { $number } de { $count }
conflict-both = Ambos
conflict-both-what = uno después del otro
conflict-nothing = Nada: se quitó.
conflict-settle = Unir así
conflict-settled = Está unido, y aún no publicado
conflict-settled-how = Léalo una vez más, cambie lo que quiera y publique.
conflict-mine = Como lo tiene usted
conflict-theirs = Como lo tiene la otra persona
mark-mine = suyo
mark-theirs = de la otra persona
mark-now = ahora
mark-before = antes
summary-revert = Vuelve al texto del { $when }
summary-undo = Deshace el cambio del { $when }
summary-rename = Se llamaba «{ $title }»
summary-takes-in = Reúne «{ $title }»
rename-title = Otro título para «{ $title }»
rename-link = Otro título
rename-hint = Con el antiguo queda una redirección, para que los enlaces sigan sirviendo.
rename-button = Cambiar el título
rename-same = Este es su título ahora.
takes-in-title = ¿Dos páginas dicen lo mismo?
takes-in-why = Traiga a esta el texto de otra página. Puede acortarlo antes de publicar; la otra se vuelve una redirección, y su historia queda.
takes-in-button = Traerla
rule-takes-in-itself = Es esta misma página, o una que ya lleva a ella: no hay nada que traer. Escriba el título de otra.
takes-in-heading = Reunir «{ $title }» en «{ $into }»
takes-in-below = La página entera, con el texto de la otra debajo del suyo.
takes-in-absent = Aquí no hay una página «{ $title }»: mire cómo se escribe
takes-in-said = El texto de «{ $title }» está ya debajo del de esta página. Al publicar, «{ $title }» se vuelve una redirección a esta.
takes-in-then = Ordene y acorte lo que dicen las dos antes de publicar. La historia de ambas queda.
rename-or-join = Cambiar el título, o reunir con otra
join-into = Reunir «{ $from }» en «{ $into }»
blame-link = Quién escribió cada párrafo
blame-of = Quién escribió «{ $title }»
blame-lead = Junto a cada párrafo, quién lo escribió primero como está ahora.
blame-text = Párrafo
blame-who = Lo escribió
author-gone = alguien que se fue
compare-chosen = Comparar las dos elegidas
compare-from = desde { $when }
compare-to = hasta { $when }
older = desde
newer = hasta
revert-to = volver a este texto
undo-this = deshacer este cambio
rule-protected = Por ahora solo quienes cuidan cambian esta página
rule-protected-remedy = Escríbales en su conversación.
rule-title-taken = Este título ya es de otra página
rule-title-taken-remedy = Elija otro, o revise aquella página.
rule-no-licence = El texto necesita una licencia
rule-no-licence-remedy = Diga bajo cuál se puede usar.
rule-licence-changed = El texto tiene otra licencia, que no se puede cambiar
rule-licence-changed-remedy = Publíquelo bajo la que tiene, o una versión posterior.
rule-licence-other = Las licencias de las dos páginas no lo permiten
rule-licence-other-remedy = Ponga un enlace a la otra página.
rule-too-fast = Quienes acaban de llegar publican hasta cierto número de páginas por hora
rule-too-fast-remedy = Su texto queda como borrador. Siga un poco más tarde, o hable con quien cuida.
rule-many-links = El texto de alguien que acaba de llegar trae muchas direcciones de otros sitios a la vez
rule-many-links-remedy = Quite algunas, o hable con quien cuida.
translate-link = Traducir
language-es = español
language-en = inglés
language-qu = kichwa
language-pt = portugués
language-fr = francés
language-de = alemán
language-it = italiano
language-ay = aimara
language-gn = guaraní
language-ca = catalán
language-eu = euskera
language-gl = gallego
language-nl = neerlandés
language-ru = ruso
language-zh = chino
language-ja = japonés
language-ar = árabe
translate-title = Traducir «{ $title }»
translate-from = El original está en { $language }.
translate-into = «{ $title }» en { $language }
translate-there = Ya traducido
translate-missing = Lenguas que faltan
translate-other = Otra lengua
translate-begin = Empezar
translate-title-hint = En la lengua a la que traduce.
translate-parts-hint = Párrafo junto a párrafo, con sus marcas. Lo que vacíe se omite; una línea vacía en un campo hace un párrafo nuevo.
translate-part = Párrafo { $number }
translate-part-more = Solo aquí
translate-part-new = Nuevo en el original
translate-part-gone = Ya no está en el original
translate-part-changed = Cambió en el original
translate-whole = Como un solo texto
translate-by-part = Párrafo junto a párrafo
translate-text-hint = Empieza con el original: escriba encima, parte por parte.
translate-same = El texto sigue siendo el original. Tradúzcalo antes.
translate-changed = El original cambió desde que se tradujo.
translate-title-taken = «{ $title }» ya es el título de otra página. Puede usar «{ $other }».
field-machine-hint = Si ayudó una: su nombre y qué hizo. Se ve al leer.
translation-old = atrasada
translation-behind = { $number ->
    [one] El original cambió desde su primera revisión, de la cual esta es la traducción
   *[other] El original cambió desde su revisión { $number-text }, de la cual esta es la traducción
}
translation-behind-what = Qué cambió
translation-update = Ponerla al día
translation-revise = Revisar
translation-there = Esta página también está en su lengua
translation-fallback = Esta página está en { $language }; nadie la ha traducido aún a la suya.
conflict-remedy = Una ambos textos y publique con la revisión como base.
contributions-link = Lo que escribió
contributions-of = Lo que escribió { $name }
hide-why = Retira esta revisión para el comunal: su texto deja el nodo, y la decisión queda entre las demás, con su razón.
act-hide = Retirar esta revisión
act-protect = Proteger: solo la cambian quienes cuidan
act-unprotect = Abrirla de nuevo a todas las personas
act-roll-back = Deshacer todo lo de esta persona
roll-back-why = Cada página cuyo texto es suyo vuelve al último que no lo es; las que escribió sola esa persona, y sus comentarios, se retiran.
roll-back-own = Deshaga sus propios cambios uno por uno
rolled-back = Deshecho
rolled-back-count = { $count ->
    [0] Ninguna página mostraba un texto suyo.
    [one] Una página volvió atrás.
   *[other] { $count-text } páginas volvieron atrás.
}
rolled-back-left = Estas no pudieron volver por sí solas:
upload-title = Traer una imagen o un documento
upload-lead = Lo que una cámara escribió junto a la imagen, dónde y cuándo se tomó, se deja fuera.
upload-link = Traer una imagen o un documento
upload-button = Publicar
field-file = Archivo
field-file-hint = PNG, JPEG, GIF, WebP o PDF, hasta { $most } MiB.
field-file-title = Nombre
field-file-title-hint = Si lo deja vacío, se llama como en su aparato. Los textos lo muestran con este nombre.
field-file-author = Quién lo hizo
field-file-author-hint = Un nombre, y dónde está si viene de otra parte.
field-file-about = Qué muestra
field-file-about-hint = También para quienes no lo ven.
file-needed = Elija un archivo.
file-kind = No es de las clases que se aceptan: PNG, JPEG, GIF, WebP, PDF.
file-drawing = Los dibujos en SVG pueden ejecutar programas. Guárdelo como PNG o PDF.
file-not-whole = Este archivo empieza siendo de una clase y no lo es hasta el final: se cortó, o hay dos archivos en uno. Guárdelo de nuevo.
file-runs = Este documento ejecuta algo al abrirse. Guárdelo sin eso, por ejemplo imprimiéndolo en un PDF.
file-large = El archivo es demasiado grande. Hágalo más pequeño o divídalo.
file-author-needed = Diga quién lo hizo.
changes-filter = Mostrar
changes-new = solo páginas nuevas
changes-no-minor = sin cambios pequeños
changes-no-imports = sin lo traído de otra parte
changes-by = De quién
changes-by-hint = Su dirección en este comunal, como ana-paz.
changes-any-language = en cualquier lengua
changes-none-such = Ningún cambio es así
changes-followed = Lo que sigo
changes-waits = Sin mirar todavía
look = Mirado: está bien
looked-at = mirado
look-own = Lo que usted escribió lo mira otra persona
look-not-known = Quien es nuevo aquí todavía no marca cambios
look-not-known-remedy = Escriba un poco; tras algunas revisiones podrá.
contributions-elsewhere = También las de { $names }.
feed-unknown = Este canal no se conoce, o su cuenta se borró
mend-restore = «{ $title }» recupera su texto del { $when } ({ $count ->
    [one] una palabra
   *[other] { $count-text } palabras
})
mend-lead = Que lleve a «{ $title }»
mend-otherwise = Que lleve a otra parte
mend-target = ¿A qué página?
mend-button = Que lleve ahí
mend-restored = Vuelve su propio texto
mend-round = «{ $title }» lleva de vuelta a esta página
mend-round-remedy = Elija una página que tenga su propio texto.
limits-title = Límites para quien es nuevo
limits-lead = Bastan para una tarde de escritura, y son poco para una máquina que hace publicidad. Los fijan quienes cuidan.
limits-known-after = Revisiones tras las que se conoce a alguien
limits-per-hour = Revisiones por hora
limits-per-hour-here = Revisiones por hora de una misma página
limits-new-links = Direcciones nuevas de otros sitios en una revisión
limits-off = Sin límites
limits-none = No hay límites.
limits-wrong = «{ $field }»: escriba un número de { $least } a 1.000.000.
care-limits = Límites para quien es nuevo
care-waits = Cambios que nadie ha mirado
cite = Citar una fuente
cite-how = La nota se pone donde está el cursor en el texto, o al final.
cite-author = Quién lo escribió
cite-title = Título
cite-published = Dónde apareció
cite-published-hint = Una editorial, o una revista con su número.
cite-year = Año
cite-doi = DOI
cite-doi-hint = Empieza por 10.
cite-isbn = ISBN
cite-url = Dirección en la red
cite-button = Poner la nota
cite-empty = Dé un título, un DOI, un ISBN o una dirección.
cite-doi-wrong = Esto no es un DOI: empieza por 10. y lleva una barra, como 10.1000/182.
cite-isbn-wrong = Esto no es un ISBN: tiene 10 o 13 cifras, y la última comprueba las demás.
cite-url-wrong = Esto no es una dirección que empiece por https://
discuss-passage = Decir algo de este pasaje
revision-by = De
changes-all-looked-at = Todo está mirado
menu-write = Escribir
write-page = Escribir una página
starter-hide = Ocultarlos ya
write-own-key = La llave de esta cuenta la guarda usted: aquí no se puede firmar
write-own-key-how = Escriba el texto en un archivo y publíquelo con su llave:
quoted = «{ $text }»
diff-steps = De un cambio a otro
diff-before = El cambio anterior
diff-after = El siguiente
read-as-of = Leerla como quedó
as-of = Así estaba el { $when }
as-of-compare = Qué cambió desde entonces
as-of-now = La página de ahora
licence-shares-alike = se nombra a quien lo hizo, y lo derivado se comparte igual
licence-names = basta con nombrar a quien lo hizo
licence-gives-all = sin condiciones
licence-peers = libre para personas, cooperativas y quien no busca lucro; otros preguntan
rule-title-kind = Ese título quedaría entre páginas de otra clase, o tiene signos que nadie ve
rule-title-kind-remedy = Elija uno que no empiece como User:, File:, Category: o Template:.
rule-in-anothers-name = Los campos «contributor» y «source» son del propio comunal, para lo que trae de otra parte
rule-in-anothers-name-remedy = Nombre a quien lo escribió en «attribution», con la procedencia «imported».
limits-kept = Guardado. Desde ahora rigen estos límites.
text-page-gone = La página ya no está: alguien la retiró mientras usted escribía. Su texto sigue aquí abajo; cópielo, o guárdelo como borrador.
text-revision-gone = La revisión desde la que empezó ya no está. Su texto sigue aquí abajo: cópielo y abra la página otra vez.
text-section-gone = La sección que editaba ya no está. Su texto sigue aquí abajo: cópielo y abra la página entera.
