"""Programming help around the web: layout, scripts in the browser, React, servers."""

PAGES = r"""
# *
E It's for the site of a bakery in «place».
E the client wants it live on «day»
E I've read «small» blog posts and each says something else.
E no libraries please, school project
E I'm more of a backend person.
E worked in my last project, copy pasted it from there
E Explain it briefly so I learn something.
E tested in chrome and on my phone
N You can build the page with HTML, CSS and JavaScript. HTML is for structure, CSS for style.
N Have you tried restarting the development server?
H In Chrome that's a one-line change in the dev tools, try it there first. Why it fails elsewhere I
  can't tell from this.
H The first part of that is easy: «reduce it to the smallest case that still goes wrong|print the
  types right before the line that fails|take out one line after the other until it works» and the
  cause shows. For the rest I'd need more code.
H Half an answer: the error comes from the line before the one it names. Which of your variables it
  is I can't tell from this.
M Sorry! Please clear the cache and try again.
R to be clear: which line do i change and to what
R I know what HTML is. What's wrong in my case?
C [restart|cache] restarted everything, same result
C [structure] that's week one stuff, not my question
G and why does it work in firefox?
F [display|grid|overflow|width|css] does that work in safari
B Yes, since version 15.
F [toggle|input] can i do it without javascript
B Partly: CSS alone can show and hide with a checkbox, remembering needs a line of script.
F [display|grid|flex] And on mobile?
B Add `@media (max-width: 40rem) { … flex-direction: column }`.

# web
O center a div. i know. please
o How do I centre a box both ways with CSS? I've tried margin auto and it only works sideways.
o login card should be in the middle of the screen vertically as well, css
= `.wrap { min-height: 100vh; display: grid; place-items: center }`
O CORS! fetch from localhost:3000 to my express server on 5000, "has been blocked"
o Blocked by CORS policy: No 'Access-Control-Allow-Origin' header. It's my own backend, how do I
  allow it?
= On the server: `app.use(cors({ origin: "http://localhost:3000" }))` before the routes. It can't be
  solved in the browser.
O useEffect runs twice, i get two requests every time
o React calls my effect two times in development. Is my component broken?
o why does console.log in useEffect print twice react 18
= StrictMode mounts twice in development on purpose. Return a cleanup (`controller.abort`); in
  production it's once.
O state is always one behind:
  |```jsx
  |setCount(count + 1);
  |console.log(count);
  |```
o After setState the old value is still there when I read it in the next line.
= The value of this render doesn't change. Use the new value directly, or an effect on `[count]`.
O flexbox: long text pushes the button out of the card
o A long file name in a flex row makes everything overflow.
= Give the text `min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap`.
O Sticky header doesn't stick. position: sticky; top: 0 is set.
o position sticky not working, what am I missing
= An ancestor has `overflow: hidden`. Remove it, or use `overflow: clip`.
O How can I debounce a search input in plain JS, «small»00 ms?
o my search fires at every key press, how to wait until the user stops typing
= ```js
  |let t;
  |input.oninput = () => { clearTimeout(t); t = setTimeout(() => search(input.value), 300); };
  |```
O "Cannot read properties of undefined (reading 'map')" on first render, then fine after reload
o react list crashes with undefined map before the data has arrived
= The data isn't there yet. Start with `useState([])`, or render `items?.map(…)`.
O make a responsive grid of cards, as many per row as fit, without media queries
o Three columns on desktop, one on phones, CSS grid, least code possible?
= `grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem`
O form reloads the page when i press the button
o On submit my page refreshes and the data's lost, vanilla javascript.
= `form.addEventListener("submit", e => { e.preventDefault(); … })`
O async forEach doesn't wait. users.forEach(async u => await save(u)); done() is called first
o Why does "done" print before my awaits in the loop have finished?
= forEach ignores promises. `for (const u of users) await save(u)` or `await
  Promise.all(users.map(save))`.
O dark mode toggle for my portfolio site, remembers choice
= Put colours in CSS variables, switch `data-theme` on `<html>`, keep it in localStorage, and start
  from `prefers-color-scheme`.
O Express returns "Cannot set headers after they are sent to the client"
o node error ERR_HTTP_HEADERS_SENT in my route, help
= A response is sent twice. `return res.json(…)` in the if, so that the code below isn't reached.
O Lighthouse says my page is slow, LCP 6.2 s, hero image is «small» MB
o how can i make the landing page load faster, huge picture on top
= Serve it as AVIF/WebP at display size with `srcset`, `fetchpriority="high"`, and never lazy-load
  the hero.
O z-index 9999 and my dropdown is STILL behind the table
o Tooltip hidden under the next section no matter what z-index
= A parent with `transform` or `opacity` makes its own stacking context. Raise the parent, or portal
  it to body.
O How do I deploy a static site with my own domain for free?
= Any static host: push the folder, add a CNAME for www, and wait for the certificate.
O django template shows {{ user.name }} literally
= The file is served as static, not rendered. Move it to templates/ and use `render(request,
  "page.html", …)`.
O JWT in localStorage or cookie?
o Where should a single page app keep the login token, security people disagree
= In an httpOnly, Secure, SameSite=Lax cookie. localStorage is readable by any injected script.
O Why's my CSS not applied? File is linked, no 404. <link href="style.css" rel="styelsheet">
= Typo: `rel="stylesheet"`.
O Vue: the list doesn't update when I change an item in a nested array
= With `ref` it does; you've probably destructured it and lost reactivity. Use `toRefs`.
O need a regex free way to validate email in a form
= `<input type="email" required>` and confirm by a mail; anything stricter rejects real people.
O html table on phones is way too wide, what do people do
= Wrap it: `overflow-x: auto`, or turn rows into cards below 40rem.
O TypeScript: "Type 'string | undefined' is not assignable to type 'string'". But I checked it
  above!
o ts complains about undefined inside the callback although there's an if before
= The check doesn't reach into callbacks. Copy it to a const first: `const name = user.name; if
  (!name) return;`
O Websocket closes after 60 s behind nginx
= `proxy_read_timeout 1h;` plus a ping every 30 s.
O next.js hydration failed because the initial UI does not match, it's a date
= Server and browser format it differently. Render it in an effect, or fix locale and time zone.
"""
