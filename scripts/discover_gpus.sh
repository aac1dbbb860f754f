#!/bin/sh
# Prints this machine's GPUs as Spark wants them; of a GPU that is split by MIG, its instances.
# By UUID: the number of a GPU is not the same to nvidia-smi and to every program.
set -eu
listed=$(nvidia-smi -L)
printf '%s\n' "$listed" | awk '
    function end_gpu() {
        if (gpu != "") found = found (found == "" ? "" : ",") (parts == "" ? gpu : parts)
        gpu = parts = ""
    }
    match($0, /UUID: [^)]+/) {
        uuid = "\"" substr($0, RSTART + 6, RLENGTH - 6) "\""
        if ($0 ~ /^GPU/) { end_gpu(); gpu = uuid }
        else parts = parts (parts == "" ? "" : ",") uuid
    }
    END { end_gpu(); printf "{\"name\": \"gpu\", \"addresses\": [%s]}\n", found }
'
