#!/bin/sh
# A second verifier of dossiers, independent of verify.py: POSIX shell with sha256sum, openssl, jq, awk and od.
#
#   sh verify.sh FOLDER [--key FINGERPRINT] [--earlier CHECKPOINT] [--roots CERTIFICATES]
#
# It takes the folder form and checks bytes, signer, log, contents, objects and times (docs/specs/dossier.md, rules 1 to 6, 10 to 23 and 36 to
# 39; of 15 the tiles of level 0 and the entries), of a part of a case 40 to 51, 53 and 55. --earlier demands that the log goes on from a checkpoint that left it before; --roots, a
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
mkdir "$work/nodes"
false=0 part='' older='' unchecked=''
wrong() { echo "FALSE  $1"; false=1; }
sha() { sha256sum | cut -c 1-64; }
# hex digits to bytes, by octal escapes: the only form that every shell's printf knows
bytes() { printf '%b' "$(printf %s "$1" | awk 'BEGIN{h="0123456789abcdef"}{for(i=1;i<length($0);i+=2)printf "\\0%03o",(index(h,substr($0,i,1))-1)*16+index(h,substr($0,i+1,1))-1}')"; }
node() {  # hash of two subtrees; kept, since ways to the head share their upper nodes
  case $1$2 in *[!0-9a-f]*) echo none; return;; esac
  [ ${#1} = 64 ] && [ ${#2} = 64 ] || { echo none; return; }
  [ -f "$work/nodes/$1$2" ] || { printf '\001'; bytes "$1$2"; } | sha > "$work/nodes/$1$2"
  cat "$work/nodes/$1$2"
}
climb() {  # index, last index, steps: where `found` leads by a path (RFC 9162, 2.1.3.2); `older` takes only what stands left of it (2.1.4.2)
  index=$1 last=$2
  shift 2
  for step; do
    [ "$last" != 0 ] || { found=none; return; }
    if [ $((index % 2)) = 1 ] || [ "$index" = "$last" ]; then
      found=$(node "$step" "$found")
      [ -z "$older" ] || older=$(node "$step" "$older")
      while [ $((index % 2)) = 0 ] && [ "$index" != 0 ]; do index=$((index / 2)) last=$((last / 2)); done
    else
      found=$(node "$found" "$step")
    fi
    index=$((index / 2)) last=$((last / 2))
  done
  [ "$last" = 0 ] || found=none
}
hashed() {  # lines of octal escapes: the hash of the bytes of each
  rm -rf "$work/bulk"
  mkdir "$work/bulk"
  number=0
  while IFS= read -r escaped; do
    number=$((number + 1))
    printf '%b' "$escaped" > "$work/bulk/$number"
  done
  [ $number = 0 ] || (cd "$work/bulk" && find . -type f | sed 's|^\./||' | sort -n | xargs sha256sum | cut -c 1-64)
}
fold_row() {  # the root over the leaf hashes in row: pairs go up a level; what is left over at a level is a peak, the lowest first
  : > "$work/peaks"
  while [ -s "$work/row" ]; do
    [ $(($(wc -l < "$work/row") % 2)) = 0 ] || tail -n 1 "$work/row" >> "$work/peaks"
    awk 'BEGIN{h="0123456789abcdef"}NR%2{left=$0;next}{s="\\0001";p=left $0;for(i=1;i<length(p);i+=2)s=s sprintf("\\0%03o",(index(h,substr(p,i,1))-1)*16+index(h,substr(p,i+1,1))-1);print s}' "$work/row" > "$work/pairs"
    hashed < "$work/pairs" > "$work/row"
  done
  top=$(head -n 1 "$work/peaks")
  for peak in $(tail -n +2 "$work/peaks"); do top=$(node "$peak" "$top"); done
  echo "$top"
}
signed() {  # raw key in hex, signature in hex, file that is signed
  bytes "302a300506032b6570032100$1" > "$work/key.der"
  bytes "$2" > "$work/signature"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin -in "$3" -sigfile "$work/signature" >/dev/null 2>&1
}
bare() { printf %s "$1" | sed 's/\([02]0\)*$//'; }  # older openssl does not print what ends a dump in blanks (20) or zeros (00)
hex() { base64 -d 2>/dev/null | od -An -v -tx1 | tr -d ' \n'; }
verdict() {
  [ $false = 0 ] || exit 4
  [ -z "$unchecked" ] || { printf 'not checked: %s\n' "$unchecked"; exit 3; }
  echo "bytes, signer, log, contents, objects and times hold${part:+ of this part of a case}; passages and facts: use verify.py"
  exit 0
}

# bytes: nothing but plain files, and three lists that are what they have to be
strange=$(find . ! -type f ! -type d -o -type d -empty)
[ -z "$strange" ] || wrong "no plain file, or an empty folder: $strange"
find . -type f | sed 's|^\./||' | sort > "$work/names"
bad=$(grep -Ev '^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$' "$work/names")
[ -z "$bad" ] || { wrong "a name that no file of a dossier has: $bad"; verdict; }
xargs sha256sum < "$work/names" > "$work/digests"
list() { awk 'NR==FNR{chosen[$0];next} substr($0,67) in chosen' "$work/chosen" "$work/digests" | cmp -s - "$1" || wrong "$1 is not the list of the files as they are"; }
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

# a part of a case (40 to 55) has some records, each with its way to the head; a whole one has them all, and its tiles
if [ "$(tail -n 1 $log/leaves.jsonl | jq -r .parameters.scope 2>/dev/null)" = part ]; then part=1; fi
check_part() {
jq -e -s --argjson size "$size" 'all(.[]; ([.action, .actor, .object, .time, .parameters, .number] | map(type)) == ["string", "string", "string", "string", "object", "number"] and .number == (.number | floor))
  and ([.[].number] | . == (sort | unique) and .[0] >= 0 and .[-1] == $size - 1)' $log/leaves.jsonl >/dev/null 2>&1 || { wrong "$log/leaves.jsonl is cut, out of order, or does not end with the log's last record"; verdict; }
[ "$(tail -c 1 $log/leaves.jsonl | od -An -tx1 | tr -d ' ')" = 0a ] || wrong "$log/leaves.jsonl is cut within a record"
tail -n 1 $log/leaves.jsonl | jq -e --arg key "$key" '.parameters.key == $key' >/dev/null || wrong "the last record names another key than the signer's"
tail -n 1 $log/leaves.jsonl | jq -e --arg contents "$(sha < $log/contents-sha256.txt)" '.action == "exported" and .parameters.schema == "ascertain/dossier/1" and .parameters.contents == $contents' >/dev/null \
  || wrong "$log/contents-sha256.txt is not the list that the last record names"
sed -n 's|^data/heads/\([^/]*\)/.*|data/log/consistency/\1|p' "$work/names" | sort -u > "$work/proofs-of-heads"
others=$(grep "^$log/" "$work/names" | grep -vE "^$log/(leaves.jsonl|checkpoint|proofs.jsonl|contents-sha256.txt)$" | grep -vxF -f "$work/proofs-of-heads")
[ -z "$others" ] || wrong "no file of a part's log: $others"

# log: a line of proofs for each record, whose path leads to the head
jq -c -S . $log/proofs.jsonl 2>/dev/null | cmp -s - $log/proofs.jsonl || { wrong "$log/proofs.jsonl is not canonical"; verdict; }
jq -n -e --slurpfile l $log/leaves.jsonl --slurpfile p $log/proofs.jsonl '[$l[].number] == [$p[].leaf] and all($p[]; all(.path[]; type == "string" and test("^[0-9a-f]{64}$")))' >/dev/null 2>&1 \
  || { wrong "$log/proofs.jsonl does not have a line for each record, in their order"; verdict; }
jq -r '[.leaf, .path[]] | join(" ")' $log/proofs.jsonl > "$work/paths"
while IFS= read -r record; do
  IFS= read -r path <&3
  found=$({ printf '\000'; printf %s "$record"; } | sha)
  climb "${path%% *}" $((size - 1)) $(printf %s "$path" | cut -s -d ' ' -f 2-)
  [ "$found" = "$root" ] || { wrong "$log/leaves.jsonl: record ${path%% *} is not in the signed log"; verdict; }
done < $log/leaves.jsonl 3< "$work/paths"

# objects: each disclosure leads to the seal in its record, by the salted leaves that it shows and the hashes of those that it withholds
: > "$work/disclosed"
grep '^data/disclosures/' "$work/names" > "$work/shown"
while read -r file; do
  jq -c -S . "$file" 2>/dev/null | sed 's/\\u007f/\x7f/g' > "$work/canonical"
  if ! cmp -s "$work/canonical" "$file"; then
    if grep -q "$(printf '\357\277\275')" "$work/canonical"; then unchecked="$file: characters that jq does not keep"; else wrong "$file is not canonical, or cut"; fi
    continue
  fi
  jq -e --slurpfile l $log/leaves.jsonl --arg file "$file" '
    def digits($n): type == "string" and length == $n and test("^[0-9a-f]+$");
    def hidden: (.class == "restricted" or .class == "protected") and (.reason | type == "string") and (.shown == null or (.shown | type == "string"))
      and (.leaves | length >= 1) and all(.leaves[]; digits(64));
    def pair: length == 2 and (.[0] | type == "string") and (.[1] | digits(32));
    . as $d | [$l[] | select(.number == $d.record)] as [$r]
    | (if .kind == "findings" then $r.action == "linked" and .id == "findings" and .root == $r.parameters.sealed.root
       else (.kind == "document" or .kind == "decision") and $r.action == "sealed" and .id == $r.object and .kind == $r.parameters.kind and .root == $r.parameters.root end)
    and .schema == "ascertain/disclosure/1" and $file == "data/disclosures/\(.id).json"
    and (if .kind == "findings" then all(.incidents[]; if type == "array" then pair else digits(64) end)
         else ([.fields[].name] | . == (sort | unique) and all(.[]; type == "string" and (contains("\n") | not)))
           and all(.fields[]; if has("salt") then ([.value, .salt] | pair) else hidden and (.leaves | length == 1) end) end)
    and (.kind != "document" or all(.words[]; if type == "array" then pair else hidden end))' "$file" >/dev/null 2>&1 \
    || { wrong "$file is not in the one form of a disclosure, or its record is no seal of it"; continue; }
  jq -r '
    def octal: explode | map(if . > 57 then . - 87 else . - 48 end) as $d
      | [range(0; $d | length; 2) | $d[.] * 16 + $d[. + 1] | "\\0\(. / 64 | floor)\(. / 8 | floor % 8)\(. % 8)"] | join("");
    def escaped: split("\\") | join("\\\\") | split("\n") | join("\\0012") | split("\u0000") | join("\\0000");
    def leaf($name): "\\0000\(.[1] | octal)\($name | escaped)\\0012\(.[0] | escaped)";
    if .kind == "findings" then .incidents[] | if type == "array" then leaf("incident") else "=\(.)" end
    else (.fields[] | if has("salt") then .name as $name | [.value, .salt] | leaf($name) else "=\(.leaves[0])" end),
         (if .kind == "document" then .words[] | if type == "array" then leaf("text") else "=\(.leaves[])" end else empty end) end' "$file" > "$work/seal"
  grep -v '^=' "$work/seal" | hashed > "$work/hashes"
  awk -v hashes="$work/hashes" '/^=/{print substr($0,2);next}{getline made < hashes; print made}' "$work/seal" > "$work/row"
  count=$(wc -l < "$work/row" | tr -d ' ') sealed=$(fold_row)
  jq -e -s --slurpfile d "$file" --arg root "$sealed" --argjson count "$count" '$d[0] as $d | [.[] | select(.number == $d.record)][0].parameters as $p
    | (if $d.kind == "findings" then $p.sealed else $p end) | .leaves == $count and .root == $root' $log/leaves.jsonl >/dev/null \
    || wrong "$file does not lead to the seal in its record: something that it shows is another, or was left out"
  jq -c '{kind, id, record}' "$file" >> "$work/disclosed"
  if jq -e '.kind == "document"' "$file" >/dev/null; then  # what is shown stands in the files that people read (50)
    id=$(jq -r .id "$file")
    [ ! -f "data/texts/$id.txt" ] || jq -j '.words[] | if type == "array" then .[0] else .shown // "" end' "$file" | cmp -s - "data/texts/$id.txt" || wrong "data/texts/$id.txt is not the text that its disclosure shows"
  fi
done < "$work/shown"

# objects: all that is here is named by a record here, or stands by a disclosure; each line of proofs gives its record's objects (43, 51, 53, 55)
{
  grep -E '^[0-9a-f]{64}  data/((originals|documents|texts|readings)/|incidents.json$)' "$work/digests"
  for kind in captures decisions outcomes; do
    number=0
    [ ! -f data/$kind.jsonl ] || while IFS= read -r record; do
      number=$((number + 1))
      echo "$(printf %s "$record" | sha)  data/$kind.jsonl#$number"
    done < data/$kind.jsonl
    [ ! -s data/$kind.jsonl ] || [ "$(tail -c 1 data/$kind.jsonl | od -An -tx1 | tr -d ' ')" = 0a ] || wrong "data/$kind.jsonl is cut within a line"
  done
} > "$work/here"
: > "$work/nothing"
kept=data/withheld.jsonl
if [ -f $kept ]; then
  jq -c -S . $kept 2>/dev/null | cmp -s - $kept && [ -s $kept ] || wrong "$kept is not canonical, cut, or empty"
else
  kept=$work/nothing
fi
decided=data/decisions.jsonl
[ -f $decided ] || decided=$work/nothing
jq -n -r --slurpfile l $log/leaves.jsonl --slurpfile p $log/proofs.jsonl --slurpfile d "$work/disclosed" --slurpfile w "$kept" --slurpfile decisions "$decided" --rawfile here "$work/here" --rawfile names "$work/names" '
  def places($o): {document: "data/documents/\($o).json", text: "data/texts/\($o).txt", reading: "data/readings/\($o).json", findings: "data/incidents.json", original: "data/originals/\($o)"};
  ($here | split("\n") | map(select(. != "") | {key: .[66:], value: .[:64]})) as $pairs
  | ($pairs | from_entries) as $digest
  | (reduce ($pairs[] | select(.key | contains("#"))) as $e ({}; ($e.key | split("#")[0] | {"data/captures.jsonl": "capture", "data/decisions.jsonl": "decision", "data/outcomes.jsonl": "outcome"}[.]) as $kind
      | .["\($kind) \($e.value)"] += [$e.key])) as $lines
  | (reduce $l[] as $r ({}; places($r.object) as $at
      | ($r.parameters + (if $r.action == "collected" then {original: $r.object} else {original: null} end)) as $named
      | reduce ($at | to_entries[] | select($named[.key] != null and $digest[.value] == $named[.key]) | .value) as $place (.; .[$place] //= $r.number)
      | reduce ("capture", "decision", "outcome" | . as $kind | $lines["\($kind) \($named[$kind])"][]?) as $place (.; .[$place] //= $r.number))) as $standing
  | ($l | map({key: "\(.number)", value: .}) | from_entries) as $records
  | ([$standing | to_entries[] | {n: .value, place: .key}] + [$d[] | {n: .record, place: "data/disclosures/\(.id).json"}]
     + [$w | to_entries[] | select(.value.record != null) | {n: .value.record, place: "data/withheld.jsonl#\(.key + 1)"}]) as $given
  | (reduce $given[] as $g ({}; .["\($g.n)"] += [$g.place])) as $places
  | ([$d[] | select(.kind == "document") | .id]) as $documents
  | ([$d[] | select(.kind == "decision") | "decision-\(.id[:12])"]) as $carried
  | $l[-1].parameters.protected as $flag | ($flag != false) as $protected
  | ($p[] | .leaf as $n | select(.objects != (if $n == $l[-1].number then ["data/log/contents-sha256.txt"] else ($places["\($n)"] // []) | sort end)) | "data/log/proofs.jsonl gives other objects to record \($n) than it names"),
    ([$l[] | select(.action == "sealed") | .object] | select(length != (unique | length)) | "data/log/leaves.jsonl has two seals of one thing"),
    ($pairs[].key | select($standing[.] == null) | . as $place
      | if startswith("data/originals/") or startswith("data/captures.jsonl#") or startswith("data/outcomes.jsonl#") then .
        elif startswith("data/decisions.jsonl#") then select(($decisions[split("#")[1] | tonumber - 1].id | IN($carried[])) | not)
        elif . == "data/incidents.json" then empty
        else select((split("/")[2] | split(".")[0] | IN($documents[])) | not) end
      | "\(.) is named by no record here, and no disclosure carries it"),
    ($names | split("\n")[] | select($protected and (startswith("data/originals/") or . == "data/captures.jsonl")) | "\(.) is in a dossier that protects, where no original may be"),
    ($w[] | . as $one | select(((.kind | IN("document", "decision")) and (.class | IN("restricted", "protected")) and (.id | IN($d[].id) | not)
      and (.record == null or ($records["\(.record)"] | .action == "sealed" and .object == $one.id and .parameters.kind == $one.kind))) | not) | "data/withheld.jsonl has a line of another form, or about what is shown")
' > "$work/said" 2>/dev/null || wrong "what is here can't be brought together with the records: something is malformed"
while IFS= read -r says; do wrong "$says"; done < "$work/said"
echo "a part of a case: $(grep -c . $log/leaves.jsonl) of $size records, $(grep -c . "$work/disclosed") disclosures, $(grep -c . "$kept") things withheld whole"
echo "not proved: that nothing which belongs to the part was left out; that no later record replaces what is shown; that stand-in words, classes and reasons say the truth"
}
check_whole() {
# log: every record in its place; leaf hashes lead to the root and are the tiles
jq -e -s 'to_entries | all(.value.number == .key and .value.schema == "ascertain/log/1")' $log/leaves.jsonl >/dev/null 2>&1 || { wrong "$log/leaves.jsonl has a record out of its place"; verdict; }
[ "$(tail -c 1 $log/leaves.jsonl | od -An -tx1 | tr -d ' ')" = 0a ] || wrong "$log/leaves.jsonl is cut within a record"
while IFS= read -r record; do
  { printf '\000'; printf %s "$record"; } | sha >> "$work/leaves"
  printf '%b' "$(printf '\\0%03o\\0%03o' $((${#record} / 256)) $((${#record} % 256)))" >> "$work/entries"
  printf %s "$record" >> "$work/entries"
done < $log/leaves.jsonl
[ "$(wc -l < "$work/leaves")" = "$size" ] || wrong "$log/leaves.jsonl does not have the $size records that were signed"
cp "$work/leaves" "$work/row"
[ "$(fold_row)" = "$root" ] || { wrong "$log/leaves.jsonl does not lead to the signed root"; verdict; }
grep "^$log/tile/" "$work/names" > "$work/tiles"
for kind in 0 entries; do
  full=0
  while [ $((full * 256)) -lt "$size" ]; do
    width=$((size - full * 256))
    if [ $width -ge 256 ]; then short_tile=; else short_tile=.p/$width; fi
    tile=$(printf "$log/tile/$kind/%03d%s" $full "$short_tile")  # a log of up to 256,000 records
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
  grep -E '^[0-9a-f]{64}  data/((originals|documents|texts|readings)/|incidents.json$)' "$work/digests"
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
  number=$(printf %s "$proof" | jq -r .leaf)
  found=$(sed -n "$((number + 1))p" "$work/leaves")
  climb "$number" $((size - 1)) $(printf %s "$proof" | jq -r '.path[]')
  [ "$found" = "$root" ] || { wrong "$log/proofs.jsonl: a proof does not lead to the root"; break; }
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
}
if [ -n "$part" ]; then check_part; else check_whole; fi

# times: the log goes on from each head that others saw; witnesses' signatures hold, and openssl accepts the stamps
begins() {  # the root of the first `count` records, from these; in a part from the head itself and the proof that lies there (45)
  if [ -z "$part" ]; then
    head -n "$count" "$work/leaves" > "$work/row"
    [ "$(wc -l < "$work/row")" = "$count" ] && fold_row
    return
  fi
  old=$(sed -n 3p "$1" | hex)
  if [ "$count" = "$size" ]; then [ ! -s "$log/consistency/$count" ] && echo "$root"; return; fi
  [ "$count" -lt "$size" ] && [ -s "$log/consistency/$count" ] && ! grep -qvE '^[0-9a-f]{64}$' "$log/consistency/$count" || return
  [ "$(tail -c 1 "$log/consistency/$count" | od -An -tx1 | tr -d ' ')" = 0a ] || return
  steps=$(cat "$log/consistency/$count") index=$((count - 1)) last=$((size - 1)) power=$count
  while [ $((power % 2)) = 0 ]; do power=$((power / 2)); done
  [ $power != 1 ] || steps="$old $steps"
  while [ $((index % 2)) = 1 ]; do index=$((index / 2)) last=$((last / 2)); done
  set -- $steps
  found=$1 older=$1
  shift
  climb $index $last "$@"
  [ "$found" = "$root" ] && echo "$older"
}
goes_on() {  # file of a checkpoint, file to name: its three lines are those of our first records
  count=$(sed -n 2p "$1")
  case $count in ''|0*|*[!0-9]*|???????????*) wrong "$2 is malformed"; return 1;; esac
  if [ -n "$part" ] && [ "$2" = "$earlier" ] && [ "$count" != "$size" ] && [ ! -f "$log/consistency/$count" ]; then
    unchecked="a part can prove that the log goes on only for heads that lie in it, not for one of $count records"
    return 1
  fi
  begun=$(begins "$1")
  if [ -n "$begun" ] && { printf '%s\n%s\n%s\n\n' "$name" "$count" "$(bytes "$begun" | base64 -w 0)"; } > "$work/begins" \
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
