"""API issues: errors, limits, webhooks and paging, mostly answered with what the docs say."""

ISSUES = r"""
# *
S API question:
S Trouble with your REST API.
S api problem
S Developer here.
S About the API:
S Your API again.
S Our API integration broke.
S Question on the developer platform.
S api v2
S We're on API v2.
S Building an integration for «company».
S We rotated the API keys on «day».
S it worked until «month»
S Same code runs fine against the sandbox API.
S Our nightly API job is down since «time».
S Production API calls are affected.
S I inherited this integration from «person».
S using «client» here
E We're running it from a container in «place», in case region matters.
E Is that a known problem? Nothing on the API status page.
E Last successful API call was on «day» around «time».
E our client «company» is breathing down my neck
E I've already burned «small» hours on this API.
E Stack: «client», nothing exotic.
E API support ticket open since «month», no answer
E «person» and I looked at it together and we're out of ideas
E The developer forum has «small» people with the same question and no reply.
E happens with the sandbox key too btw
E I can send request ids if somebody reads them.
E happy to be told i'm stupid, as long as it works after
E Our retry logic makes it worse, of course.
E any workaround is fine for now
E this api used to be so stable
E We go live in «month» and this is the last open point.
D Nothing changed in how we call the API.
D Happens from two different servers.
D request id ends in «small»f«small»
D API headers are there, I triple checked.
D I can reproduce it in «client».
D Our logs show it «small» times an hour.
D the sdk hides the details of course
D «person» sees the same from home.
D Third API oddity this month.
D customers notice by now that the api is down
N Please check that your API key is valid and that you are using the right endpoint. You can find
  more information in the API documentation.
N An error of this kind usually means that something went wrong with the request. Please try again
  later.
N Here's how to call the API:\n\n```\ncurl https://api.folderwick.example/v2/documents -H
  "Authorization: Bearer <token>"\n```\n\nLet me know if you have any questions!
N I'm sorry, I don't have information about the status of the API.
N You can set the parameter `auto_fix=true` in the request to avoid this.
N I couldn't find anything about that in the API documentation.
M I apologise for the confusion. Please make sure the key is valid and try again.
M I'm sorry this is still failing. The documentation says that requests must be authenticated.
M Thank you for the details. Unfortunately I can't see your requests or logs.
M [auto_fix] You're right, that parameter doesn't exist. Please try `retry=true` instead.
M I'm afraid I don't know more than what's in the API documentation.
H Part of this is known: the search index was rebuilt this week and calls are slow meanwhile. For
  the rest I have no explanation.
H That can happen after the v2 switch. The changelog lists the renamed fields; it doesn't say
  anything on your case.
R Let me ask another way: which setting on your side makes this call fail?
R Forget my code. Does a plain curl to the API work for you?
R Is it an API outage, yes or no? I've ruled out our side.
R what i need is what the API does, not how to log in
R ok and with the old v1 route, would that still work?
R [docum] The docs page you quote is the one I followed. What does the API do differently from it?
C [key is valid] the key's fine, other endpoints work with it
C [auto_fix] That parameter doesn't exist, the API answers "unknown field".
C [try again later] I've been trying again since «day». It's not temporary.
C [curl] I know how to call it. I don't know why it answers like that.
C no, that's about v1, i'm on v2
G [docum] which docs page? the link in the portal is a 404 too, ironic
G is anybody looking at the API? your status page says all green
G and who can see the logs then, if you can't
X opening a ticket, this goes nowhere
X we'll scrape it instead, sigh
X ok. switching the integration off until someone human replies
P ok will read the docs again
P hm ok, I'll try that on «day»
P alright, will ask support
T 200 OK, finally
T deployed, works
F [SDK] which sdk version has that
B From 2.4 on, in Python and Node alike.
F is that documented anywhere?
B In the changelog of v2, under "Breaking changes". The reference page lacks it, I've noted that.
F and in the sandbox?
B The sandbox behaves the same since «month».

# auth
R the question was which api scope, not whether the key is valid
R Same key, GET fine, POST refused. What else can it be than a permission?
C the api token is from this morning, it can't have expired
G so do api keys expire or don't they
Q Why does «endpoint» answer 401 with a fresh key?
= Keys made in the web app start without scopes in v2. Tick "documents" under Settings > Developers
  > Scopes.
Q API returns 403 on «endpoint», what scope do I need
= For that one it's `write` plus membership in the folder; the 403 body lists what's missing under
  `needs`.
Q getting "invalid_token" from the api since this morning
Q What's the lifetime of an access token, and how do I refresh it from «client»?
= One hour. POST the refresh token to /v2/oauth/token; it's replaced each time, so store the new
  one.
Q My API key works for reading but POST to «endpoint» says forbidden.
= It's a read-only key, they start with `ro_`. Create one with write scope.
Q OAuth redirect ends with "state mismatch" whenever I log in through «client», any clue?
Q is it possible that api keys get revoked when the owner leaves the company
= Yes, when the owner's account is deactivated. Use a service account for integrations.
Q Service accounts: can the API be called without a named user?
= Yes: Admin > Developers > Service accounts. They need to be added to folders like people.
Q signature check for the API fails, hmac sha256, which string exactly gets signed?
= Timestamp, a full stop, then the raw body. Most people sign the parsed JSON by mistake.
Q «endpoint» gives me an HTML login page instead of JSON
Q How do I limit an API key to one folder?
Q Our SSO was switched on and now every api call is rejected.

# limits
R how many api calls per minute, just a number
R suppose i send one call per second all night. would the API block me
C [docum] the documentation gives two different limits on two pages
G and how long do we have to wait after a 429
Q We hit 429 on «endpoint» after «big» calls, what's the rate limit?
= 120 a minute per workspace, all keys together. `X-Remaining` in each answer tells what's left.
Q too many requests, but i only send «small» per second to the api??
= That's above 120 a minute. Two a second is the ceiling, bursts of twenty are fine.
Q Retry-After says 0 and the next API call is a 429 again. Bug?
Q Is the API quota per key, per user or per workspace?
= Per workspace. A second key doesn't help.
Q how do i batch calls to «endpoint» so we don't run into the limit
= POST /v2/batch takes up to 50 calls and counts as one.
Q Can our rate limit be raised for a migration of «big» documents through the API?
Q The API throttles us at night only. Why would that be?
Q any way to see how much api quota is left

# hooks
R ok only this: does your side show a delivery attempt for our webhook or not
R Our endpoint answers 200 in 80 ms. Why does the webhook count as failed?
C our webhook url isn't wrong, three other services post to it
G is the webhook disabled after failures, and where would i see that?
Q Webhooks stopped arriving on «day», endpoint is up and answers 200.
= After 20 failures a webhook is paused. Settings > Developers > Webhooks > Resume.
Q I receive each webhook «small» times, how do I dedupe?
= Delivery is at least once. Keep `event_id` for a day and drop repeats.
Q webhook payload has no document id any more since the last release
Q How long does the API keep retrying a webhook when our server is down?
= For 24 hours, at growing intervals, then it's listed under Failed.
Q Which IP ranges do your webhooks come from?
Q webhook for "document.updated" fires when somebody just opens the file
Q Can I replay the webhook events we missed between «time» and noon?
Q Registering a webhook via «endpoint» fails with "url not reachable", it's reachable from
  everywhere else.

# paging
R to be concrete: api page one and page two contain identical ids. what cursor should i send
R How do I get ALL documents out of the list call, in one sentence?
C the cursor is in there, look at the api request
C I don't set a filter. That's the whole problem.
G is total the total or not?
Q Pagination on «endpoint» repeats the same page forever.
= `page` and `cursor` together give page one again. Send only the cursor.
Q next_cursor is null although there must be «big» more documents, api v2
Q the search API finds «small» results, the web app finds «big». same query
Q GET «endpoint»?limit=500 only returns 100 items, is that the max
= Yes, 100 is the most a page holds; go on with `cursor`.
Q Sorting by date isn't respected by the API, «client» gets random order.
Q Filter on folder id is ignored in «endpoint», I get everything.
= In v2 it's `folder`, not `folder_id`; unknown filters are ignored without an error.
Q Does the API return deleted documents too? Counts don't match.
Q api says total=0 but items has entries lol

# errors
R same api request, «endpoint», this time by hand. still an error. what's missing in it?
R The body's valid against your own schema. Which field does the API dislike?
C It isn't our firewall, other endpoints work from the same machine.
C wrong error, the api sends it in the answer, not in the request
G what does the code in the error body stand for
Q «endpoint» throws 500 for files over «small» MB.
Q upload through the api hangs at 99% then 504
= Above 5 MB use the multipart route: create, PUT the parts, complete. The single call times out.
Q Every third call to «endpoint» times out after 30 s.
Q What does error code E«small»«small»2 from the API mean?
Q PATCH on «endpoint» returns 200 and changes nothing.
Q the API mangles umlauts in file names, ü becomes Ã¼
= Send the name as UTF-8 in `filename*`; plain `filename` is read as Latin-1.
Q JSON from «endpoint» isn't valid, there's a trailing comma in "tags"
Q "unprocessable entity" with no details. what's wrong with my payload
Q CORS error when calling «endpoint» from the browser, how do I allow our domain?
= The API isn't meant for browsers and sends no CORS headers. Put a small server in between.
Q the «client» example in your API docs doesn't compile
Q Since the update the SDK throws "NoneType has no attribute items" in list_documents().
Q API latency went from 200 ms to «small» seconds, is something going on?
Q Is there an API for comments? The docs list it, the server says 404.
Q date fields come back in three different formats from «endpoint», which is right
Q delete via api says "locked", who is locking it
Q multipart upload to «endpoint», which boundary do you expect? always 400
= Don't set Content-Type yourself; the client adds the boundary.
Q How can I tell from the API whether a contract is signed? There is no such field.
Q TLS handshake fails from «client» since your certificate was renewed
Q can the api be used from a raspberry pi, i get "ssl: unsupported protocol"
Q Is «endpoint» idempotent? My retry created «small» duplicates.
= Only with an `Idempotency-Key` header; the same key within a day returns the first answer.
Q Sandbox and production answer differently to the identical API call, why?

# whole
O ```
  |curl -X POST https://api.folderwick.example«endpoint» \
  |  -H "Authorization: Bearer $TOKEN" -d '{"name": "«file»"}'
  |{"error": {"code": "bad_request", "message": ""}}
  |```
  |empty message. great api design. what do you want from me
= curl -d sends a form. Add `-H "Content-Type: application/json"` and the 400 goes away.
O r = requests.get(BASE + "«endpoint»", headers=h, timeout=«small»)
  |r.status_code -> 200
  |r.json() -> JSONDecodeError
  |why would an API answer 200 with an empty body
O For three days our sync has lost about «big» records a night. Logs show your API closing the
  connection mid-response. Nobody at support replies.
O ETIMEDOUT ETIMEDOUT ETIMEDOUT. all day. «endpoint». help
O I'm the only developer at a charity, the API integration with «company» broke on «day», and the
  error says "contact your administrator". I am the administrator.
O const res = await client.documents.list({ folder: "«folder»" })
  |// TypeError: res.items is not iterable
  |is this the new sdk? changelog says nothing
= In SDK 3 lists are async: `for await (const d of client.documents.list({ folder }))`.
O v1 of the API gets shut down in «month», right? What replaces GET /v1/files/{id}/content, I can't
  find it.
= GET /v2/documents/{id}/blob, with `Accept: application/octet-stream`.
O How are we supposed to test webhooks locally, is there a CLI or do I have to use a tunnel?
= A tunnel works; or Settings > Developers > Send test event, which shows the body to replay.
O the api doc says `folder_id`, the error says `folderId`, the sdk says `parent`. which one guys
= On the wire it's `folder`. The SDK maps `parent` to it; the docs are from v1.
O Could you look at request 7f«small»c-«big» in your API logs? Our customer's upload vanished.
O Does your API support ETags? Polling «endpoint» for changes eats all our quota.
= Yes, send `If-None-Match`; a 304 doesn't count against the quota.
O It's «small» pm, the release is tonight and your staging API returns production data. Please tell
  me that's a display problem.
O {"type":"error","status":422,"detail":"property 'owner' must be a user"} but owner IS a user, id
  u-«big»
= The API wants the user's uuid there, not the short id from the URL. GET /v2/users maps them.
O I want to move «big» documents from our old system by API, keeping dates and owners. Which call
  lets me set created_at?
O Why are there two different ids for the same file, one in the URL and one in the API?
= The short one is for people, the uuid for the API. `?expand=short_id` returns both.
O After «client» was upgraded all API calls are "stream closed". Older version OK.
O Serious question: do you version the API or just change it on Fridays?
O my api calls show up in the audit log under «person», who left in «month». how
= The key still belongs to that account. Move it: Admin > Developers > Keys > Change owner.
O GraphQL? or only REST? and is there an openapi file that matches reality
O Our monitoring counted «small» outages of the API in one week. What uptime do you promise?
O Half the fields I PUT to the API are silently dropped. "status" stays "draft" whatever I send.
O every API response has a different capitalisation of "Content-type" and my parser dies, can u fix
O How do I get plain text of a document through the API rather than that nested block format?
= Ask for it: `Accept: text/plain` on /v2/documents/{id}.
O is the search endpoint indexing async? doc created via api shows up like «small» minutes later
O ISO dates with a space instead of T in «endpoint», is that on purpose?
O Legal wants every signed contract pushed to their archive by API the moment it's countersigned.
  Which event do I listen to?
O bearer or basic auth? the tutorial uses both in one example and neither works
O Your Postman collection for the API is from «year», the paths in it don't exist.
O our no-code flow "new file → create task" fires for folders as well, can the API filter that out
O {"message":"Too many nested filters"}. I have two. TWO.
"""
