#!/bin/sh
# Has each backend of the port meet the faults of regions (docs/specification/faults.md, F44 to F59) and prints a table: fault by backend, from what
# came of the tests of this run and from nothing else. Ends with 1 where one fails or a backend has no case of a fault.
set -eu
cd "$(dirname "$0")/.."

rm -rf ./*/target/region-conformance
./mvnw -B -ntp -q -pl regions,clusterregion -am test -Dgroups=region-conformance -Dmaven.test.failure.ignore=true

cat ./*/target/region-conformance/*.tsv | awk -F '\t' '
  BEGIN { backends = 0; notes = 0; bad = 0 }
  {
    if (!($2 in column)) { column[$2] = ++backends; head[backends] = $2 }
    key = $1 SUBSEP $2
    if ($4 == "passed") passed[key]++
    else if ($4 == "FAILED") failed[key] = failed[key] "\n    " $1 ", " $2 ": " $3 ": " $5
    else if (index(reasons[key] "\n", "\n" $5 "\n") == 0) reasons[key] = reasons[key] "\n" $5
  }
  function cell(fault, backend,    key, text, part, n, i) {
    key = fault SUBSEP backend
    if (key in failed) { bad = 1; failures = failures failed[key]; return "FAILED" }
    if (key in passed) return "passed" (passed[key] > 1 ? " (" passed[key] " tests)" : "")
    if (!(key in reasons)) { bad = 1; return "NO CASE" }
    n = split(substr(reasons[key], 2), part, "\n")
    text = part[1]
    for (i = 2; i <= n; i++) text = text "; " part[i]
    return "does not apply: " text
  }
  END {
    for (b = 1; b <= backends; b++) width[b] = length(head[b])
    for (f = 44; f <= 59; f++) for (b = 1; b <= backends; b++) {
      table[f, b] = cell("F" f, head[b])
      if (length(table[f, b]) > width[b]) width[b] = length(table[f, b])
    }
    line = "| fault |"; rule = "| --- |"
    for (b = 1; b <= backends; b++) { line = line sprintf(" %-" width[b] "s |", head[b]); rule = rule " --- |" }
    print line; print rule
    for (f = 44; f <= 59; f++) {
      line = sprintf("| F%d   |", f)
      for (b = 1; b <= backends; b++) line = line sprintf(" %-" width[b] "s |", table[f, b])
      print line
    }
    if (failures != "") print "Failed:" failures
    exit bad
  }'
