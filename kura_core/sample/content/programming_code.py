"""Programming help with plain code: C++, Python, scripts and algorithms."""

CPP = r"""
# *
E Deadline's at midnight, so the short version please.
E I want to understand it, not just copy it.
E my tutor «person» only said "think about lifetime" or whatever
E It's exercise «small» on the sheet.
E running it on an old thinkpad with linux
E a friend has the same code and it works for her??
E googled for an hour, all answers from «year»
E I come from Java, so bear with me.
N Segmentation faults happen when a program accesses memory it shouldn't. Check your pointers.
N The code looks fine to me. Try recompiling it.
H The first part of that is easy: «reduce it to the smallest case that still goes wrong|print the
  types right before the line that fails|take out one line after the other until it works» and the
  cause shows. For the rest I'd need more code.
H Half an answer: the error comes from the line before the one it names. Which of your variables it
  is I can't tell from this.
M Sorry, please compile with -g and run it again.
R what i want to know is which line of MINE is wrong
R ok other question: what would you write there instead
C [recompil|pointers|-g] i recompiled ten times, it's not that
G but WHY does it only crash in release?
F [delete|pointer|Node] should i use unique_ptr instead
B Yes: `std::unique_ptr<Node> next;` and the destructor disappears.
F Which flag shows that automatically?
B `-fsanitize=address,undefined -g`; it prints line and stack.
F [copy|vector] my prof wants raw pointers though
B Then follow the rule of three: destructor, copy constructor, copy assignment.

# cpp
O segfault when i delete my linked list
  |```cpp
  |for (Node* p = head; p != nullptr; p = p->next)
  |    delete p;
  |```
o My C++ list destructor crashes, I delete each node in a for loop and move on with p->next.
o linked list homework, core dumped at the end of main, has to do with delete
= You read `p->next` after deleting p. Keep it first: `Node* n = p->next; delete p; p = n;`
O undefined reference to `Stack<int>::push(int)' but its right there in stack.cpp!!
o Linker error with my template class, declared in .h, defined in .cpp, g++
= Templates must be visible where they're used. Move the definitions into the header.
O vector iterator invalidated when I erase in a loop, what's the right way?
o erase inside for over vector skips every second element c++
= `std::erase_if(v, pred);` (C++20), or `v.erase(std::remove_if(…), v.end());`
O cin >> n then getline reads an empty line
o getline gets skipped after cin, c++ beginner here
= The newline's still in the buffer: `std::getline(std::cin >> std::ws, line);`
O my int average is always 0: double avg = sum / n;
o C++ division gives 0.000 even though avg is a double
= Both are ints, so it divides as ints. `static_cast<double>(sum) / n`
O double free or corruption (out) after I copied my Matrix class
o Copying an object with a raw array inside crashes at program end, C++.
= The default copy shares the pointer. Write the copy constructor and assignment, or use
  std::vector.
O What does "expected unqualified-id before return" mean
= A brace closes the function too early, usually one line above.
O Create a C++ program that reads marks of «small» students and prints the best, I get garbage for
  the max
o c++ max of array prints 32767 or something random
= `max` isn't initialised. `int max = marks[0];`
O Is there a difference between virtual and override, exam asks
o why does my derived class print the base version when called through a pointer
= The base function must be `virtual`. `override` only lets the compiler check that it really
  overrides.
O infinite recursion in my fibonacci, stack overflow c++
= The base case misses n = 0: `if (n < 2) return n;`
O thread exits with terminate called without an active exception
o std::thread program aborts, "terminate called", no stack trace
= A joinable thread was destroyed. `t.join()` before it leaves scope, or `std::jthread`.
O for (unsigned i = v.size() - 1; i >= 0; --i) never stops, creates heat only
= Unsigned is always ≥ 0. Use `for (auto i = v.size(); i-- > 0;)`.
O c++ vs code: "#include errors detected, please update your includePath", compiles though
= That's only the editor: set compilerPath in c_cpp_properties.json.
"""

