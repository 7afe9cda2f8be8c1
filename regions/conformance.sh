#!/bin/sh
# Has each backend of the port meet the faults of regions (docs/specification/faults.md, F44 to F59) and prints a table: fault by backend, from what
# came of the tests of this run and from nothing else. Ends with 1 where one fails or a backend has no case of a fault.
set -eu
cd "$(dirname "$0")/.."

log=target/region-conformance.log
mkdir -p target
rm -rf ./*/target/region-conformance
echo "Each backend meets the faults F44 to F59; that takes minutes. Maven's output: $log" >&2
if ! ./mvnw -B -ntp -q -pl regions,clusterregion -am test -Dgroups=region-conformance -Dmaven.test.failure.ignore=true >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  echo "The tests could not be run: see above." >&2
  exit 1
fi

cat ./*/target/region-conformance/*.tsv | awk -F '\t' '
  BEGIN {
    backends = 0; notes = 0; bad = 0
    while ((getline row < "docs/specification/faults.md") > 0)
      if (match(row, /^\| \*\*F[0-9]+\*\* \| /)) {
        split(row, part, / *\| */)
        gsub(/\*/, "", part[2])
        title[part[2]] = part[3]
      }
  }
  {
    if (!($2 in column)) { column[$2] = ++backends; head[backends] = $2 }
    key = $1 SUBSEP $2
    if ($4 == "passed") passed[key]++
    else if ($4 == "FAILED") failed[key] = failed[key] "\n  " $1 ", " $2 ": " $3 ": " $5
    else if (index(reasons[key] "\n", "\n" $5 "\n") == 0) reasons[key] = reasons[key] "\n" $5
  }
  function noteOf(reason) {
    if (!(reason in number)) { number[reason] = ++notes; note[notes] = reason }
    return "[" number[reason] "]"
  }
  function cell(fault, backend,    key, text, part, n, i) {
    key = fault SUBSEP backend
    if (key in failed) { bad = 1; failures = failures failed[key]; return "FAILED" }
    if (!(key in passed) && !(key in reasons)) { bad = 1; return "NO CASE" }
    text = key in passed ? "passed, " passed[key] (passed[key] > 1 ? " tests" : " test") : "cannot arise"
    if (!(key in reasons)) return text
    if (key in passed) text = text "; rest cannot arise"
    n = split(substr(reasons[key], 2), part, "\n")
    for (i = 1; i <= n; i++) text = text " " noteOf(part[i])
    return text
  }
  function line(first, cells, row,    b, text) {
    text = sprintf("| %-" width[0] "s |", first)
    for (b = 1; b <= backends; b++) text = text sprintf(" %-" width[b] "s |", cells[row, b])
    return text
  }
  function dashes(n,    text) { text = ""; while (n-- > 0) text = text "-"; return text }
  END {
    if (backends == 0) { print "No test has noted anything."; exit 1 }
    for (b = 1; b <= backends; b++) { table[0, b] = head[b]; width[b] = length(head[b]) }
    width[0] = 5
    for (f = 44; f <= 59; f++) {
      name[f] = "F" f " " title["F" f]
      if (length(name[f]) > width[0]) width[0] = length(name[f])
      for (b = 1; b <= backends; b++) {
        table[f, b] = cell("F" f, head[b])
        if (length(table[f, b]) > width[b]) width[b] = length(table[f, b])
      }
    }
    for (b = 0; b <= backends; b++) rule = rule "| " dashes(width[b]) " "
    print line("fault", table, 0); print rule "|"
    for (f = 44; f <= 59; f++) print line(name[f], table, f)
    if (notes > 0) print ""
    for (n = 1; n <= notes; n++) print "[" n "] " note[n]
    if (failures != "") print "\nFailed:" failures
    exit bad
  }'
