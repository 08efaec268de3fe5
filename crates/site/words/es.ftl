skip = Ir al contenido
search = Buscar
search-label = Buscar en todo el comunal
search-hint = Buscar artículos, gente, temas…
menu = Menú
menu-main = Principal
foot-about = Un comunal que cualquiera puede leer, copiar y llevarse. Esta página no contacta a nadie más: sin rastreo, sin anuncios, sin letras ajenas.
foot-take = Para llevar
foot-commons = Qué es este comunal
foot-api = Interfaz para programas
foot-feed = Cambios por suscripción
foot-view = Apariencia
theme-light = Clara
theme-dark = Oscura
theme-auto = Como mi aparato
pages = Partes de la lista
next = Siguiente
problem-remedy = Lo que cada dirección recibe y responde está en /api/v1/openapi.json.
problem-mend = Corrija lo que se dice de cada campo y envíelo de nuevo.
problem-404 = Aquí no hay nada
problem-410 = Esto fue retirado
problem-4xx = Eso no funcionó
problem-5xx = Algo falló aquí
problem-home = Ir al inicio
problem-404-path = No hay nada en «{ $path }». Búsquelo, o empiece por el inicio.
problem-405 = { $path } no acepta este método
problem-no-room = La máquina no tiene espacio donde escribir, o no puede.
problem-busy = La máquina está ocupada con algo que tarda.
problem-search = La búsqueda no puede responder.
problem-failed = El nodo no pudo leer lo que necesita.
problem-failed-remedy = Inténtelo de nuevo en un momento. Quien mantiene este nodo encuentra la razón en su registro.
bad-limit = limit={ $text } no es un número de 1 a { $most }
bad-search-cursor = after= no es una marca que haya dado esta búsqueda
bad-search-cursor-remedy = empiece por los primeros resultados
type-not-found = Ahí no hay nada
type-not-found-why = La dirección no lleva a nada de aquí, o a algo que quien pregunta no puede ver.
type-method-not-allowed = Otro método
type-method-not-allowed-why = La dirección acepta otros métodos; la cabecera Allow los enumera.
type-bad-limit = Un límite imposible
type-bad-limit-why = limit= debe ser un número entero desde 1.
type-bad-cursor = Una marca de otra lista
type-bad-cursor-why = after= o since= debe ser lo que una respuesta anterior de la misma lista dio como next.
type-bad-space = Un espacio no se llama así
type-bad-space-why = Un espacio se nombra con minúsculas, cifras y guiones, como public.
type-bad-title = Un título imposible
type-bad-title-why = Un título tiene de 1 a 255 bytes y ninguno de los signos [ ] {"{"} {"}"} | < > #.
type-bad-revision = No es una revisión
type-bad-revision-why = Una revisión se nombra con las 64 cifras hexadecimales de su resumen.
type-bad-hash = No es un archivo
type-bad-hash-why = Un archivo se nombra con las 64 cifras hexadecimales de su SHA-256.
type-withdrawn = Retirado
type-withdrawn-why = Lo retiró quien lo escribió o una persona responsable. No vuelve a esta dirección.
type-disk-full = Sin espacio
type-disk-full-why = El disco del nodo está lleno. Se puede leer; se podrá escribir cuando haya espacio.
type-unwritable = No se puede escribir
type-unwritable-why = El nodo no puede escribir su carpeta de datos.
type-database-locked = Ocupado
type-database-locked-why = Otro programa tiene la base de datos. Inténtelo de nuevo en un momento.
type-database-unreachable = Sin base de datos
type-database-unreachable-why = El servidor de la base de datos no responde. Inténtelo de nuevo en un momento.
type-search-unavailable = Sin búsqueda
type-search-unavailable-why = El índice de búsqueda no puede responder. Se puede leer.
type-stopping = Se está deteniendo
type-stopping-why = El nodo se está deteniendo. Inténtelo de nuevo en un momento.
search-empty = Escriba arriba lo que busca. No importan las tildes, las terminaciones ni los pequeños errores.
search-example-1 = energía comunal
search-why-1 = las dos palabras
search-example-2 = "producción entre pares"
search-why-2 = exactamente estas palabras, en este orden
search-example-3 = cooperativas -plataforma
search-why-3 = sin la segunda palabra
search-example-4 = agro*
search-why-4 = toda palabra que empiece así
results-title = { $count ->
    [0] Ningún resultado para «{ $query }»
    [one] Un resultado para «{ $query }»
   *[other] { $count-text } resultados para «{ $query }»
}
results-all = { $count ->
    [one] Una página
   *[other] { $count-text } páginas
}
results-best = { $shown-text } de { $count-text }, los mejores primero
results-count = { $count-text } resultados
did-you-mean = ¿Quiso decir
also-searched = Casi ninguna página lo escribe así. Estos resultados responden también a
search-relaxed = Ninguna página tiene todas estas palabras; estas tienen algunas.
search-none = Ninguna página tiene estas palabras
search-none-why = Pruebe con menos palabras o con otras, o mire los temas.
search-wider = Buscar en todo
search-themes = Ver los temas
narrow = Acotar los resultados
narrow-summary = Acotar: clase, lengua, tema
facet-kind = Clase
facet-language = Lengua
facet-theme = Tema
facet-all = Todo
about-title = Qué es este comunal
about-lead = Un conjunto de saberes que sus integrantes escriben, cuidan y deciden en común. Cualquiera puede leerlo, y llevárselo entero.
about-use = ¿Puedo usar esto?
about-use-text = Sí, como dice su licencia: cada página nombra a sus autores, de dónde viene su texto y la licencia con la que cualquiera puede usarlo, cambiarlo y compartirlo. Lo que se trae de otra parte conserva la licencia que tenía.
about-kept = Qué se guarda de usted
about-kept-text = Si solo lee: nada. Una cookie recuerda la lengua o los colores si usted los eligió; contiene esa palabra y nada más.
about-check = Cómo se comprueba
about-check-text = Todo lo que se muestra sale de { $count-text } registros firmados. Quien los tenga puede comprobar cada uno sin confiar en este nodo.
about-commons-key = Clave del comunal
about-node-key = Clave de este nodo
about-version = Versión de Minga
menu-sign-in = Entrar
menu-join = Unirse
menu-inbox = Avisos
foot-decisions = Quién cuida, y qué se decidió
foot-privacy = Qué guardamos de usted
foot-report = Avisar de algo en esta página
problem-401 = Esta página es para quien tiene cuenta y ha entrado.
problem-401-remedy = Entre, o cree una cuenta.
problem-token = Este pase de programa no se conoce aquí, o ya no vale
problem-token-remedy = Haga otro en la página «Mi cuenta».
problem-form = Este formulario se abrió en otro lugar, o hace demasiado tiempo. No se hizo nada.
problem-form-remedy = Ábralo de nuevo. Lo que escribió está abajo: cópielo antes de dejar esta página.
problem-form-written = Lo que escribió
type-signed-out = Sin entrar
type-signed-out-why = La dirección es para personas con cuenta: una sesión, o un pase de programa en la cabecera Authorization.
type-bad-token = No hay tal pase
type-bad-token-why = El pase de la cabecera Authorization no se conoce aquí, o se dio por terminado.
type-foreign-form = Un formulario de otra parte
type-foreign-form-why = Un formulario se acepta solo desde una página que este nodo mostró al mismo navegador. Los programas envían un pase en la cabecera Authorization.
form-mistakes = { $count ->
    [one] Aún no: falta corregir una cosa
   *[other] Aún no: falta corregir { $count-text } cosas
}
form-kept = Nada de lo que escribió se perdió.
form-optional = (opcional)
type-mistakes = Algo de lo enviado está por corregir
type-mistakes-why = Cada error se nombra con su campo y una frase; no se cambió nada.
problem-401-title = Hace falta entrar
search-begin = Escribir «{ $query }»
about-change = Cambiar el nombre y esta frase
menu-stewards = Cuidar
form-see = Verla
body-large = Lo enviado pasa de { $most } MiB, lo más que se acepta aquí.
body-large-remedy = Envíelo por partes, o lo más largo como archivo.
body-late = Lo enviado no llegó en un minuto. Vuelva a intentarlo.
body-fields = El formulario tiene más de { $most } campos.
body-json = Lo enviado no es un objeto JSON de textos, números, valores de verdad y listas de ellos.
body-parts = El formulario no está bien formado: no se distinguen sus partes.
language-und = lengua no indicada
