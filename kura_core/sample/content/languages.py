"""The same wishes in other languages; a scene's name starts with its ISO 639-1 code."""

FOREIGN: dict[str, str] = {
    "Find signed contracts": r"""
# de
O Wo finde ich den unterschriebenen Vertrag mit «company»? Ich sehe nur Entwürfe.
- Ich konnte keine Dokumente finden, die zu „«company»“ passen. Versuchen Sie einen anderen
  Suchbegriff.
O Bitte den beidseitig unterzeichneten Rahmenvertrag raussuchen, «company», war glaub ich im Herbst
- Hier ist eine Vorlage: „Rahmenvertrag – Muster.docx“. Möchten Sie sie öffnen?
O Ich brauch die NDA mit den Unterschriften von «company» bis heute Mittag, wo liegt die??
- Eine Geheimhaltungsvereinbarung (NDA) schützt vertrauliche Informationen. Ich habe keine passende
  Datei gefunden.
O unterschriebener Mietvertrag Büro «place», pdf
= „Mietvertrag_«place»_unterzeichnet.pdf“ liegt im Ordner «folder», beide Unterschriften auf Seite
  14.
R Nicht den Entwurf, sondern die Fassung mit beiden Unterschriften.
M Es tut mir leid, dazu finde ich nichts. Bitte prüfen Sie, ob die Datei hochgeladen wurde.
P ok danke
T Danke, gefunden!
# es
O ¿Dónde está el contrato firmado con «company»? Busco desde ayer y solo salen borradores.
- No encontré documentos que coincidan con «company» y “firmado”. ¿Puedo ayudarle en algo más?
O necesito el acuerdo de suministro ya firmado por las dos partes, es urgente, auditoría el lunes
- Para encontrar un contrato, use la barra de búsqueda y filtre por PDF.
R No la plantilla: el documento final, con las firmas.
M Lo siento, sigo sin encontrar nada.
P vale, gracias
# fr
O Je cherche le contrat signé avec «company», la version scannée. La recherche ne donne rien.
- Je n'ai trouvé aucun document correspondant à votre recherche.
O bonjour, avez-vous l'avenant contresigné par «company» quelque part ?
- Voici des documents sur les contrats : “modèle”… Dites-moi si cela vous aide !
R Je veux l'exemplaire avec les deux signatures, pas un modèle.
M Je suis désolé, je ne trouve pas ce document.
P bon, merci
# pt
O Preciso da cópia assinada do contrato com «company», onde foi parar?
- Não encontrei nenhum documento com esse nome. Tente outra palavra-chave.
O cadê o contrato assinado da «company»???? só aparece rascunho
- Encontrei «small» rascunhos. Deseja abrir um deles?
P tá bom, obrigada
# nl
O Waar staat het getekende contract met «company»? In de map zit alleen het concept.
- Ik kon geen documenten vinden die overeenkomen met je zoekopdracht.
P oké bedankt
# ja
O «company»との署名済み契約書はどこにありますか？下書きしか見つかりません。
- 申し訳ありませんが、該当する文書は見つかりませんでした。
P わかりました。ありがとうございます。
""",
    "Send an e-mail": r"""
# de
O Schick das Protokoll bitte per Mail an «person», mit mir in Kopie.
- Ich habe einen Entwurf vorbereitet. Sie können ihn in Ihr E-Mail-Programm kopieren.
O Warum kannst du keine Mails verschicken? Ich will nur eine Erinnerung an alle rausschicken.
- Das Versenden von E-Mails ist mir leider nicht möglich.
R Nicht entwerfen, absenden!
M Es tut mir leid, das kann ich nicht.
P na gut
# es
O manda este documento por correo a «person» y pon a «company» en copia
- Aquí tiene el texto del correo, listo para copiar.
P ok gracias
# fr
O Envoie ce fichier par mail à «person» avant midi, s'il te plaît.
- Je ne peux pas envoyer d'e-mails, mais je peux vous aider à en rédiger un.
P d'accord
# pt
O manda um e-mail pra equipe avisando que a reunião mudou pra quinta
- Claro! Aqui está o texto. Basta copiar e colar no seu e-mail.
P beleza
""",
    "Book a meeting": r"""
# de
O Trag bitte einen Termin mit «person» ein, Donnerstag 14 Uhr, eine Stunde, Raum Ahorn.
- Gerne, ich habe mir den Termin notiert. Kann ich sonst noch etwas tun?
O Wann haben «person» und ich nächste Woche beide Zeit? Dann gleich einladen.
- Ich habe keinen Zugriff auf Kalender.
R Im Kalender steht nichts. Bitte wirklich buchen.
M Leider kann ich keine Termine anlegen.
P ok, mach ich selbst
# es
O agenda una llamada con «company» el martes por la mañana y manda la invitación
- No tengo acceso a su calendario, pero puedo redactar un mensaje.
P bueno, gracias
# fr
O Peux-tu déplacer ma réunion de vendredi à lundi et prévenir tout le monde ?
- Pour déplacer une réunion, ouvrez votre agenda et faites glisser l'événement.
P ok, je le fais moi-même
# pt
O marca uma reunião de 30 min com a «person» e com o «person2», semana que vem
- Anotado! Posso ajudar em mais alguma coisa?
P tá, obrigado
# it
O Fissa un incontro con «person» giovedì alle dieci, per favore.
- Non posso accedere ai calendari, mi dispiace.
P va bene, grazie
""",
    "Summarise a document": r"""
# de
O Fass mir den Bericht bitte in fünf Sätzen zusammen, ich muss gleich in die Sitzung.
= Kosten 8 % über Plan, vor allem Fracht. Zwei von fünf Zielen erreicht. Standort «place» ist zu
  entscheiden. Ein Lieferant trägt 60 % der Teile. Empfohlen wird ein zweiter.
O Worum geht's in den 40 Seiten vom Gutachter? Kurzfassung
- Das Dokument enthält eine Einleitung, einen Hauptteil und ein Fazit.
# es
O resume este informe en una página, por favor, con las cifras importantes
= Costes un 8 % por encima, dos de cinco objetivos cumplidos, decisión pendiente sobre «place».
# fr
O Résume-moi ce compte rendu en trois points, je n'ai pas le temps de tout lire.
= 1. Budget dépassé de 8 %. 2. Deux objectifs sur cinq atteints. 3. Il faut choisir un site avant
  l'été.
O c'est quoi les conclusions de l'étude de marché, en bref
- Le document aborde plusieurs aspects du sujet et présente des informations utiles.
# ja
O この報告書を三行で要約してください。会議まで時間がありません。
= 費用は計画より8％増、目標は5つのうち2つ達成、«place»の拠点は今月中に要決定です。
""",
    "Translate a document": r"""
# es
O traduce este contrato al inglés y no cambies los números de los artículos
= Listo: la versión inglesa está junto al original, con la misma numeración.
# de
O Kannst du die Betriebsanleitung ins Polnische übersetzen, mit Tabellen?
= Fertig, die Tabellen sind erhalten. Drei Fachwörter habe ich gelb markiert.
# ja
O この契約書の要点を英語に訳していただけますか。
= Done. The English version of the key points is in the side panel.
""",
    "Find when a document changed": r"""
# de
O Wann wurde die Preisliste zuletzt geändert und von wem?
- Ich habe keine Informationen darüber, wann dieses Dokument geändert wurde.
P hm, ok
# fr
O Quelle est la date de dernière modification de ce fichier ?
- Je n'ai pas cette information. Le texte mentionne l'année «year».
P ok merci
# es
O ¿quién modificó el presupuesto por última vez y cuándo?
- No dispongo de fechas de edición para este archivo.
P entiendo, gracias
""",
    "API issues": r"""
# de
O Unser Import über die API bricht seit gestern mit 502 ab, «endpoint», was ist da los?
- Bitte prüfen Sie, ob Ihr API-Schlüssel gültig ist.
O Die API liefert bei «endpoint» nur 100 Einträge, wie komme ich an den Rest?
= Mit `cursor` aus der letzten Antwort weiterblättern; `limit` geht höchstens bis 100.
O Webhook kommt doppelt an, jedes Mal. Ist das gewollt?
= Ja, zugestellt wird mindestens einmal. Nutzen Sie `event_id`, um doppelte zu erkennen.
R Der Schlüssel ist gültig. Was bedeutet der Fehler?
M Entschuldigung, bitte versuchen Sie es später erneut.
P ok, dann Ticket
# es
O la api devuelve 401 con un token recién creado en «endpoint», ¿qué permiso falta?
- Compruebe que su clave sea válida. Más información en la documentación.
O ¿cuál es el límite de peticiones por minuto de la API? me salta el 429 todo el rato
= 120 por minuto y por espacio de trabajo. Respete la cabecera Retry-After.
P vale
# fr
O L'API renvoie une erreur 500 à chaque envoi de fichier de plus de «small» Mo.
- Une erreur de ce type signifie généralement qu'un problème est survenu.
R Les petits fichiers passent, les gros non. Quelle est la limite de l'API ?
M Je suis désolé, je n'ai pas d'information à ce sujet.
P bon
# pt
O o webhook parou de chegar na sexta, nosso servidor tá no ar, o que houve?
- Verifique se o endereço está correto.
O erro 422 no «endpoint» e a mensagem vem vazia, socorro
- Este erro indica que a requisição não pôde ser processada.
P ok
# ja
O APIの«endpoint»が昨日から429を返します。制限は一分間に何回ですか。
= ワークスペースごとに一分間120回です。Retry-Afterの秒数だけお待ちください。
# pl
O API zwraca pusty wynik dla «endpoint», a w aplikacji dokumenty są widoczne
- Proszę sprawdzić, czy klucz API jest prawidłowy.
""",
    "Bulk export": r"""
# de
O Wie exportiere ich den ganzen Ordner auf einmal als PDF, sind etwa «big» Dateien?
= Ordner markieren, Exportieren > Alles darin, PDF wählen. Der Link kommt per Mail.
O Sammelexport läuft seit Stunden, hängt der?
= Unter Admin > Aufträge steht er bei 64 %, er läuft also noch.
T Super, danke!
# es
O quiero descargar todos los documentos de golpe en un zip, ¿se puede?
= Sí: Administración > Exportar, elija las carpetas y «small» partes como máximo.
# fr
O Comment exporter «big» documents d'un coup, avec les dossiers ?
= Administration > Exporter, cochez “garder l'arborescence”.
# pt
O dá pra exportar tudo em CSV com dono e tamanho de cada arquivo?
= Dá: marque "manifesto" na janela de exportação.
# it
O Esportazione di tutta la cartella in un solo file, come si fa?
= Seleziona la cartella, Esporta > Tutto, e ricevi il link per e-mail.
# ja
O フォルダ内の文書をまとめてエクスポートする方法を教えてください。
= フォルダを選び「エクスポート」から「すべて」を選択すると、リンクがメールで届きます。
""",
    "UI feedback": r"""
# de
O Die neue Seitenleiste ist viel zu breit, kann man die irgendwo schmaler machen?
O Seit dem Update finde ich den Speichern-Knopf nicht mehr. Wo ist der hin?
O Schrift zu klein, alles grau in grau, meine Augen sind keine zwanzig mehr
O Das neue Design gefällt mir, endlich aufgeräumt. Nur die Symbole könnten größer sein.
A Danke für den Hinweis. Unter Darstellung > Layout lässt sich das einstellen.
N Vielen Dank für Ihr Feedback! Wir arbeiten ständig an der Oberfläche.
P na ja, ok
T ah, danke
# es
O el modo oscuro no deja leer los comentarios, gris sobre gris
O ¿dónde han puesto el botón de compartir? antes estaba arriba a la derecha
O la nueva interfaz va muy lenta en el móvil, la letra es enana
A Gracias, lo he registrado como sugerencia. En Apariencia puede cambiar el contraste y el tamaño.
N ¡Gracias por sus comentarios! Seguimos mejorando.
P ya, gracias
# fr
O Le menu de gauche se referme à chaque clic, c'est pénible à la longue.
O la nouvelle page d'accueil est jolie mais je ne retrouve plus mes dossiers récents
O Pourrait-on agrandir les boutons sur tablette ? Je clique toujours à côté.
A Merci ! Dans Apparence > Disposition vous pouvez le régler.
N Merci pour votre retour, nous améliorons sans cesse l'interface.
P bon, d'accord
# pt
O a barra de pesquisa ficou minúscula depois da atualização, não vejo o que digito
O gostei do visual novo, só falta poder mudar a cor das pastas
A Obrigado! Em Aparência há uma opção para isso.
N Obrigado pelo seu feedback!
P ok né
# it
O i pulsanti salva e pubblica sono identici, ho già sbagliato due volte
A Grazie, ho inoltrato la segnalazione al team di design.
# nl
O Het nieuwe scherm is zo wit dat ik er hoofdpijn van krijg, kan dat donkerder?
A Ja, onder Weergave kun je het donkere thema kiezen.
# ja
O 新しい画面は文字が小さくて読みにくいです。大きくできますか。
A 「表示」から文字の大きさを三段階で変更できます。
""",
    "Share and permissions": r"""
# de
O Wer kann meinen Ordner eigentlich alles sehen?
= Vier Personen und die Gruppe Vertrieb. Unter Teilen steht die ganze Liste.
# es
O comparte la carpeta con un cliente externo solo para lectura, ¿cómo?
= Abra Compartir > Invitado, escriba su dirección y elija "puede ver".
""",
    "Billing and account": r"""
# fr
O Où est-ce que je trouve la facture du mois dernier ?
= Administration > Facturation > Factures, bouton PDF à droite.
# pt
O fui cobrado duas vezes esse mês, quero meu dinheiro de volta
= Uma delas é uma pré-autorização que some em até cinco dias.
""",
    "Analyse data": r"""
# de
O Mein merge in pandas verdoppelt Zeilen, woran liegt das?
= Der Schlüssel ist rechts nicht eindeutig. `validate="m:1"` zeigt es sofort.
# es
O ¿cómo agrupo por mes en pandas si la fecha viene como texto?
= `pd.to_datetime(df.fecha)` y luego `df.groupby(df.fecha.dt.to_period("M")).sum()`.
""",
    "Build web pages": r"""
# fr
O mon bouton ne se centre pas en CSS, j'ai mis text-align partout
= Sur le parent : `display: flex; justify-content: center`.
# de
O React rendert meine Liste nicht neu, obwohl sich das Array ändert
= Sie ändern dasselbe Array. `setItems([...items, neu])` erzeugt ein neues.
# pt
O o fetch dá erro de CORS, a API é minha e roda local, como libero?
= No servidor: `app.use(cors())`. No navegador não há como.
""",
    "Debug C++": r"""
# de
O Segmentation fault beim Löschen der verketteten Liste, ich seh den Fehler nicht
= Sie lesen `p->next` nach `delete p`. Vorher merken: `Node* n = p->next;`.
# es
O me da "undefined reference to main" al compilar con g++, ayuda
= Falta el archivo con `main` en la orden: `g++ main.cpp lista.cpp`.
""",
    "Debug Python": r"""
# fr
O IndexError: list index out of range dans ma boucle, je comprends pas
= La boucle va un cran trop loin : `for i in range(len(t) - 1)` si vous lisez `t[i + 1]`.
# ja
O Pythonでファイルを開くと文字化けします。どうすればいいですか。
= `open(path, encoding="cp932")` を指定してください。
""",
    "Write SQL queries": r"""
# pt
O como pego só o último pedido de cada cliente em SQL?
= `SELECT DISTINCT ON (cliente_id) * FROM pedidos ORDER BY cliente_id, data DESC;`
""",
    "Improve an essay": r"""
# es
O ¿puedes revisar la introducción de mi ensayo? me suena muy aburrida
= Empiece con un caso concreto y deje la definición para después.
# de
O Ist meine These klar genug oder zu allgemein? "Medien verändern uns."
= Zu allgemein. Sagen Sie wen, wodurch und in welche Richtung.
""",
    "Prepare for an exam": r"""
# fr
O fais-moi un quiz de dix questions sur la photosynthèse, j'ai partiel demain
= 1. Où se déroule la phase claire ? (9 autres suivent)
# ja
O 試験まで一週間です。統計学の勉強計画を立ててください。
= 一日目は確率、二日目は分布、三日目は推定、四日目は検定、残りは過去問です。
""",
    "Explain maths": r"""
# de
O Warum ist die Ableitung von ln x gleich 1/x? Bitte anschaulich
= Weil e^x seine eigene Steigung ist und ln die Achsen vertauscht: aus y wird 1/y.
# pl
O jak policzyć granicę sin(3x)/x w zerze krok po kroku
= sin(3x)/(3x) dąży do 1, więc całość do 3.
""",
}
