#!/bin/sh
# A second verifier of dossiers, independent of verify.py: POSIX shell with sha256sum, openssl, jq, awk and od.
#
#   sh verify.sh FOLDER [--key FINGERPRINT] [--earlier CHECKPOINT] [--roots CERTIFICATES]
#
# It takes the folder form and checks bytes, signer, log, contents, objects and times (docs/specs/dossier.md, rules 1 to 6, 10 to 23 and 36 to
# 39; of 15 the tiles of level 0 and the entries). --earlier demands that the log goes on from a checkpoint that left it before; --roots, a
# time-stamping authority's certificates (PEM), has openssl check its stamps whole. Passages and facts need verify.py. FINGERPRINT and
# CERTIFICATES may stand without their words, in this order. Some milliseconds for each record of the log.
# Exit status: 0 all of that holds, 2 wrong usage, 3 could not be checked, 4 something is false.
set -u
LC_ALL=C
export LC_ALL
usage() { echo "usage: sh verify.sh FOLDER [--key FINGERPRINT] [--earlier CHECKPOINT] [--roots CERTIFICATES]" >&2; exit 2; }
absolute() { case $1 in ''|/*) echo "$1";; *) echo "$PWD/$1";; esac; }
[ $# -ge 1 ] || usage
folder=$1 demanded='' earlier='' roots='' place=0
shift
while [ $# -gt 0 ]; do
  case $1 in
    --key|--earlier|--roots) [ $# -ge 2 ] || usage;;
  esac
  case $1 in
    --key) demanded=$2; shift;;
    --earlier) earlier=$(absolute "$2"); shift;;
    --roots) roots=$(absolute "$2"); shift;;
    -*) usage;;
    *) place=$((place + 1))
       case $place in 1) demanded=$1;; 2) roots=$(absolute "$1");; *) usage;; esac;;
  esac
  shift
done
for tool in sha256sum openssl jq awk od base64; do
  command -v "$tool" >/dev/null || { echo "could not check: $tool is not installed" >&2; exit 3; }
done
[ -f "$folder/data/log/checkpoint" ] || [ -f "$folder/bagit.txt" ] || { echo "could not check: $folder is no dossier's folder" >&2; exit 3; }
[ -z "$earlier" ] || [ -r "$earlier" ] || { echo "could not check: $earlier can't be read" >&2; exit 3; }
cd "$folder" || exit 3
log=data/log
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
false=0
wrong() { echo "FALSE  $1"; false=1; }
sha() { sha256sum | cut -c 1-64; }
# hex digits to bytes, by octal escapes: the only form that every shell's printf knows
bytes() { printf '%b' "$(printf %s "$1" | awk 'BEGIN{h="0123456789abcdef"}{for(i=1;i<length($0);i+=2)printf "\\0%03o",(index(h,substr($0,i,1))-1)*16+index(h,substr($0,i+1,1))-1}')"; }
node() { { printf '\001'; bytes "$1$2"; } | sha; }
signed() {  # raw key in hex, signature in hex, file that is signed
  bytes "302a300506032b6570032100$1" > "$work/key.der"
  bytes "$2" > "$work/signature"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin -in "$3" -sigfile "$work/signature" >/dev/null 2>&1
}
bare() { printf %s "$1" | sed 's/\([02]0\)*$//'; }  # older openssl does not print what ends a dump in blanks (20) or zeros (00)
hex() { base64 -d 2>/dev/null | od -An -v -tx1 | tr -d ' \n'; }
verdict() { [ $false = 0 ] && { echo "bytes, signer, log, contents, objects and times hold; passages and facts: use verify.py"; exit 0; }; exit 4; }

# bytes: nothing but plain files, and three lists that are what they have to be
strange=$(find . ! -type f ! -type d -o -type d -empty)
[ -z "$strange" ] || wrong "no plain file, or an empty folder: $strange"
find . -type f | sed 's|^\./||' | sort > "$work/names"
bad=$(grep -Ev '^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$' "$work/names")
[ -z "$bad" ] || { wrong "a name that no file of a dossier has: $bad"; verdict; }
list() { while read -r name; do sha256sum "$name"; done < "$work/chosen" | cmp -s - "$1" || wrong "$1 is not the list of the files as they are"; }
grep '^data/' "$work/names" > "$work/chosen"
list manifest-sha256.txt
grep -v '^data/' "$work/names" | grep -vx tagmanifest-sha256.txt > "$work/chosen"
list tagmanifest-sha256.txt
grep -v "^$log/" "$work/names" | grep -vxE '(tag)?manifest-sha256.txt' > "$work/chosen"
list $log/contents-sha256.txt
for name in leaves.jsonl checkpoint proofs.jsonl contents-sha256.txt; do [ -f "$log/$name" ] || wrong "$log/$name is missing"; done
[ -f data/keys/verifier.key ] || wrong "data/keys/verifier.key is missing"
[ $false = 0 ] || verdict

# signer: the key's line, the checkpoint in its one form, the signature
line=$(cat data/keys/verifier.key)
name=${line%%+*}
rest=${line#*+}
typed=$(printf %s "${rest#*+}" | hex)
raw=${typed#01}
short=$({ printf '%s\n' "$name"; bytes "$typed"; } | sha | cut -c 1-8)
[ ${#typed} = 66 ] && [ "$typed" = "01$raw" ] && [ "$line" = "$name+$short+$(bytes "$typed" | base64 -w 0)" ] || { wrong "data/keys/verifier.key is malformed"; verdict; }
[ "$(wc -l < data/keys/verifier.key)" = 1 ] || wrong "data/keys/verifier.key has more than one line"
key=$(bytes "$raw" | sha)
head -n 3 $log/checkpoint > "$work/head"
size=$(sed -n 2p "$work/head")
case $size in ''|0*|*[!0-9]*) wrong "$log/checkpoint is malformed"; verdict;; esac
blob=$(sed -n 5p $log/checkpoint | sed 's/.* //' | hex)
root=$(sed -n 3p "$work/head" | hex)
{ printf '%s\n%s\n%s\n\n' "$name" "$size" "$(bytes "$root" | base64 -w 0)"; printf '\342\200\224 %s %s\n' "$name" "$(bytes "$blob" | base64 -w 0)"; } | cmp -s - $log/checkpoint || wrong "$log/checkpoint is not in its one form"
[ ${#blob} = 136 ] && [ "$(printf %.8s "$blob")" = "$short" ] || wrong "$log/checkpoint is not signed by this key"
signed "$raw" "${blob#????????}" "$work/head" || wrong "$log/checkpoint: the signature does not hold"
[ -z "$demanded" ] || [ "$demanded" = "$key" ] || wrong "the key is $key, not the one demanded"

# a part of a case (rules 40 to 55): this verifier checks its bytes, its signer and its list of contents, no more
if [ "$(tail -n 1 $log/leaves.jsonl | jq -r .parameters.scope 2>/dev/null)" = part ]; then
  index=$((size - 1)) last=$((size - 1))
  found=$({ printf '\000'; tail -n 1 $log/leaves.jsonl | tr -d '\n'; } | sha)
  for step in $(tail -n 1 $log/proofs.jsonl | jq -r '.path[]' 2>/dev/null); do  # the last record's way to the head (RFC 9162, 2.1.3.2)
    if [ $((index % 2)) = 1 ] || [ "$index" = "$last" ]; then
      found=$(node "$step" "$found")
      while [ $((index % 2)) = 0 ] && [ "$index" != 0 ]; do index=$((index / 2)); last=$((last / 2)); done
    else
      found=$(node "$found" "$step")
    fi
    index=$((index / 2)) last=$((last / 2))
  done
  [ "$last" = 0 ] && [ "$found" = "$root" ] || wrong "$log/leaves.jsonl: the last record does not lead to the signed head"
  tail -n 1 $log/leaves.jsonl | jq -e --arg contents "$(sha < $log/contents-sha256.txt)" --arg key "$key" '.action == "exported" and .parameters.contents == $contents and .parameters.key == $key' >/dev/null 2>&1 || wrong "$log/contents-sha256.txt is not the list that the last record names, or it names another key"
  [ $false = 0 ] || exit 4
  echo "not checked: records, objects and words of this part of a case (bytes, signer and contents hold): use verify.py"
  exit 3
fi

# log: every record in its place; leaf hashes lead to the root and are the tiles
jq -e -s 'to_entries | all(.value.number == .key and .value.schema == "ascertain/log/1")' $log/leaves.jsonl >/dev/null 2>&1 || { wrong "$log/leaves.jsonl has a record out of its place"; verdict; }
[ "$(tail -c 1 $log/leaves.jsonl | od -An -tx1 | tr -d ' ')" = 0a ] || wrong "$log/leaves.jsonl is cut within a record"
while IFS= read -r record; do
  { printf '\000'; printf %s "$record"; } | sha >> "$work/leaves"
  printf '%b' "$(printf '\\0%03o\\0%03o' $((${#record} / 256)) $((${#record} % 256)))" >> "$work/entries"
  printf %s "$record" >> "$work/entries"
done < $log/leaves.jsonl
[ "$(wc -l < "$work/leaves")" = "$size" ] || wrong "$log/leaves.jsonl does not have the $size records that were signed"
fold_row() {  # the root over the leaf hashes in row
  : > "$work/peaks"
  while [ -s "$work/row" ]; do  # pairs go up a level; what is left over at a level is a peak, the lowest first
    : > "$work/next"
    while read -r left; do
      if read -r right; then node "$left" "$right" >> "$work/next"; else echo "$left" >> "$work/peaks"; fi
    done < "$work/row"
    mv "$work/next" "$work/row"
  done
  top=$(head -n 1 "$work/peaks")
  for peak in $(tail -n +2 "$work/peaks"); do top=$(node "$peak" "$top"); done
  echo "$top"
}
cp "$work/leaves" "$work/row"
[ "$(fold_row)" = "$root" ] || { wrong "$log/leaves.jsonl does not lead to the signed root"; verdict; }
grep "^$log/tile/" "$work/names" > "$work/tiles"
for kind in 0 entries; do
  full=0
  while [ $((full * 256)) -lt "$size" ]; do
    width=$((size - full * 256))
    if [ $width -ge 256 ]; then part=; else part=.p/$width; fi
    tile=$(printf "$log/tile/$kind/%03d%s" $full "$part")  # a log of up to 256,000 records
    [ -f "$tile" ] && cat "$tile" >> "$work/tile-$kind"
    grep -vxF "$tile" "$work/tiles" > "$work/left"
    mv "$work/left" "$work/tiles"
    full=$((full + 1))
  done
done
[ "$(od -An -v -tx1 "$work/tile-0" 2>/dev/null | tr -d ' \n')" = "$(tr -d '\n' < "$work/leaves")" ] || wrong "$log/tile/0 does not hold the hashes of the records"
cmp -s "$work/tile-entries" "$work/entries" || wrong "$log/tile/entries does not hold the records"
[ "$size" -ge 256 ] || [ ! -s "$work/tiles" ] || wrong "no tile of this log: $(cat "$work/tiles")"
others=$(grep "^$log/" "$work/names" | grep -vE "^$log/(leaves.jsonl|checkpoint|proofs.jsonl|contents-sha256.txt|tile/.*)$")
[ -z "$others" ] || wrong "no file of the log: $others"
[ "$(jq -r -s '[.[] | select(.action == "created" or .action == "rotated")][-1].parameters.key' $log/leaves.jsonl)" = "$key" ] || wrong "the log names another key than the signer's"

# contents: the last record is this export and names the list
jq -e -s --arg contents "$(sha < $log/contents-sha256.txt)" '.[-1] | .action == "exported" and .parameters.schema == "ascertain/dossier/1" and .parameters.scope == "whole" and .parameters.contents == $contents' $log/leaves.jsonl >/dev/null || wrong "$log/contents-sha256.txt is not the list that the last record names"

# objects: what the case holds after the last record is what is here (the replay of rule 20)
jq -r -s '
  def place: {original: "data/originals/\(.[1])", document: "data/documents/\(.[1]).json", text: "data/texts/\(.[1]).txt",
              reading: "data/readings/\(.[1]).json", findings: "data/incidents.json"}[.[0]];
  reduce .[] as $r ({one: {}, capture: [], decision: [], outcome: {}};
    $r.object as $o | $r.parameters as $p | ($p.stage // "") as $s
    | ($r.action == "deleted") as $deleted
    | (if $deleted then ["original", "document", "text", "reading"] elif $s == "parse" then ["document", "text", "reading"] elif $s == "extract" then ["reading"] else [] end) as $gone
    | reduce $gone[] as $k (.; del(.one[[$k, $o] | place]))
    | if $deleted or $s == "parse" then del(.outcome["\($o) extract"]) else . end
    | if $deleted then del(.outcome["\($o) parse"]) else . end
    | if $r.action == "collected" then .one[["original", $o] | place] = $o else . end
    | reduce (["document", "text", "reading", "findings"][] | select($p[.])) as $k (.; .one[[$k, $o] | place] = $p[$k])
    | if $p.capture then .capture += [$p.capture] else . end
    | if $p.decision then .decision += [$p.decision] else . end
    | if $p.outcome then .outcome["\($o) \($s)"] = $p.outcome else . end)
  | (.one | to_entries[] | "\(.value)  \(.key)"),
    (.capture | to_entries[] | "\(.value)  data/captures.jsonl#\(.key + 1)"),
    (.decision | to_entries[] | "\(.value)  data/decisions.jsonl#\(.key + 1)"),
    ([.outcome | to_entries | sort_by(.key)[].value] | to_entries[] | "\(.value)  data/outcomes.jsonl#\(.key + 1)")
' $log/leaves.jsonl | sort > "$work/held"
{
  grep -E '^data/(originals|documents|texts|readings)/|^data/incidents.json$' "$work/names" | while read -r file; do sha256sum "$file"; done
  for kind in captures decisions outcomes; do
    number=0
    while IFS= read -r record; do
      number=$((number + 1))
      echo "$(printf %s "$record" | sha)  data/$kind.jsonl#$number"
    done < data/$kind.jsonl
  done
} | sort > "$work/here"
cmp -s "$work/held" "$work/here" || wrong "what is here is not what the log says: $(diff "$work/held" "$work/here" | sed -n 's/^[<>] *[0-9a-f]*  //p' | sort -u | tr '\n' ' ')"

# proofs: each leads from its record to the root (RFC 9162, 2.1.3.2), and names each object once
while IFS= read -r proof; do
  index=$(printf %s "$proof" | jq -r .leaf)
  found=$(sed -n "$((index + 1))p" "$work/leaves")
  last=$((size - 1))
  for step in $(printf %s "$proof" | jq -r '.path[]'); do
    if [ $((index % 2)) = 1 ] || [ "$index" = "$last" ]; then
      found=$(node "$step" "$found")
      while [ $((index % 2)) = 0 ] && [ "$index" != 0 ]; do index=$((index / 2)); last=$((last / 2)); done
    else
      found=$(node "$found" "$step")
    fi
    index=$((index / 2))
    last=$((last / 2))
  done
  [ "$last" = 0 ] && [ "$found" = "$root" ] || { wrong "$log/proofs.jsonl: a proof does not lead to the root"; break; }
done < $log/proofs.jsonl
jq -n -e --slurpfile l $log/leaves.jsonl --slurpfile p $log/proofs.jsonl --rawfile h "$work/held" '
  def kind: {originals: "original", documents: "document", texts: "text", readings: "reading", captures: "capture", outcomes: "outcome",
             decisions: "decision", incidents: "findings"}[split("/")[1] | split(".")[0]];
  ($h | split("\n") | map(select(. != "") | {key: .[66:], value: .[:64]}) | from_entries) as $held
  | (reduce ($l | to_entries[]) as $e ({}; $e.value.object as $o
      | if $e.value.action == "collected" then .["original \($o) \($o)"] //= $e.key else . end
      | reduce ($e.value.parameters | to_entries[]) as $q (.; .["\($q.key) \($o) \($q.value)"] //= $e.key))) as $first
  | ([$p[].leaf] | . == (sort | unique))
    and all($p[]; .leaf as $n | (.objects == (.objects | sort))
      and all(.objects[]; if . == "data/log/contents-sha256.txt" then $n == ($l | length) - 1
                          else $first["\(kind) \($l[$n].object) \($held[.])"] == $n end))
' >/dev/null 2>&1 || wrong "$log/proofs.jsonl gives an object to another record than the first that names it"
jq -c -S . $log/proofs.jsonl 2>/dev/null | cmp -s - $log/proofs.jsonl || wrong "$log/proofs.jsonl is not canonical"
jq -r '.objects[]' $log/proofs.jsonl | sort > "$work/proved"
{ sed 's/^[0-9a-f]*  //' "$work/held"; echo $log/contents-sha256.txt; } | sort | cmp -s - "$work/proved" || wrong "$log/proofs.jsonl does not name each object once"
# times: the log goes on from each head that others saw; witnesses' signatures hold, and openssl accepts the stamps
goes_on() {  # file of a checkpoint, file to name: its three lines are those of our first records
  count=$(sed -n 2p "$1")
  case $count in ''|0*|*[!0-9]*) wrong "$2 is malformed"; return 1;; esac
  head -n "$count" "$work/leaves" > "$work/row"
  if [ "$(wc -l < "$work/row")" = "$count" ] && { printf '%s\n%s\n%s\n\n' "$name" "$count" "$(bytes "$(fold_row)" | base64 -w 0)"; } > "$work/begins" \
    && head -n 4 "$1" | cmp -s - "$work/begins"; then return 0; fi
  wrong "$2 is a checkpoint from which this log does not go on: its records were changed, or it was cut"
  return 1
}
if [ -n "$earlier" ]; then goes_on "$earlier" "$earlier" && echo "the log goes on from the $count records of the earlier checkpoint"; fi
find data/heads -type f 2>/dev/null | sort > "$work/seen"
while read -r file; do
  head=${file%/*}/checkpoint
  [ -f "$head" ] || { wrong "$head is missing"; continue; }
  goes_on "$head" "$file" || continue
  case $file in
    */cosigned)
      lines=$(wc -l < "$head")
      head -n "$lines" "$file" | cmp -s - "$head" || { wrong "$file is not its checkpoint with signatures behind it"; continue; }
      tail -n "+$((lines + 1))" "$file" > "$work/cosigned"
      [ "$(tail -c 1 "$file" | od -An -tx1 | tr -d ' ')" = 0a ] || { wrong "$file is cut"; continue; }
      while read -r _ who encoded; do
        key_line=$(who=$who awk 'index($0, ENVIRON["who"] "+") == 1 { print; exit }' data/keys/witnesses 2>/dev/null)
        kept=${key_line#"$who+"}
        kept=$(printf %s "${kept#*+}" | hex)  # a key's own base64 may have a "+" in it
        answer=$(printf %s "$encoded" | hex)
        stamp=$(printf %s "$answer" | cut -c 9-24)
        seconds=$((0x${stamp:-0}))
        { printf 'cosignature/v1\ntime %s\n' "$seconds"; head -n 3 "$head"; } > "$work/message"
        mark=$({ printf '%s\n' "$who"; bytes "$kept"; } | sha | cut -c 1-8)
        case $key_line in "$who+$mark+"*) ;; *) kept='';; esac
        [ ${#kept} = 66 ] && [ "$(printf %.2s "$kept")" = 04 ] && [ "$(printf %.8s "$answer")" = "$mark" ] \
          && signed "${kept#04}" "$(printf %s "$answer" | cut -c 25-)" "$work/message" || { wrong "$file: the signature of the witness $who does not hold"; continue; }
        echo "the first $count records were there not after $(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || echo "second $seconds of 1970"): witness $who, key $(bytes "${kept#04}" | sha)"
      done < "$work/cosigned";;
    *.tsr)
      imprint=$(openssl ts -reply -in "$file" -text 2>/dev/null | sed -n '/^Message data:/,/^Serial/s/^ *[0-9a-f]* - \(.\{48\}\).*/\1/p' | tr -d ' \n-')
      [ "$(bare "$imprint")" = "$(bare "$(sha < "$head")")" ] || { wrong "$file is a stamp of something else than $head"; continue; }
      when=$(openssl ts -reply -in "$file" -text 2>/dev/null | sed -n 's/^Time stamp: *//p')
      if [ -z "$roots" ]; then echo "not checked: $file, who signed it (give --roots CERTIFICATES); it says that the first $count records were there not after $when"; continue; fi
      openssl ts -verify -data "$head" -in "$file" -CAfile "$roots" >/dev/null 2>&1 || { wrong "$file is no stamp of $head that leads to $roots"; continue; }
      echo "the first $count records were there not after $when, by an authority of $roots";;
  esac
done < "$work/seen"
echo "signer $name, key $key; $size records"
verdict
