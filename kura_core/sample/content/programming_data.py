"""Programming help around data: analyses in Python, R and spreadsheets, and SQL."""

ANALYSE = r"""
# *
E I'm still new to this, so slowly please.
E data is from «company», can't share it
E been at it since «time»
E Just the code is fine, no lecture.
E «person» says it's easy. It isn't.
E It has to run every «day», so nothing manual.
E about «big» rows if that's relevant
N You can analyse the data with pandas. First import pandas, then load the file, then analyse it.
N Have you tried updating pandas to the latest version?
H The first part of that is easy: «reduce it to the smallest case that still goes wrong|print the
  types right before the line that fails|take out one line after the other until it works» and the
  cause shows. For the rest I'd need more code.
H Half an answer: the error comes from the line before the one it names. Which of your variables it
  is I can't tell from this.
M I'm sorry. Please try `df.dropna()` and run it again.
M Apologies. Could you share the first rows and the full error?
R the same in other words: i know what the tool is for, i need the line that does this
R ok forget pandas for a second, what is the idea, in plain words
C [import pandas] i have pandas imported, thank you very much
C that's not my problem, it loads fine
C [dropna] dropna() deletes half my rows, no
G and why does that happen?
F [df|pandas|group] and how do I plot that?
B `ax = result.plot(kind="bar"); ax.set_ylabel("count")`, and `plt.tight_layout()` so labels fit.
F [df|pandas|group] does that scale to «small» million rows
B Yes, with categories instead of strings; otherwise memory runs out before time does.
F [df|pandas] How do I save it to excel with two sheets?
B `with pd.ExcelWriter("out.xlsx") as w: a.to_excel(w, sheet_name="a"); b.to_excel(w,
  sheet_name="b")`

# data
O my merge in pandas doubles the rows, «big» become twice that. why
o After pd.merge(orders, customers) I have more rows than orders. What did I do wrong?
o left join in pandas and suddenly the totals are far too high??
= The key isn't unique on the right. `customers["id"].duplicated().sum()` shows how many; drop them
  or pass `validate="m:1"` so that pandas refuses next time.
O how to pivot so every «month|store|region» is a column, pandas
o I've got a long table (date, shop, sales) and want shops as columns.
= `df.pivot_table(index="date", columns="shop", values="sales", aggfunc="sum", fill_value=0)`
O Dates like 03/04/«year» are read as March 4th, I'm in Europe. read_csv fix?
o pandas mixes up day and month when I load the export
= `pd.to_datetime(df["date"], format="%d/%m/%Y")`. `dayfirst=True` only guesses; the format doesn't.
O SettingWithCopyWarning drives me mad:
  |```python
  |sub = df[df.region == "north"]
  |sub["share"] = sub.sales / sub.sales.sum()
  |```
o what is this "value is trying to be set on a copy of a slice" about, everything seems to work
= `sub` may be a view. Write `sub = df.loc[df.region == "north"].copy()` and the warning is gone,
  rightly.
O Is a t-test okay for click rates of two landing pages, n = «big» each?
o which test do i use to compare two conversion rates, a/b
= For rates use a two-proportion z-test or chi-squared; with that n both agree. Report the
  difference with its 95 % interval, not only p.
O Outliers: my mean order value is ruined by «small» huge orders. Drop them?
o Should I remove outliers before the average, or is that cheating
= Not silently. Show the median, or a 5 % trimmed mean, and say so.
O Excel formula to count rows where column B is "open" and C is older than «small» days?
= `=COUNTIFS(B:B,"open",C:C,"<"&TODAY()-14)`, with your number of days.
O sumifs in google sheets across two tabs returns 0 although there are matches
= One of the two columns holds numbers as text. Wrap it: `VALUE(A2)`, or Format > Number and
  re-enter.
O ggplot puts my weekdays in alphabetical order, how do I get Mon–Sun
o In R, the bars are sorted by name, I want my own order.
= Make it a factor with levels: `df$day <- factor(df$day, levels =
  c("Mon","Tue","Wed","Thu","Fri"))`.
O Correlation .82 between ice cream sales and our support tickets. Can I tell my boss anything with
  that?
= That both rise with temperature. Add temperature to a regression and look what remains.
O NaN after groupby mean, but there are values in every group!
o groupby().mean() gives nan for one shop in «place»
= That column has dtype object: a stray "-" in one row. `pd.to_numeric(df.x, errors="coerce")` shows
  which.
O Read «small» csv files from a folder into one dataframe with the file name as a column
= `pd.concat({p.stem: pd.read_csv(p) for p in Path("in").glob("*.csv")},
  names=["file"]).reset_index("file")`
O rolling 7 day average per store in pandas, but not mixing stores
o moving average by group please, weekly, python
= `df.sort_values("date").groupby("store")["sales"].transform(lambda s: s.rolling(7,
  min_periods=1).mean())`
O My linear regression has R² .97 on train and .31 on test, notebook attached. What now?
o Random forest: perfect in training, rubbish on new customers
= It's overfitting, or something leaks. Check for a column that knows the answer; then use fewer,
  regularised features and cross-validate by customer.
O Can you write code that finds duplicate customers where the name's spelled a little differently
= Block by postcode, then compare names with `rapidfuzz.fuzz.token_sort_ratio` ≥ 90 and review the
  pairs by hand.
O csv has «big»k lines and excel cuts it off, how do i look at it
= Excel stops at 1,048,576 rows. Load it with pandas or DuckDB: `SELECT * FROM 'file.csv' LIMIT
  100`.
O matplotlib x labels overlap, «small» of them, unreadable
o How do I rotate tick labels in matplotlib, they're long product names.
= `plt.xticks(rotation=45, ha="right")`, or turn the chart: `df.plot.barh()`.
O survey with likert answers 1-5, can i take averages or will the prof kill me
= Show the distribution and the median; use averages only with a note. For groups: Mann-Whitney.
O Please explain this error: ValueError: cannot reindex on an axis with duplicate labels
= Two rows share an index label. `df = df[~df.index.duplicated()]` or `reset_index(drop=True)`
  first.
O Cohort retention table from (user, date) events, how do I even start
= First month per user by `groupby("user").date.transform("min")`, difference in months, then a
  pivot of distinct users, each row divided by its first column.
O I need to forecast «small» weeks of sales with only one year of history. Prophet or something
  simpler?
= Simpler: a seasonal naive forecast plus trend. Hold out the last weeks and see whether anything
  beats it.
O df.apply is slow as hell on «big»k rows, row by row distance calculation
= Use whole columns: `np.hypot(df.x - x0, df.y - y0)`. That's a few milliseconds.
"""