PYTHON = r"""
# *
E Deadline's at midnight, so the short version please.
E I want to understand it, not just copy it.
E my tutor «person» only said "think about lifetime" or whatever
E It's exercise «small» on the sheet.
E running it on an old thinkpad with linux
E a friend has the same code and it works for her??
E googled for an hour, all answers from «year»
E I come from Java, so bear with me.
N This error can have many causes. Make sure that Python is installed correctly.
N Try `pip install --upgrade pip`.
H The first part of that is easy: «reduce it to the smallest case that still goes wrong|print the
  types right before the line that fails|take out one line after the other until it works» and the
  cause shows. For the rest I'd need more code.
H Half an answer: the error comes from the line before the one it names. Which of your variables it
  is I can't tell from this.
M I'm sorry. Could you try reinstalling the package?
R so which line do i change
R again, slower: what does this error want from me
C [pip|install] pip isn't the problem, it imports fine in the shell
C [reinstall] reinstalled, no change
G and why only sometimes?
F is that in the python docs somewhere
B Yes, in the FAQ under "Programming", it's asked a lot.
F thanks, and how would i have found that myself?
B Read the last line of the traceback first, then search for it with the library's name.

# python
O ModuleNotFoundError: No module named 'requests' but pip says already satisfied
o pip install worked and python still can't import it, what
o I installed a package and VS Code says module not found.
= Two Pythons. `python -m pip install requests` installs into the one that runs; in VS Code pick the
  interpreter.
O def add(item, items=[]): the list keeps old stuff between calls?!
o My Python function remembers values from the last call, default argument is a list.
= The default is made once. `items=None`, then `items = [] if items is None else items`.
O UnboundLocalError: local variable 'count' referenced before assignment
o why can i read a global in a function but count += 1 fails
= Assignment makes it local. Pass it in and return it; or `global count` if you must.
O UnicodeDecodeError 'utf-8' codec can't decode byte 0xfc in position «small»
o open() breaks on a file with German letters, python
= The file's Latin-1: `open(path, encoding="cp1252")`.
O circular import between models.py and services.py, cannot import name
o ImportError "partially initialized module", I only moved a class
= Two modules import each other. Move what both need to a third, or import inside the function.
O asyncio.run() cannot be called from a running event loop (jupyter)
o RuntimeError about event loop in a notebook, same script works in the terminal
= Notebooks already run a loop: `await main()` instead of `asyncio.run(main())`.
O my loop removes items from the list it loops over and skips some
= Loop over a copy: `for x in items[:]`, or build a new list.
O How do I test a function that calls datetime.now()?
o pytest: mock the current time, my test fails on Mondays lol
= Give it the clock as an argument, `def due(now=datetime.now)`, and pass a fixed one in the test.
O Decorator swallows my return value, function gives None
= The wrapper must `return func(*args, **kwargs)`.
O script works by hand but not from cron, FileNotFoundError
o cron job can't find my csv, python path relative
= Cron starts elsewhere. `Path(__file__).parent / "data.csv"`.
O 0.1 + 0.2 != 0.3 in my invoice calculation
= Use `decimal.Decimal("0.1")`, or whole cents.
O recursion limit exceeded when parsing nested folders, depth «big»
= Walk with a stack, or `Path.rglob("*")`.
O memory grows until the server kills my flask app, 4 GB
o Flask process eats more RAM with every request.
= Something global keeps growing, often a dict used as a cache. `tracemalloc` shows which line;
  bound it with `lru_cache(maxsize=…)`.
O multiprocessing on windows starts my script over and over
= Guard it: `if __name__ == "__main__":`.
O TypeError: 'NoneType' object is not subscriptable, line «small», re.match
= The pattern didn't match, so there is no group. Test `if m:` first.
O how to read a 9 GB log line by line and count the errors per hour, python
= `Counter(line[:13] for line in open("app.log") if " ERROR " in line)`, it never holds the whole
  file.
O class attribute list is shared by all my objects, is that a bug in python??
= Not a bug: it belongs to the class. Create it in `__init__`.
O Why's my virtualenv using the system pip?
= It isn't activated in that shell, or `which pip` is cached: `hash -r`.
"""

SCRIPTS = r"""
# *
E Deadline's at midnight, so the short version please.
E I want to understand it, not just copy it.
E my tutor «person» only said "think about lifetime" or whatever
E It's exercise «small» on the sheet.
E running it on an old thinkpad with linux
E a friend has the same code and it works for her??
E googled for an hour, all answers from «year»
E I come from Java, so bear with me.
N Regular expressions are patterns used to match text. There are many tools to test them.
N You can use sed or awk for this.
H That works for the plain case. With brackets or spaces in the name it'd need more.
M Sorry, please escape the special characters.
R just the command please, I know what it's called
C [regular|pattern] i know what regex is for, mine matches too much
F [sed|mv|rename] how do i try that without breaking all files
B Print first: drop `-i`, or put `echo` before `mv`.
F [sed -i] on mac it says invalid option
B macOS sed wants `sed -i ''`.

# scripts
O regex for invoice numbers like INV-«year»-00«small»2, digits only after second dash
o How can I pull the last number out of "RE-«year»-17-0093" with a regex?
= `^\w+(?:-\d+)*-(\d+)`, group 1 is the last number.
O bash rename all .jpeg to .jpg in subfolders
o Shell one-liner to change the extension of «big» files, recursively?
= `find . -name '*.jpeg' -exec sh -c 'mv "$1" "${1%.jpeg}.jpg"' _ {} \;`
O regex greedy problem: <b>(.*)</b> takes everything up to the last one
= Make it lazy, `<b>(.*?)</b>`, or better: `<b>([^<]*)</b>`. For real HTML use a parser.
O script says "permission denied" but I own it. ./run.sh
o bash: ./deploy.sh: /bin/bash^M: bad interpreter
= Two usual causes: `chmod +x`, and Windows line ends: `sed -i 's/\r$//' deploy.sh`.
O filenames with spaces break my for loop in bash
o for f in $(ls) goes mad when a file is called "new contract.pdf"
= `for f in *; do … "$f" …; done`: no ls, and quotes.
O powershell: list files bigger than 100 MB older than a year
= `Get-ChildItem -Recurse | ? { $_.Length -gt 100MB -and $_.LastWriteTime -lt
  (Get-Date).AddYears(-1) }`
O Match a date in either dd.mm.yyyy or yyyy-mm-dd, one pattern
= `\b(?:\d{2}\.\d{2}\.\d{4}|\d{4}-\d{2}-\d{2})\b`
O count how often each ip occurs in access.log, top ten
= `cut -d' ' -f1 access.log | sort | uniq -c | sort -rn | head`
O replace a word in all files of a repo except node_modules
o sed over many files, but please don't touch the .git folder again...
= `git grep -lz old | xargs -0 sed -i 's/\bold\b/new/g'` only touches tracked files.
O git: I committed to main instead of my branch, not pushed yet
= `git branch feature && git reset --hard HEAD~1 && git switch feature`
O what does 2>&1 | tee log do, copied it from stackoverflow
= Sends errors where the output goes and shows both while writing them to `log`.
O Makefile "missing separator. Stop." on line «small»
= A recipe must start with a tab, not spaces.
"""

