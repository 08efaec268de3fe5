menu-map = Mapa
map-title = Mapa de iniciativas
map-lead = Lo que la gente hace en común, y dónde. Cada número cuenta todo lo que hay, en el recuadro y con los filtros que usted eligió.
map-text = Palabras
map-any = Cualquiera
map-filter = Mostrar
map-in-box = en este recuadro;
map-everywhere = En todas partes
map-all = Sin filtros
map-about = Cada rombo reúne lo que está cerca; tóquelo para acercarse. El mapa es de Natural Earth, de dominio público, con pueblos de GeoNames (CC BY 4.0); se sirve desde aquí.
map-no-land = Este nodo se construyó sin su mapa del mundo: los lugares son correctos, falta la tierra.
map-empty = Aquí aún no hay nada
map-empty-why = Busque en un recuadro más grande, o con menos filtros.
map-in = Acercar
map-out = Alejar
map-west = Oeste
map-east = Este
map-north = Norte
map-south = Sur
initiative-kind = Clase
initiative-theme = Tema
initiative-country = País
initiative-area = Provincia
initiative-activity = Actividad
initiative-form = Forma jurídica
initiative-status = ¿Sigue viva?
status-alive = Viva
status-paused = En pausa
status-gone = Ya no existe
no-initiative = Aquí no hay tal iniciativa
initiative-in = Escrito en { $language }.
initiative-silent = Aún no dice qué hace.
initiative-offers = Qué ofrece
initiative-needs = Qué necesita
initiative-alive = ¿Sigue viva?
initiative-unconfirmed = Nadie lo ha dicho aún.
initiative-history = Historia
initiative-withdrawn = retirada
initiative-imported = de una lista
initiative-online = en línea
initiative-facts = Datos
initiative-address = Dirección
initiative-hours = Horario
initiative-since = Desde
initiative-links = En otros sitios
initiative-licence = Licencia de estos datos
initiative-sources = De la lista
initiative-original = Como lo dice la lista
initiative-where = Dónde
initiative-rough = a unos { $metres } metros
initiative-near = Qué hay cerca
confirm-open = Decir si sigue viva
confirm-sign-in = Entre para decir si sigue viva
confirm-legend = ¿Qué sabe usted?
confirm-note = ¿Cómo lo sabe?
confirm-note-hint = Cualquiera lo puede leer.
confirm-button = Decirlo
bad-status = Eso no responde si sigue viva
bad-status-remedy = Elija viva, en pausa o ya no existe.
bad-bbox = «{ $text }» no es un recuadro del mapa: { $reason }
bad-bbox-remedy = Escriba oeste,sur,este,norte en grados, como -81,-5,-75,2.
bad-map-limit = «{ $text }» no es un número de 1 a 500
bad-map-cursor = Ahí no sigue ninguna lista
rule-unknown-kind = Esa no es una clase de iniciativa
rule-unknown-kind-remedy = Elija una de la lista.
rule-many-initiatives = Nadie dice tanto de iniciativas en una hora
rule-many-initiatives-remedy = Siga un poco más tarde.
count-initiatives = { $count ->
    [one] Una iniciativa
   *[other] { $count-text } iniciativas
}
map-of = { $count ->
    [one] una en total
   *[other] { $count-text } en total
}
map-nearer = { $count } iniciativas: acercarse
initiative-begin = Añadir al mapa
initiative-new = Añadir una iniciativa
initiative-change = Cambiar una iniciativa
initiative-edit = Cambiar
initiative-form-lead = Bastan el nombre y la clase para empezar; cualquiera puede seguir.
field-initiative-name = ¿Cómo se llama?
field-initiative-text = ¿Qué hace?
field-initiative-text-hint = Con sus palabras; se entienden **negritas** y listas.
field-initiative-at = ¿Dónde? Latitud, longitud
field-initiative-at-hint = En grados, por ejemplo -0.2201,-78.5123. Tan exacto como su gente quiera.
field-initiative-radius = ¿Qué tan exacto es?
radius-exact = Hasta la puerta
radius-near = Unas cuadras a la redonda
radius-town = El pueblo o la parroquia
radius-region = La región
field-initiative-locality = Pueblo o parroquia
field-initiative-region = Provincia
field-initiative-online = También trabaja en línea
field-initiative-themes-hint = Separados por comas.
field-initiative-links-hint = Una dirección por línea. Cómo contactar a personas no va aquí.
field-initiative-since-hint = Un año, o un día como 2013-05-01.
field-initiative-summary = ¿Qué cambió, y por qué?
choose-none = Sin decir
initiative-public = Lo que publique lo puede leer, copiar y cambiar cualquiera, bajo CC BY-SA 4.0 o la licencia con que vino.
initiative-publish = Publicar
initiative-leave = Salir sin publicar
initiative-name-needed = Escriba cómo se llama
initiative-text-long = Escriba como mucho 10.000 letras
initiative-at-null = 0,0 está en el mar; déjelo vacío si no lo sabe
initiative-at-elsewhere = Ese punto está en { $area }, y no en el país que eligió: ¿están latitud y longitud en su orden?
initiative-at-wrong = Escriba latitud y longitud separadas por una coma, como -0.22,-78.51 ({ $reason })
initiative-link-wrong = «{ $link }» no es una dirección web
initiative-clash = Otra persona cambió «{ $field }» mientras tanto: «{ $theirs }». Mírelo y publique otra vez.
kind-initiative = Iniciativa
map-take = Llevárselo:
bad-format = «{ $text }» no es una forma de llevarse iniciativas
bad-format-remedy = Elija geojson, csv, kml o jsonl.
pairs-title = Lo que puede estar dos veces
pairs-lead = Nombres parecidos, cerca, o con el mismo sitio en la red. El programa propone; quien conoce el lugar decide, y todo se puede deshacer.
pairs-none = Nada parece estar dos veces
pairs-none-why = Cuando dos iniciativas se parezcan, estarán aquí para compararlas.
count-pairs = { $count ->
    [one] Un par
   *[other] { $count-text } pares
}
pair-names = nombres iguales en un { $percent } %
pair-metres = a { $metres } metros
pair-kilometres = a { $kilometres } km
pair-site = mismo sitio: { $site }
same-one-title = ¿Está dos veces?
same-one-lead = Esto es lo que más se le parece. Compárelos antes de decidir.
same-nothing = Nada de lo que hay se le parece.
field-same-with = Comparar con otra
field-same-with-hint = Copie la dirección de su página.
same-compare = Comparar
same-unknown = «{ $text }» no lleva a otra iniciativa de aquí
same-title = ¿Son la misma?
same-unlike = El programa no ve parecido; usted decide.
same-told-apart = Alguien dijo que son dos
same-joined-already = Ya son una
same-see = Ver la que quedó
same-caption = { $count ->
    [0] No se contradicen en nada
    [one] En un punto dicen otra cosa: elija
   *[other] En { $count } puntos dicen otra cosa: elija
}
same-stays = ¿Qué página queda?
same-stays-this = Esta
same-name = Nombre
same-text = Qué hace
same-choose = elija
same-kept = Temas, enlaces, actividades, personas y listas de las dos se conservan. La dirección de la otra llevará a la que queda; su historia también se conserva, y se puede deshacer.
field-same-note = ¿Cómo lo sabe?
same-join = Son la misma: unir
same-apart = Son dos
same-changed = Alguien cambió una de las dos mientras usted comparaba. Mírelas otra vez y decida.
same-summary-stays = Unida con «{ $title }»
same-summary-goes = Es la misma que «{ $title }»
same-summary-parted = Separada otra vez
same-joined = Unida con
same-part = Separar
same-ask = ¿Está dos veces en el mapa?
same-here-already = { $count ->
    [one] Puede que ya esté aquí
   *[other] Puede que ya esté aquí: hay { $count } parecidas
}
same-here-already-what = Si es una de estas, complétela en su página. Si es otra, publíquela: no se ha perdido nada.
initiative-publish-anew = Es otra: publicar
pin-find = Usar donde estoy
pin-put = Toque el mapa para poner el punto; después puede arrastrarlo.
pin-name = El punto que usted pone
pin-at = El punto está en
pin-lost = Su aparato no dice dónde está. Toque el mapa, o escriba las coordenadas.
no-asset = No hay tal parte del programa
areas-title = Países y provincias
areas-lead = Lo que hay en cada lugar, y dónde todavía no hay nada.
areas-there = { $count ->
    [one] Un país con iniciativas
   *[other] { $count } países con iniciativas
}
areas-nowhere = Todavía en ninguno.
areas-empty = { $count ->
    [one] Un país sin iniciativas
   *[other] { $count } países sin iniciativas
}
areas-empty-open = Ver cuáles
no-area = «{ $code }» no es el código de un país ni de una provincia
area-none = Todavía no hay iniciativas aquí
area-on-map = Ver en el mapa
area-empty = Nadie ha contado todavía lo que hay aquí
area-empty-why = Si conoce una iniciativa de este lugar, agréguela: nombre y punto bastan para empezar.
area-there = Lo que hay
area-all = Ver las { $count }
area-more = y { $count } más
area-search = Buscar «{ $name }» en los artículos
area-provinces = { $count ->
    [one] Una provincia
   *[other] { $count } provincias
}
map-filters = Filtros
restore = Volver a este texto
restore-summary = Vuelve a decir lo del { $when }
initiative-busy = Muchas personas cambian esto a la vez; envíe otra vez el formulario
initiative-radius-wrong = Elija de la lista cuán exacto es
rule-unseen-name = El nombre tiene señales que no se ven, o que cambian la dirección de la escritura
rule-unseen-name-remedy = Escríbalo sin ellas.
rule-behind = Alguien cambió esta iniciativa mientras tanto
rule-behind-remedy = Mírela otra vez, y repita lo suyo.
same-here-already-program = Envíe también anew=yes si es otra.
take-busy = Otras personas se están llevando datos en este momento
take-busy-remedy = Espere unos segundos e inténtelo otra vez.
initiative-sprint = Maratón de mapeo
sprints-title = Maratones de mapeo
sprints-lead = Muchas personas, en muchas ciudades, ponen en el mapa en unas horas lo que conocen.
sprints-none = Todavía no hay ninguna
sprints-none-why = Convoque una: hace falta un nombre, cuándo y qué se busca.
sprint-new = Convocar una maratón
sprint-change = Cambiar la maratón
sprint-form-lead = Diga qué se busca y cuándo; los equipos pueden sumarse después.
sprint-publish = Publicar
field-sprint-name = ¿Cómo se llama?
field-sprint-text = ¿Qué se busca, y qué entra?
field-sprint-text-hint = Los criterios que todos leerán al agregar; **negrita** y listas se entienden.
field-sprint-begins = Empieza
field-sprint-ends = Termina
field-sprint-time-hint = En hora universal (UTC): en Ecuador son cinco horas menos.
field-sprint-teams = Equipos
field-sprint-teams-hint = Uno por línea; después de «|», dónde está: Quito | -0.2201,-78.5123
sprint-time-wrong = Escriba día y hora, como 2026-11-28T09:00
sprint-ends-first = Termina antes de empezar
sprint-team-wrong = «{ $line }»: después de «|» van latitud y longitud
no-sprint = No hay tal maratón aquí
sprint-coming = todavía no empieza
sprint-open = abierta
sprint-over = terminada
sprint-add = Agregar lo que conozco
sprint-add-lead = Nombre y punto bastan. Si se corta la conexión, queda guardado en su aparato y se envía después.
sprint-added = Ya está. Puede agregar otra.
sprint-enter = Agregar
sprint-report = Informe
sprint-report-of = Informe de «{ $title }»
sprint-review = Revisar lo que llegó
sprint-review-lead = Lo que nadie ha mirado todavía cuenta; lo que se deja fuera lleva su razón, que todos pueden leer.
sprint-reviewed = Todo está revisado
sprint-board = Volver al tablero
sprint-counts = { $things ->
    [one] Una cosa
   *[other] { $things } cosas
}, { $people ->
    [one] una persona
   *[other] { $people } personas
}, { $countries ->
    [one] un país
   *[other] { $countries } países
}
sprint-waiting = { $waiting } por revisar; { $out } dejadas fuera
sprint-teams = Entradas por equipo
sprint-team = Equipo
sprint-no-team = Sin equipo
sprint-entries = Entradas
sprint-countries = Países
sprint-people = Quienes participan
sprint-newest = Lo último
sprint-gone = Retirado
sprint-left-out = fuera
field-sprint-bring = Traer algo que ya está aquí
field-sprint-bring-hint = La dirección de su página, o su título: un artículo, una iniciativa, lo que sea.
sprint-bring = Traer
field-sprint-reason = ¿Por qué no entra?
sprint-reason-needed = Diga por qué no entra
sprint-fits = Entra
sprint-leave-out = Dejar fuera
sprint-all = { $count ->
    [one] Una entrada
   *[other] Las { $count } entradas
}
sprint-queue = Esperan conexión:
sprint-sent = Enviadas:
sprint-kept = Sin conexión: queda guardado en este aparato y se enviará solo.
sprint-refused = No se pudo agregar; corríjalo y envíelo otra vez:
sprint-signed-out = Su sesión terminó: entre otra vez y se enviarán.
sprint-again = Enviar ahora
rule-not-the-convenor = Lo decide quien convocó la maratón, o quien cuida la comunidad
rule-not-the-convenor-remedy = Escríbales en la página de la maratón.
rule-sprint-over = La maratón ya terminó
rule-sprint-over-remedy = Agréguelo al mapa por su cuenta: también cuenta.
rule-sprint-not-begun = La maratón todavía no empieza
rule-sprint-not-begun-remedy = Vuelva cuando empiece.
rule-entered-already = Usted ya lo trajo a esta maratón
sprint-mend = Corregir
sprint-drop = Descartar
initiative-languages = En otras lenguas
initiative-translates = Traducción de { $from } a { $to }
field-initiative-to = Decirlo en otra lengua
field-initiative-to-hint = Por ejemplo kichwa, inglés, qu.
initiative-translate = Traducir
initiative-one-language = Todavía en ninguna.
translate-which = Diga en qué lengua, por ejemplo «kichwa» o «qu»
withdraw-initiative = Retirarla
withdraw-initiative-title = Retirar «{ $title }»
withdraw-initiative-lead = Deja de estar en el mapa, en la búsqueda y en lo que se exporta; ninguna lista la traerá de vuelta. Su dirección dirá cuándo y por qué. No se puede deshacer. Si solo dejó de funcionar, diga que ya no sigue viva.
withdraw-initiative-reason = ¿Por qué?
withdraw-initiative-why = Diga por qué
initiative-gone = Esta iniciativa se retiró el { $when }: { $reason }
initiative-gone-remedy = Lo que hay cerca está en el mapa.