SQL = r"""
# *
E I'm still new to this, so slowly please.
E data is from «company», can't share it
E been at it since «time»
E Just the code is fine, no lecture.
E «person» says it's easy. It isn't.
E It has to run every «day», so nothing manual.
E about «big» rows if that's relevant
N SQL is a language for querying relational databases. A query starts with SELECT.
N Try adding an index to the table.
H The idea is a window function over the right partition. Whether your version has it I don't know.
M Apologies, here is the query again with an index hint.
R in words: i know SELECT and WHERE, i need the whole statement for my case
R can you write the query itself instead of telling me about queries
C [index] an index doesn't change the result, only the speed
C I'm on Postgres, that's MySQL syntax
F [JOIN|WHERE|NOT EXISTS|DISTINCT ON] would an index help here
B Yes: on the two columns of the join, the more selective one first.
F [PARTITION] can you explain the partition bit
B It starts the numbering anew for each value of that column, as GROUP BY would, but keeps all rows.

# sql
O sql to get the latest order per customer? table orders(id, customer_id, created)
o Newest row per group in Postgres, which is the cleanest query?
o for each client i need only the last invoice, sql
= `SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY customer_id, created DESC, id DESC;`
O LEFT JOIN loses rows as soon as I add WHERE o.status = 'paid'. Why?
o my left join behaves like an inner join
= The WHERE drops the rows without a match. Put the condition into the ON.
O query takes «small» minutes, explain says Seq Scan on events
o How do I speed up: select count(*) from events where day(created) = 3
= The function hides the column from the index. Compare with a range: `created >= '…' AND created <
  '…'`.
O running total per month in SQL please
o Cumulative sum by account, ordered by date, MySQL 8
= `SUM(amount) OVER (PARTITION BY account ORDER BY day ROWS UNBOUNDED PRECEDING)`
O delete duplicate rows but keep one, no primary key in the table (don't ask)
= `DELETE FROM t a USING t b WHERE a.ctid > b.ctid AND a.email = b.email;` Run it as SELECT first.
O "column must appear in the GROUP BY clause" ... but I don't want to group by it!
o why can't I select name while grouping by department_id
= Each group has many names. Say which: `MAX(name)`, or group by it, or use a window.
O How do I write NOT IN properly? It returns nothing although there are missing ids.
o select where id not in (subquery) gives zero rows, subquery has a null in it I guess
= One NULL makes NOT IN unknown for every row. Use `NOT EXISTS (SELECT 1 FROM … WHERE …)`.
O count distinct users per week, also weeks with zero
= Make the weeks with `generate_series`, left join the events, `COUNT(DISTINCT user_id)`.
O Sessions from clicks: new session after 30 min of silence. Pure SQL?
= `LAG(ts)` per user, flag gaps over 30 minutes, then a running SUM of the flags is the session
  number.
O schema question, should tags be a comma separated column or own table
= An own table (document_id, tag). With commas you can't index, join or rename.
O Percent of total per row without a subquery?
= `100.0 * amount / SUM(amount) OVER ()`
O median in sql server, is there really no function?
= `PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) OVER ()`
O is this injectable: "SELECT * FROM u WHERE name='" + name + "'"
= Yes, wide open. Use a parameter: `cursor.execute("SELECT * FROM u WHERE name = %s", (name,))`.
O what does the plan mean, nested loop with «big»k loops
= For each outer row it searches the inner table. Without an index there it's «big»k full scans.
"""