ALGORITHMS = r"""
# *
E Deadline's at midnight, so the short version please.
E I want to understand it, not just copy it.
E my tutor «person» only said "think about lifetime" or whatever
E It's exercise «small» on the sheet.
E running it on an old thinkpad with linux
E a friend has the same code and it works for her??
E googled for an hour, all answers from «year»
E I come from Java, so bear with me.
N An algorithm is a sequence of steps to solve a problem. Sorting is a common example.
H The idea in one line: break it into a smaller case of itself. The proof for the worst case I'd get
  wrong.
M Sorry, the complexity depends on the implementation.
R show me on a tiny example, step by step
R dumb it down further, three elements only
C [sequence of steps] i know what an algorithm is lol
T ahh now i see
F [pivot|half|merge] so what's the complexity
B O(n log n): log n levels, n work on each.
F [BFS|rings] could you give pseudocode without solving it all for me
B Sure: keep a queue; take the first; visit its unseen neighbours; repeat. The stopping rule is
  yours.

# algorithms
O explain quicksort like im five, the partition bit
o In quicksort, why does the pivot end up at its final place?
= All smaller go left, all bigger right; so whatever the rest does, the pivot stands where it
  belongs.
O big O of two nested loops where the inner one starts at i?
o why is n(n-1)/2 still O(n^2), it's only half
= Constants don't count; for n = 1,000 half of a million still grows with the square.
O What's the difference between BFS and DFS and when do I use which?
o bfs or dfs for the shortest path in a maze homework
= BFS visits in rings, so the first time it reaches the exit is a shortest path. DFS only finds some
  path.
O dynamic programming, coins: i get the recursion but not the table
o How do I fill the knapsack table? Lecture lost me at "optimal substructure".
= Row = items allowed, column = budget; each cell is the better of "without this item" (above) and
  "with it".
O Dijkstra with negative edges fails, why exactly? Small example please.
= It fixes a node once and never looks again. With A→B 2, A→C 3, C→B −2, B is fixed at 2 but 1 is
  possible.
O prove that binary search needs at most log2(n)+1 comparisons
= Each comparison halves the rest: after k steps at most n/2^k are left, and 1 is reached at k =
  log2 n.
O hash table vs balanced tree interview question, give me the trade offs
= Hash: O(1) on average, no order. Tree: O(log n) always, sorted, ranges.
O recursion in towers of hanoi breaks my brain
o I don't see why hanoi needs 2^n - 1 moves
= Move n−1 away, the big one, n−1 back: T(n) = 2T(n−1) + 1.
O is merge sort stable and what does stable even mean
= Stable: equal elements keep their order. Merge sort is, if ties are taken from the left half.
O Why can't a comparison sort be faster than n log n?
= There are n! orders, each comparison halves them at best, and log2(n!) is about n log n.
O heap vs priority queue, same thing? assignment uses both words
= A priority queue is what you want (take the smallest), a heap is how it's usually built.
O memoization, is it just caching with a fancy name
= Yes: caching of a function's results by its arguments.
O How do I detect a cycle in a linked list without extra memory?
= Two pointers, one moves twice as fast; if they ever meet, there's a cycle.
O topological sort of my course prerequisites, one of them is circular, what happens
= Then there's no order; the algorithm stops with nodes left over, and those contain the circle.
"""
